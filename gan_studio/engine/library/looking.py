"""Look at the pictures of a source: preview them, find near-duplicates; a newer request cancels the current one."""

from dataclasses import dataclass

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.copies import Copies, find_copies
from gan_studio.engine.data.preview import Preview, preview_pictures
from gan_studio.engine.data.source import ShouldStop, StoppedError


@dataclass(frozen=True)
class FindCopies:
    """Ask for the near-duplicates among the pictures of a source."""

    config: DataConfig


def look(request: DataConfig | FindCopies, should_stop: ShouldStop) -> Preview | Copies | NotDone | None:
    """Preview a source or find its near-duplicates; a fault comes back as NotDone, and a cancelled look as None."""

    def meet(request: DataConfig | FindCopies) -> Preview | Copies | None:
        try:
            if isinstance(request, FindCopies):
                return find_copies(request.config, should_stop)
            return preview_pictures(request, should_stop=should_stop)
        except StoppedError:
            return None

    return answer(meet, request)
