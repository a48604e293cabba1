"""Colours to sRGB: from an embedded ICC profile by LittleCMS, or from the gamma and primaries that a PNG states."""

import functools
import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

ToSrgb = Callable[[Image.Image], Image.Image]
"""Brings a picture to sRGB: mode L stays L, RGBA stays RGBA, every other mode becomes RGB."""

MOST_PROFILE_BYTES = 8 * 2**20
_MODES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK", "Lab": "LAB"}
"""Pillow's mode for the colour space of a profile."""
_NO_MATTER = 2
"""A profile that changes no value by more than this is taken as sRGB: such profiles differ in their rounding."""

_PLAIN_GAMMA = 1 / 2.2
_SRGB_PRIMARIES = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
"""White, red, green and blue of sRGB as x, y pairs (IEC 61966-2-1), in the order of PNG's cHRM."""


class ProfileError(Exception):
    """A colour profile is damaged, or it does not fit the mode of its picture."""


def conversion_of(image: Image.Image) -> ToSrgb | None:
    """Return what brings a picture to sRGB, or None where it is in sRGB or says nothing of its colours.

    In a PNG an sRGB chunk wins, then a profile, then gamma and primaries (PNG specification, section 11.3.2).

    Raises:
        ProfileError: the profile is damaged or does not fit. The picture can be used without it.
    """
    info, is_png = image.info, image.format == "PNG"
    if is_png and "srgb" in info:
        return None
    if "icc_profile" in info:
        return _by_profile(info["icc_profile"], image.mode)
    if is_png and "gamma" in info:
        return _by_gamma(info["gamma"], info.get("chromaticity"))
    return _from_lab() if image.mode == "LAB" else None


def _by_profile(profile: bytes | None, mode: str) -> ToSrgb | None:
    if not profile or len(profile) > MOST_PROFILE_BYTES:
        raise ProfileError
    try:
        space, transform = _transform(profile)
    except (OSError, ValueError, TypeError, KeyError, ImageCms.PyCMSError) as error:
        raise ProfileError from error
    is_grey, is_special = mode in ("1", "L", "LA", "La") or mode.startswith("I"), mode in ("CMYK", "LAB")
    if (space != mode) if is_special else (space not in ("RGB", "L") or (space == "L" and not is_grey)):
        raise ProfileError
    return None if transform is None else functools.partial(_transformed, transform, space)


@functools.lru_cache(maxsize=16)
def _transform(profile: bytes) -> tuple[str, ImageCms.ImageCmsTransform | None]:
    """Build the transform of a profile to sRGB: (mode that it takes, transform, or None if it is sRGB itself).

    LittleCMS lets threads share a transform.
    """
    opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = _MODES[opened.profile.xcolor_space.strip()]
    transform = ImageCms.buildTransform(
        opened,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.PERCEPTUAL,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return mode, None if mode in ("L", "RGB") and _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    levels = np.linspace(0, 255, 256 if mode == "L" else 8).round().astype(np.uint8)
    patches = levels[None] if mode == "L" else np.stack(np.meshgrid(levels, levels, levels), -1).reshape(1, -1, 3)
    image = Image.fromarray(patches)
    before, after = (np.asarray(each.convert("RGB"), np.int16) for each in (image, transform.apply(image)))
    return int(np.abs(before - after).max()) <= _NO_MATTER


@functools.cache
def _from_lab() -> ToSrgb:
    """Return the conversion of CIE Lab without a profile, as TIFF files have it."""
    transform = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
    return functools.partial(_transformed, transform, "LAB")


def _transformed(transform: ImageCms.ImageCmsTransform, mode: str, image: Image.Image) -> Image.Image:
    return _with_opacity(image, transform.apply(image if image.mode == mode else image.convert(mode)))


def _with_opacity(image: Image.Image, colours: Image.Image) -> Image.Image:
    """Give converted colours the mode and the opacity of the picture that they came from."""
    if image.mode == "RGBA":
        colours = colours.convert("RGB")
        colours.putalpha(image.getchannel("A"))
        return colours
    return colours.convert("L") if image.mode == "L" else colours


def _by_gamma(gamma: float, primaries: tuple[float, ...] | None) -> ToSrgb | None:
    """Return the conversion for a PNG's gAMA and cHRM, or None where they say sRGB or the plain 1/2.2."""
    if not 0.05 <= gamma <= 5:
        raise ProfileError
    is_plain = abs(gamma - _PLAIN_GAMMA) < 0.001
    matrix = None if primaries is None else _matrix_to_srgb(primaries)
    if is_plain and (matrix is None or np.abs(matrix - np.eye(3)).max() < 0.02):
        return None
    return functools.partial(_from_gamma, gamma, matrix)


def _from_gamma(gamma: float, matrix: NDArray[np.float64] | None, image: Image.Image) -> Image.Image:
    colours = np.asarray(image.convert("L" if image.mode == "L" else "RGB"))
    linear = (np.arange(256) / 255) ** (1 / gamma)
    light = linear[colours] if matrix is None or image.mode == "L" else linear[colours] @ matrix.T
    return _with_opacity(image, Image.fromarray((_srgb_curve(light.clip(0, 1)) * 255).round().astype(np.uint8)))


def _srgb_curve(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Encode linear light, 0 to 1, as sRGB (IEC 61966-2-1)."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def _matrix_to_srgb(primaries: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the matrix from linear light of these primaries to linear sRGB, white to white: float64 [3, 3]."""
    try:
        matrix = np.linalg.solve(_to_xyz(_SRGB_PRIMARIES), _to_xyz(primaries))
    except (np.linalg.LinAlgError, ValueError, ZeroDivisionError) as error:
        raise ProfileError from error
    if not np.isfinite(matrix).all():
        raise ProfileError
    scaled: NDArray[np.float64] = (matrix / matrix.sum(axis=1, keepdims=True)).astype(np.float64)
    return scaled


def _to_xyz(primaries: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the matrix from linear light to CIE XYZ for white, red, green and blue given as x, y pairs."""
    points = [(x / y, 1.0, (1 - x - y) / y) for x, y in zip(primaries[::2], primaries[1::2], strict=True)]
    white, columns = np.array(points[0]), np.array(points[1:]).T
    xyz: NDArray[np.float64] = columns * np.linalg.solve(columns, white)
    return xyz
