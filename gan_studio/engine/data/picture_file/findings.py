"""What decoding found in the pictures of a source, counted over all threads; and the error for a picture of no use."""

import threading
from collections import Counter
from typing import Literal

from gan_studio.engine.text.message import Message

Finding = Literal["read", "converted", "bad_profile", "first_frame", "opaque"]
"""What is counted: all pictures, and those of which something is told."""


class UnusablePictureError(Exception):
    """A picture cannot be used for training; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Findings:
    """What decoding found so far.

    Attributes:
        stretches_masks: whether values 0 and 1 are decoded as 0 and 255.
        brightest: the highest value of any picture, only followed until it is above 1.
    """

    def __init__(self, *, stretches_masks: bool = False) -> None:
        self.stretches_masks = stretches_masks
        self.brightest = 0
        self._counts: Counter[Finding] = Counter()
        self._lock = threading.Lock()

    def count(self, *found: Finding) -> None:
        """Count what was found in one picture."""
        with self._lock:
            self._counts.update(found)

    def see_brightest(self, value: int) -> None:
        """Take in the highest value of a picture."""
        with self._lock:
            self.brightest = max(self.brightest, value)

    @property
    def are_masks(self) -> bool:
        """Whether all pictures so far hold only the values 0 and 1, and some of them hold 1."""
        return self.brightest == 1

    def notes(self) -> tuple[Message, ...]:
        """Return what was found in sentences."""
        total = self._counts["read"]
        told: dict[Finding, Message] = {
            "converted": Message("picture.converted", count=self._counts["converted"], total=total),
            "bad_profile": Message("picture.bad_profile", count=self._counts["bad_profile"], total=total),
            "first_frame": Message("picture.first_frame", count=self._counts["first_frame"], total=total),
            "opaque": Message("picture.opaque", count=self._counts["opaque"], total=total),
        }
        masks = (Message("picture.masks"),) if self.stretches_masks else ()
        return (*(message for found, message in told.items() if self._counts[found]), *masks)
