"""PictureDialog: under which name, in which format and how large a picture is saved."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.engine.files.paths import stands_in_names
from gan_studio.engine.files.saved_picture import FACTORS, SUFFIXES, PictureForm, is_too_large
from gan_studio.engine.files.taken_names import as_on_disk, free_name, names_in
from gan_studio.engine.text.message import readable
from gan_studio.ui.dialogs.questions import AskFolder
from gan_studio.ui.widgets.array_image import qimage_of, thinned
from gan_studio.ui.widgets.elided_label import ElidedLabel
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.retranslating import Retranslating
from gan_studio.ui.widgets.rich_text import paragraphs

WIDTH, PREVIEW = 560, 144
MOST_BYTES = 240
"""Most bytes of a file name without its ending; disks allow 255 with it."""


class PictureDialog(Retranslating, QDialog):
    """Asks for name, folder, format and enlargement; Save is enabled only while they can be used.

    Args:
        pixels: the picture, uint8 [H, W, 1, 3 or 4].
        name: proposed file name without ending; a number is added if there is such a file.
        form: proposed format and enlargement.
        folder: proposed folder.
        has_z: whether z is written into the file; a plot has none.
    """

    def __init__(
        self,
        pixels: NDArray[np.uint8],
        name: str,
        form: PictureForm,
        folder: Path,
        parent: QWidget | None = None,
        *,
        has_z: bool = True,
    ) -> None:
        super().__init__(parent)
        self._pixels, self._folder, self._has_z = pixels, folder, has_z
        self._preview, self._hint, self._size, self._ending = QLabel(), QLabel(), QLabel(), QLabel()
        self._labels = tuple(QLabel() for _ in range(5))
        self._names = names_in(folder)
        self._line = QLineEdit(free_name(name, SUFFIXES[form.format][0], self._names))
        self._place, self._choose = ElidedLabel(), QPushButton()
        self._format, self._factor, self._pixel_kind = QComboBox(), QComboBox(), QComboBox()
        buttons = QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        self._buttons = QDialogButtonBox(buttons)
        self._format.addItems(list(SUFFIXES))
        self._factor.addItems(["" for _ in FACTORS])
        self._pixel_kind.addItems(["", ""])
        self._format.setCurrentText(form.format)
        self._factor.setCurrentIndex(FACTORS.index(form.factor))
        self._pixel_kind.setCurrentIndex(int(form.is_smooth))
        self._build()
        self._connect()
        self.retranslate()

    def form(self) -> PictureForm:
        """Return the chosen format and enlargement."""
        format = next(known for known in SUFFIXES if known == self._format.currentText())
        return PictureForm(format, FACTORS[self._factor.currentIndex()], self._pixel_kind.currentIndex() == 1)

    def path(self) -> Path:
        """Return the file that is written; its name has an ending of the format."""
        name, endings = self._line.text().strip(), SUFFIXES[self.form().format]
        return self._folder / (name if name.lower().endswith(endings) else name + endings[0])

    def retranslate(self) -> None:
        """Set every text."""
        self.setWindowTitle(self.tr("Save picture"))
        texts = (self.tr("&Name"), self.tr("Folder"), self.tr("&Format"), self.tr("&Enlargement"), self.tr("Size"))
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        self._preview.setAccessibleName(self.tr("The picture"))
        self._preview.setToolTip(self.tr("The picture that is saved."))
        self._line.setAccessibleName(self.tr("File name"))
        self._line.setToolTip(self.tr("Name of the file. An ending such as .jpg chooses the format."))
        self._place.setAccessibleName(self.tr("Folder"))
        self._place.setToolTip(paragraphs(readable(str(self._folder))))
        self._choose.setText(self.tr("Choose…"))
        self._choose.setAccessibleName(self.tr("Choose folder"))
        self._choose.setToolTip(self.tr("Choose the folder that the picture is saved in."))
        self._format.setAccessibleName(self.tr("Format"))
        self._format.setToolTip(
            self.tr("PNG and WebP keep every pixel as it is. JPEG changes pixels slightly and has no transparency.")
        )
        self._factor.setAccessibleName(self.tr("Enlargement"))
        self._factor.setToolTip(self.tr("How many times as wide and as high as it is."))
        for index, factor in enumerate(FACTORS):
            self._factor.setItemText(index, self.tr("{factor} ×").format(factor=factor))
        self._pixel_kind.setAccessibleName(self.tr("Enlarged pixels"))
        self._pixel_kind.setToolTip(
            self.tr("Sharp: each pixel becomes a square. Smooth: pixels are blended (bicubic).")
        )
        self._pixel_kind.setItemText(0, self.tr("Sharp"))
        self._pixel_kind.setItemText(1, self.tr("Smooth"))
        self._size.setAccessibleName(self.tr("Size"))
        self._size.setToolTip(self.tr("Width and height of the saved picture."))
        self._check()

    def _check(self) -> None:
        """Show what is saved, and what speaks against it."""
        form, (height, width, channels) = self.form(), self._pixels.shape
        self._pixel_kind.setEnabled(form.factor > 1)
        self._ending.setText(self.path().suffix if self._has_name() else "")
        text = self.tr("{width} × {height} px")
        self._size.setText(text.format(width=grouped(width * form.factor), height=grouped(height * form.factor)))
        self._place.set_full_text(readable(str(self._folder)))
        fault = self._fault(form)
        is_replaced = not fault and as_on_disk(self.path().name) in self._names
        save = self._buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setEnabled(not fault)
        save.setText(self.tr("Replace") if is_replaced else self.tr("Save"))
        self._hint.setForegroundRole(QPalette.ColorRole.BrightText if fault else QPalette.ColorRole.PlaceholderText)
        self._hint.setText(fault or self._told(form, is_replaced, has_alpha=channels == 4))

    def _fault(self, form: PictureForm) -> str:
        """Say why the picture cannot be saved like this, or return ""."""
        height, width, _ = self._pixels.shape
        if not self._has_name():
            return self.tr('The name must not be empty, too long, or contain any of / \\ : * ? " < > |')
        if is_too_large(width, height, form):
            return self.tr("This is too large for {format}. Choose a smaller enlargement.").format(format=form.format)
        return ""

    def _told(self, form: PictureForm, is_replaced: bool, *, has_alpha: bool) -> str:
        if is_replaced:
            return self.tr("This replaces the file {name}.").format(name=self.path().name)
        if form.format == "JPEG":
            lost = self.tr("JPEG changes pixels slightly.")
            return self.tr("JPEG has no transparency: transparent pixels become white.") if has_alpha else lost
        return self.tr("The file also says which generator drew the picture, and from which z.") if self._has_z else ""

    def _has_name(self) -> bool:
        name = self._line.text().strip()
        has_allowed = all(stands_in_names(sign) for sign in name)
        return bool(name.strip(". ")) and has_allowed and len(name.encode(errors="replace")) <= MOST_BYTES

    def _follow_ending(self, name: str) -> None:
        """Choose the format whose ending was typed."""
        for format, endings in SUFFIXES.items():
            if name.strip().lower().endswith(endings):
                self._format.setCurrentText(format)

    def _choose_folder(self) -> None:
        chosen = AskFolder.ask(self, self.tr("Choose folder"), self._folder)
        if chosen is not None:
            self._folder, self._names = chosen, names_in(chosen)
            self.retranslate()

    def _connect(self) -> None:
        self._line.textEdited.connect(self._follow_ending)
        self._line.textChanged.connect(self._check)
        for box in (self._format, self._factor, self._pixel_kind):
            box.currentIndexChanged.connect(self._check)
        self._choose.clicked.connect(self._choose_folder)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _build(self) -> None:
        self.setObjectName("pictureDialog")
        self.setMinimumWidth(WIDTH)
        names = {
            "pictureNameLine": self._line,
            "pictureFolderLabel": self._place,
            "pictureFolderButton": self._choose,
            "pictureFormatBox": self._format,
            "pictureFactorBox": self._factor,
            "picturePixelsBox": self._pixel_kind,
            "pictureSizeLabel": self._size,
            "pictureHint": self._hint,
        }
        for name, part in names.items():
            part.setObjectName(name)
        self._choose.setAutoDefault(False)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(2 * self.fontMetrics().height())
        self._preview.setPixmap(self._thumbnail())
        self._preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        buddies: tuple[QWidget, ...] = (self._line, self._choose, self._format, self._factor)
        for label, buddy in zip(self._labels, buddies, strict=False):
            label.setBuddy(buddy)
        self._arrange()
        self._line.selectAll()
        self._line.setFocus()

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        rows = (
            _row(self._line, self._ending),
            _row(self._place, self._choose),
            _row(self._format),
            _row(self._factor, self._pixel_kind),
            _row(self._size),
        )
        for label, row in zip(self._labels, rows, strict=True):
            form.addRow(label, row)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._preview)
        top.addLayout(form, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self._hint)
        column.addWidget(self._buttons)

    def _thumbnail(self) -> QPixmap:
        density = self.devicePixelRatioF()
        side = round(PREVIEW * density)
        image, mode = qimage_of(thinned(self._pixels, side)), Qt.TransformationMode.FastTransformation
        if max(image.width(), image.height()) > side:
            mode = Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode))
        pixmap.setDevicePixelRatio(density)
        return pixmap


def _row(first: QWidget, second: QWidget | None = None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(first, 1)
    if second is not None:
        row.addWidget(second)
    return row


class AskPicture:
    """Ask where and how to save a picture."""

    @staticmethod
    def ask(
        parent: QWidget, pixels: NDArray[np.uint8], name: str, form: PictureForm, folder: Path, has_z: bool = True
    ) -> tuple[Path, PictureForm] | None:
        """Return the file and the form, or None when the question was cancelled; arguments as in PictureDialog."""
        dialog = PictureDialog(pixels, name, form, folder, parent, has_z=has_z)
        answer = dialog.exec()
        dialog.deleteLater()
        return (dialog.path(), dialog.form()) if answer == QDialog.DialogCode.Accepted else None
