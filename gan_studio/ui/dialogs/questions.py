"""Questions to a person. Each is one static method `ask`, which tests replace."""

import os
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gan_studio.engine.data.kinds.idx_folder import is_idx_name
from gan_studio.engine.data.kinds.suffixes import PICTURE_FILES
from gan_studio.engine.exchange.import_weights import SUFFIXES
from gan_studio.engine.run.folder import runs_root


def is_picture_file(path: Path) -> bool:
    """Tell whether the name of a file is that of one that holds many pictures."""
    return path.suffix.lower() in PICTURE_FILES or is_idx_name(path.name)


class Leaving(Enum):
    """What to do with a run in training when the window is closed."""

    SAVE = "save"
    DISCARD = "discard"
    STAY = "stay"


class AskFolder:
    """Ask for an existing folder."""

    @staticmethod
    def ask(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
        """Return the folder, or None when the question was cancelled."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(start or Path.home()))
        return Path(chosen) if chosen else None


class AskRun:
    """Ask for the folder of a run."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return the folder, or None when the question was cancelled."""
        root = runs_root()
        title = QCoreApplication.translate("Dialogs", "Open a run")
        return AskFolder.ask(parent, title, root if root.is_dir() else None)


class AskWeights:
    """Ask for a file of weights."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return the file, or None when the question was cancelled."""
        title = QCoreApplication.translate("Dialogs", "Open a file of weights")
        kinds = QCoreApplication.translate("Dialogs", "Weights ({patterns})")
        patterns = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        return _existing_file(parent, title, kinds.format(patterns=patterns), Path.home())


class AskPictureFile:
    """Ask for a file that holds many pictures."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return the file, or None when the question was cancelled."""
        title = QCoreApplication.translate("Dialogs", "Choose a file of pictures")
        kinds = QCoreApplication.translate("Dialogs", "Archives, arrays, tables and videos ({patterns})")
        patterns = " ".join([*(f"*{suffix}" for suffix in PICTURE_FILES), "*ubyte", "*ubyte.gz"])
        return _existing_file(parent, title, kinds.format(patterns=patterns), Path.home())


class AskOrigin:
    """Ask for the run or the weights to fine-tune from."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return a run folder (when its run.toml was chosen), a file of weights, or None when cancelled."""
        root = runs_root()
        title = QCoreApplication.translate("Dialogs", "Fine-tune from a run (its run.toml) or a file of weights")
        kinds = QCoreApplication.translate("Dialogs", "Runs and weights (run.toml *.safetensors)")
        chosen = _existing_file(parent, title, kinds, root if root.is_dir() else Path.home())
        return chosen.parent if chosen is not None and chosen.suffix == ".toml" else chosen


class AskSetupFile:
    """Ask which set-up to import, or where to export one."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return an existing TOML file, or None when the question was cancelled."""
        title = QCoreApplication.translate("Dialogs", "Import a set-up")
        return _existing_file(parent, title, _set_ups(), Path.home())

    @staticmethod
    def ask_new(parent: QWidget, name: str) -> Path | None:
        """Return a path that ends in .toml, or None when the question was cancelled."""
        title = QCoreApplication.translate("Dialogs", "Export the set-up")
        return _new_file(parent, title, Path.home() / name, _set_ups(), ".toml")


def _set_ups() -> str:
    return QCoreApplication.translate("Dialogs", "Set-ups (*.toml)")


def _existing_file(parent: QWidget, title: str, kinds: str, start: Path) -> Path | None:
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(start), kinds)
    return Path(chosen) if chosen else None


def _new_file(parent: QWidget, title: str, start: Path, kinds: str, suffix: str) -> Path | None:
    """Ask for a path to save to, and append `suffix` to a name that lacks it.

    Qt asks before it replaces a file of the typed name. It does not know the name with the suffix, so this function
    asks about that file. If the file must not be replaced, the file dialog opens again.
    """
    while True:
        chosen, _ = QFileDialog.getSaveFileName(parent, title, str(start), kinds)
        if not chosen or chosen.lower().endswith(suffix):
            return Path(chosen) if chosen else None
        start = Path(f"{chosen}{suffix}")
        if not os.path.lexists(start) or _is_replaced(parent, start):
            return start


def _is_replaced(parent: QWidget, path: Path) -> bool:
    box = QMessageBox(parent)
    box.setObjectName("replaceBox")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QCoreApplication.translate("Dialogs", "Replace the file?"))
    box.setText(QCoreApplication.translate("Dialogs", "{name} already exists.").format(name=path.name))
    box.setInformativeText(QCoreApplication.translate("Dialogs", "Replacing it deletes its present contents."))
    replace = box.addButton(QCoreApplication.translate("Dialogs", "Replace"), QMessageBox.ButtonRole.DestructiveRole)
    other = box.addButton(
        QCoreApplication.translate("Dialogs", "Choose another name"), QMessageBox.ButtonRole.RejectRole
    )
    box.setDefaultButton(other)
    box.exec()
    return box.clickedButton() is replace


class AskTablePath:
    """Ask where to save a table."""

    @staticmethod
    def ask(parent: QWidget, name: str) -> Path | None:
        """Return a path that ends in .csv, or None when the question was cancelled."""
        title = QCoreApplication.translate("Dialogs", "Save table")
        kind = QCoreApplication.translate("Dialogs", "CSV tables (*.csv)")
        return _new_file(parent, title, Path.home() / name, kind, ".csv")


class AskReportPath:
    """Ask where to save a report."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return a path that ends in .zip, or None when the question was cancelled."""
        title = QCoreApplication.translate("Dialogs", "Save a report")
        kind = QCoreApplication.translate("Dialogs", "Zip archives (*.zip)")
        return _new_file(parent, title, Path.home() / "gan-studio-report.zip", kind, ".zip")


class AskLeaving:
    """Ask whether to save the run in training before the window closes."""

    @staticmethod
    def ask(parent: QWidget, seconds: int, name: str) -> Leaving:
        """Return the answer; Escape keeps training.

        Args:
            parent: the window that is closed.
            seconds: age of the last checkpoint. Without saving, at most this much training is lost.
            name: what the run is called.
        """
        box = QMessageBox(parent)
        box.setObjectName("leavingBox")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(QCoreApplication.translate("Dialogs", "A run is training"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(QCoreApplication.translate("Dialogs", "Save {name} before quitting?").format(name=name))
        box.setInformativeText(
            QCoreApplication.translate("Dialogs", "A saved run can be resumed later from exactly this step.")
        )
        save = box.addButton(QCoreApplication.translate("Dialogs", "Save and quit"), QMessageBox.ButtonRole.AcceptRole)
        words = QCoreApplication.translate("Dialogs", "Quit without saving (at most {seconds} s are lost)")
        discard = box.addButton(words.format(seconds=seconds), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QCoreApplication.translate("Dialogs", "Keep training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        return {save: Leaving.SAVE, discard: Leaving.DISCARD}.get(box.clickedButton(), Leaving.STAY)  # type: ignore[call-overload,no-any-return]


class ShowAbout:
    """Show what the program is."""

    @staticmethod
    def ask(parent: QWidget) -> None:
        """Show the version and the licences."""
        title = QCoreApplication.translate("Dialogs", "About GAN Studio")
        text = QCoreApplication.translate(
            "Dialogs",
            "<b>GAN Studio {version}</b><p>Train a DCGAN on real pictures, watch it learn, steer it and explore its"
            " latent space.</p><p>MIT licence. Starter pictures: Fashion-MNIST, © Zalando SE, MIT licence.</p>",
        )
        QMessageBox.about(parent, title, text.format(version=QCoreApplication.applicationVersion()))
