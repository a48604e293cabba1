"""Picture of the current point, as large as fits."""

from functools import partial

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gan_studio.ui.explorer.explored_picture import ExploredPicture
from gan_studio.ui.widgets.array_image import qimage_of
from gan_studio.ui.widgets.checkerboard import draw_picture
from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.icons import icon
from gan_studio.ui.widgets.picture.menu import Entry, menu_place, open_menu
from gan_studio.ui.widgets.picture.scale import enlargement
from gan_studio.ui.widgets.retranslating import Retranslating

_GAP = 4
"""Pixels between picture and caption."""


class ExplorerImage(Retranslating, QWidget):
    """One picture with its caption. Each pixel is a crisp square, or the picture is smoothed.

    Signals:
        save_requested(ExploredPicture), copy_requested(ExploredPicture): save this picture as a file, or copy it to the
            clipboard. It is the one whose menu was opened, even if another is shown by now.
        smooth_chosen(bool): a person wants the picture smoothed, or crisp.
        shape_changed: the picture can use other room than before.
    """

    save_requested = Signal(object)
    copy_requested = Signal(object)
    smooth_chosen = Signal(bool)
    shape_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("explorerImage")
        self._shown: ExploredPicture | None = None
        self._image = QImage()
        self._caption = ElidedLabel(self)
        self._caption.setObjectName("explorerCaption")
        self._smooth = QToolButton(self, autoRaise=True)
        self._smooth.setObjectName("smoothPictureButton")
        self._smooth.setCheckable(True)
        self._smooth.toggled.connect(self.update)
        self._smooth.toggled.connect(self.smooth_chosen)
        self._lay_out()
        self.follow_palette()
        self.retranslate()

    @property
    def shown(self) -> ExploredPicture | None:
        """The picture that is shown, or None."""
        return self._shown

    def show_picture(self, picture: ExploredPicture, caption: str) -> None:
        """Show a picture.

        Args:
            picture: what is shown.
            caption: one line that says what the picture shows.

        Raises:
            ValueError: the picture has another shape.
        """
        before = self._image.size()
        self._image = qimage_of(picture.pixels)
        self._shown = picture
        self._caption.set_full_text(caption)
        if self._image.size() == before:
            self.update(self._target().toAlignedRect())
        else:
            self.update()
            self.shape_changed.emit()

    def set_smooth(self, is_smooth: bool) -> None:
        """Smooth the enlarged picture, or show each pixel as a square; without a signal."""
        with QSignalBlocker(self._smooth):
            self._smooth.setChecked(is_smooth)
        self.update()

    def width_for(self, height: int) -> int:
        """Return the width that the picture can use at a height, in pixels."""
        inside = height - self._height_of_foot()
        return inside if self._image.isNull() else inside * self._image.width() // self._image.height()

    def height_for(self, width: int) -> int:
        """Return the height that picture and caption can use at a width, in pixels."""
        used = width if self._image.isNull() else width * self._image.height() // self._image.width()
        return used + self._height_of_foot()

    def clear(self) -> None:
        """Show no picture."""
        self._shown, self._image = None, QImage()
        self._caption.set_full_text("")
        self.update()

    def retranslate(self) -> None:
        """Set all text."""
        self.setAccessibleName(self.tr("Picture"))
        self.setToolTip(
            self.tr(
                "What a generator drew from values of z. The line below says which; while you move, it may lag behind."
            )
        )
        self._caption.setAccessibleName(self.tr("Caption of the picture"))
        self._smooth.setAccessibleName(self.tr("Smooth picture"))
        self._smooth.setToolTip(self.tr("Smooth the enlarged picture instead of showing each pixel as a square."))

    def follow_palette(self) -> None:
        """Colour the icon."""
        self._smooth.setIcon(icon("blur", self.palette()))

    def minimumSizeHint(self) -> QSize:
        """Ask for a small picture and its caption."""
        return QSize(128, 128 + self._smooth.sizeHint().height())

    def sizeHint(self) -> QSize:
        """Ask for a large picture."""
        return QSize(480, 520)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture."""
        painter = QPainter(self)
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth.isChecked())
            draw_picture(painter, self._target(), self._image, self.palette())
            if self.hasFocus():
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
                painter.drawRect(self._target().adjusted(1, 1, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the picture, whose menu the keyboard opens."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the frame."""
        super().focusOutEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the picture."""
        if self._shown is None:
            event.ignore()
            return
        entries: list[Entry] = [
            ("savePictureAction", self.tr("Save picture…"), partial(self.save_requested.emit, self._shown)),
            ("copyPictureAction", self.tr("Copy picture"), partial(self.copy_requested.emit, self._shown)),
        ]
        open_menu(self, "pictureMenu", entries, menu_place(event, self, self._target()))

    def _lay_out(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoFillBackground(True)  # otherwise each picture repaints the backgrounds of ten ancestors
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._caption, 1)
        foot.addWidget(self._smooth)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addLayout(foot)

    def _free_area(self) -> QRectF:
        return QRectF(0, 0, self.width(), max(self._smooth.y() - _GAP, 1))

    def _height_of_foot(self) -> int:
        return self._smooth.sizeHint().height() + _GAP

    def _target(self) -> QRectF:
        """Centre the picture; a crisp one is enlarged so that each pixel covers a whole number of screen pixels."""
        free = self._free_area()
        scale = min(free.width() / self._image.width(), free.height() / self._image.height())
        density = self.devicePixelRatioF()
        scale = enlargement(scale * density, is_smooth=self._smooth.isChecked()) / density
        target = QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)
        target.moveCenter(free.center())
        target.moveTo(round(target.x() * density) / density, round(target.y() * density) / density)
        return target
