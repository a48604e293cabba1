"""Where a generated picture came from: as text inside the file, and read from the file again."""

import json
import warnings
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, TypeAdapter, ValidationError, model_validator

from gan_studio.engine.latent import LatentPoint, Prior, draw_point, one_class
from gan_studio.engine.moment import Moment
from gan_studio.engine.text.message import EngineError, Message

PNG_KEY = "gan-studio"
"""Keyword of the PNG text chunk; JPEG and WebP hold the same text as the EXIF UserComment."""
EXIF_IFD, USER_COMMENT = 0x8769, 0x9286
ASCII_COMMENT = b"ASCII\0\0\0"
"""How an EXIF UserComment of ASCII text begins (EXIF 2.32, 4.6.5)."""

MOST_TEXT = 60_000
"""Most characters of the text: an EXIF block of a JPEG file holds 64 KB. The longest z takes about 12 000."""
MOST_FILE_BYTES = 2**28

Whole = Annotated[int, Field(ge=0, lt=2**63)]
Seed = Annotated[int, Field(ge=0, lt=2**64)]
Value = Annotated[FiniteFloat, Field(ge=-1e6, le=1e6)]
Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
ClassCount = Annotated[int, Field(ge=0, le=100_000)]


class _Origin(BaseModel):
    """The generator of a picture.

    Attributes:
        run: name of the run's folder, or of a file of weights.
        branch, step: moment of the generator.
        name: what the run was called when the picture was saved; "" for a file of weights.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: Annotated[str, Field(max_length=255)]
    branch: Whole
    step: Whole
    name: Annotated[str, Field(max_length=255)] = ""

    @property
    def moment(self) -> Moment:
        """Moment of the generator."""
        return Moment(self.branch, self.step)


class PictureOrigin(_Origin):
    """One picture of a generator.

    Attributes:
        seed: sample seed that z was drawn from; None: z is that of no sample.
        z: latent vector, latent_dim numbers.
        classes: (class, weight) of each class that has a weight; () without classes.
        class_count: number of classes of the generator.
    """

    kind: Literal["picture"] = "picture"
    seed: Seed | None = None
    z: Annotated[tuple[Value, ...], Field(min_length=1, max_length=1024)]
    classes: Annotated[tuple[tuple[Whole, Share], ...], Field(max_length=64)] = ()
    class_count: ClassCount = 0

    @classmethod
    def of(cls, run: str, moment: Moment, point: LatentPoint, seed: int | None, name: str = "") -> "PictureOrigin":
        """Describe the picture that the generator of a moment drew of a point; arguments as the attributes."""
        z = tuple(float(str(np.float32(value))) for value in point.values)  # the shortest that is the same in float32
        classes = tuple((index, weight) for index, weight in enumerate(point.blend) if weight)
        return cls(
            run=run,
            branch=moment.branch,
            step=moment.step,
            name=name,
            seed=seed,
            z=z,
            classes=classes,
            class_count=len(point.blend),
        )

    @property
    def point(self) -> LatentPoint:
        """The point of the picture, exact in float32."""
        weights = dict(self.classes)
        blend = tuple(weights.get(index, 0.0) for index in range(self.class_count))
        return LatentPoint.from_array(np.array(self.z, np.float32), blend)

    @model_validator(mode="after")
    def _has_its_classes(self) -> "PictureOrigin":
        if any(index >= self.class_count for index, _ in self.classes):
            raise ValueError("a class that the generator does not have")
        return self


class SheetOrigin(_Origin):
    """A sheet of samples: cell k is sample seed k.

    Attributes:
        columns, rows: cells of the sheet.
        latent_dim, prior: what the z of each seed is drawn from.
        classes: the class of each row; () without classes.
        class_count: number of classes of the generator.
    """

    kind: Literal["sheet"] = "sheet"
    columns: Annotated[int, Field(ge=1, le=64)]
    rows: Annotated[int, Field(ge=1, le=64)]
    latent_dim: Annotated[int, Field(ge=1, le=1024)]
    prior: Prior
    classes: Annotated[tuple[Whole, ...], Field(max_length=64)] = ()
    class_count: ClassCount = 0

    def point(self, seed: int) -> LatentPoint:
        """Return the point of the cell of a seed, 0 to columns * rows - 1."""
        blend = one_class(self.class_count, self.classes[seed // self.columns]) if self.classes else ()
        return draw_point(seed, self.latent_dim, self.prior).with_blend(blend)

    @model_validator(mode="after")
    def _has_its_classes(self) -> "SheetOrigin":
        is_one_a_row = len(self.classes) in (0, self.rows)
        if not is_one_a_row or any(index >= self.class_count for index in self.classes):
            raise ValueError("rows of other classes than the generator has")
        return self


Origin = PictureOrigin | SheetOrigin
_READER: TypeAdapter[Origin] = TypeAdapter(Annotated[Origin, Field(discriminator="kind")])


def origin_text(origin: Origin) -> str:
    """Write an origin as JSON in ASCII."""
    return json.dumps(origin.model_dump(), separators=(",", ":"))


def read_origin(path: Path) -> Origin:
    """Read where a saved picture came from; `point` of the result gives back its z. Its pixels are not decoded.

    Args:
        path: a PNG, JPEG or WebP file, from anywhere: what it holds is checked, and nothing of it is executed.

    Raises:
        EngineError: it cannot be read, GAN Studio did not save it, or what it says is damaged.
    """
    text = _text_in(path)
    if text is None:
        raise _refused(Message("origin.none", path=path))
    try:
        if len(text) > MOST_TEXT:
            raise ValueError(f"{len(text)} characters")
        return _READER.validate_json(text)
    except (ValidationError, ValueError) as error:
        raise _refused(Message("origin.damaged", path=path)) from error


def _text_in(path: Path) -> str | None:
    """Return the text about the origin, or None where a picture holds none."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_FILE_BYTES:
            raise OSError("no regular file of at most 256 MB")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # no pixel is decoded
            with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
                found = image.info.get(PNG_KEY) if image.format == "PNG" else _user_comment(image)
    except Exception as error:  # hostile bytes can make Pillow raise anything
        raise _refused(Message("origin.unreadable", path=path)) from error
    return found if isinstance(found, str) else None


def _user_comment(image: Image.Image) -> str | None:
    found = image.getexif().get_ifd(EXIF_IFD).get(USER_COMMENT)
    if not isinstance(found, bytes) or not found.startswith(ASCII_COMMENT + b"{"):
        return None
    return found[len(ASCII_COMMENT) :].decode("ascii")


def _refused(happened: Message) -> EngineError:
    return EngineError(happened, Message("kept.file_untouched"), Message("todo.picture_of_ours"))
