"""Draw an original as crop, border and stretch make it square."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from gan_studio.ui.widgets.checkerboard import draw_picture

Size = tuple[int, int]


def draw_whole(painter: QPainter, place: QRectF, picture: QImage, size: Size | None, palette: QPalette) -> None:
    """Draw an original in its proportions, as large as fits.

    Args:
        painter: draws it.
        place: the square to draw in.
        picture: the original, stretched to a square.
        size: its true width and height in pixels; None: square.
        palette: colours of the checkerboard behind transparency.
    """
    draw_picture(painter, whole_in(place, size), picture, palette)


def draw_fitted(
    painter: QPainter,
    place: QRectF,
    picture: QImage,
    size: Size | None,
    fit: str,
    background: QColor,
    palette: QPalette,
) -> None:
    """Draw an original as it becomes square; `fit` is a choice of data.fit, the other arguments as in draw_whole."""
    if fit == "border":
        painter.fillRect(place, background)
        draw_whole(painter, place, picture, size, palette)
    elif fit == "crop":
        draw_picture(painter, place, picture.copy(middle_of(picture, size).toRect()), palette)
    else:
        draw_picture(painter, place, picture, palette)


def whole_in(place: QRectF, size: Size | None) -> QRectF:
    """Return the largest rectangle with the proportions of `size` in the middle of a square."""
    width, height = size or (1, 1)
    longest = max(width, height)
    wide, high = place.width() * width / longest, place.height() * height / longest
    return QRectF(place.center().x() - wide / 2, place.center().y() - high / 2, wide, high)


def middle_of(picture: QImage, size: Size | None) -> QRectF:
    """Return the part of a stretched picture that is the middle square of its original."""
    width, height = size or (1, 1)
    shortest = min(width, height)
    wide, high = picture.width() * shortest / width, picture.height() * shortest / height
    return QRectF((picture.width() - wide) / 2, (picture.height() - high) / 2, wide, high)
