"""Questions to a person, each one patchable method."""

import os
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gan_studio.engine.run.folder import runs_root

PICTURE_FILES = (".zip", ".npz", ".npy", ".mp4", ".mkv", ".webm", ".mov", ".avi", ".gif")
"""Ends of the names of files that hold many pictures."""


class Leaving(Enum):
    """What to do with a run when its window is closed."""

    SAVE = "save"
    DISCARD = "discard"
    STAY = "stay"


class AskFolder:
    """Ask for a folder that exists."""

    @staticmethod
    def ask(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
        """Return the folder, or None when a person thought better of it."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(start or Path.home()))
        return Path(chosen) if chosen else None


class AskRun:
    """Ask for the folder of a run."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return the folder, or None when a person thought better of it."""
        root = runs_root()
        title = QCoreApplication.translate("Dialogs", "Open a run")
        return AskFolder.ask(parent, title, root if root.is_dir() else None)


class AskPictureFile:
    """Ask for a file that holds many pictures."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return the file, or None when a person thought better of it."""
        title = QCoreApplication.translate("Dialogs", "Choose a file of pictures")
        kinds = QCoreApplication.translate("Dialogs", "Archives, arrays and videos ({patterns})")
        patterns = " ".join(f"*{suffix}" for suffix in PICTURE_FILES)
        return _existing_file(parent, title, kinds.format(patterns=patterns), Path.home())


class AskOrigin:
    """Ask for what a fine-tuned run begins from."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return a run folder (its run.toml was chosen) or a file of weights, or None."""
        root = runs_root()
        title = QCoreApplication.translate("Dialogs", "Fine-tune from the run.toml of a run, or from a file of weights")
        kinds = QCoreApplication.translate("Dialogs", "Runs and weights (run.toml *.safetensors)")
        chosen = _existing_file(parent, title, kinds, root if root.is_dir() else Path.home())
        return chosen.parent if chosen is not None and chosen.suffix == ".toml" else chosen


class AskSetupFile:
    """Ask which set-up to read, or where to write one."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return a TOML file that exists, or None when a person thought better of it."""
        title = QCoreApplication.translate("Dialogs", "Import a set-up")
        return _existing_file(parent, title, _set_ups(), Path.home())

    @staticmethod
    def ask_new(parent: QWidget, name: str) -> Path | None:
        """Return a path that ends in .toml, or None when a person thought better of it."""
        title = QCoreApplication.translate("Dialogs", "Export the set-up")
        return _new_file(parent, title, Path.home() / name, _set_ups(), ".toml")


def _set_ups() -> str:
    return QCoreApplication.translate("Dialogs", "Set-ups (*.toml)")


def _existing_file(parent: QWidget, title: str, kinds: str, start: Path) -> Path | None:
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(start), kinds)
    return Path(chosen) if chosen else None


def _new_file(parent: QWidget, title: str, start: Path, kinds: str, suffix: str) -> Path | None:
    """Ask for a path that ends in `suffix`, until it is a new one or may be replaced."""
    while True:
        chosen, _ = QFileDialog.getSaveFileName(parent, title, str(start), kinds)
        if not chosen or chosen.lower().endswith(suffix):
            return Path(chosen) if chosen else None  # Qt itself asks about the name that was typed
        start = Path(f"{chosen}{suffix}")
        if not os.path.lexists(start) or _is_replaced(parent, start):
            return start


def _is_replaced(parent: QWidget, path: Path) -> bool:
    box = QMessageBox(parent)
    box.setObjectName("replaceBox")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QCoreApplication.translate("Dialogs", "Replace the file?"))
    box.setText(QCoreApplication.translate("Dialogs", "{name} is there already.").format(name=path.name))
    words = QCoreApplication.translate("Dialogs", "What it holds is lost when it is replaced.")
    box.setInformativeText(words)
    replace = box.addButton(QCoreApplication.translate("Dialogs", "Replace"), QMessageBox.ButtonRole.DestructiveRole)
    other = box.addButton(QCoreApplication.translate("Dialogs", "Other name"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(other)
    box.exec()
    return box.clickedButton() is replace


class AskPicturePath:
    """Ask where to save a picture."""

    @staticmethod
    def ask(parent: QWidget, name: str) -> Path | None:
        """Return a path that ends in .png, or None when a person thought better of it."""
        title = QCoreApplication.translate("Dialogs", "Save picture")
        kind = QCoreApplication.translate("Dialogs", "PNG pictures (*.png)")
        return _new_file(parent, title, Path.home() / name, kind, ".png")


class AskReportPath:
    """Ask where to write a report."""

    @staticmethod
    def ask(parent: QWidget) -> Path | None:
        """Return a path that ends in .zip, or None when a person thought better of it."""
        title = QCoreApplication.translate("Dialogs", "Write a report")
        kind = QCoreApplication.translate("Dialogs", "Zip archives (*.zip)")
        return _new_file(parent, title, Path.home() / "gan-studio-report.zip", kind, ".zip")


class AskLeaving:
    """Ask what becomes of a run when the window is closed."""

    @staticmethod
    def ask(parent: QWidget, seconds: int) -> Leaving:
        """Ask; `seconds` is the age of the last checkpoint: what would be lost at most."""
        box = QMessageBox(parent)
        box.setObjectName("leavingBox")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(QCoreApplication.translate("Dialogs", "A run is training"))
        box.setText(QCoreApplication.translate("Dialogs", "What shall become of the run?"))
        box.setInformativeText(
            QCoreApplication.translate(
                "Dialogs",
                "Saved, it can be gone on with at the very step it is at now. Without saving, the last {seconds} s of"
                " training are lost.",
            ).format(seconds=seconds)
        )
        save = box.addButton(QCoreApplication.translate("Dialogs", "Save and quit"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(
            QCoreApplication.translate("Dialogs", "Quit without saving"), QMessageBox.ButtonRole.DestructiveRole
        )
        box.addButton(QCoreApplication.translate("Dialogs", "Keep training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        return {save: Leaving.SAVE, discard: Leaving.DISCARD}.get(box.clickedButton(), Leaving.STAY)  # type: ignore[call-overload,no-any-return]


class ShowAbout:
    """Say what the program is."""

    @staticmethod
    def ask(parent: QWidget) -> None:
        """Show version and licence."""
        title = QCoreApplication.translate("Dialogs", "About GAN Studio")
        text = QCoreApplication.translate(
            "Dialogs",
            "<b>GAN Studio {version}</b><p>Train a DCGAN on real pictures, watch it learn, steer it and walk its"
            " latent space.</p><p>MIT licence. Starter pictures: Fashion-MNIST, © Zalando SE, MIT licence.</p>",
        )
        QMessageBox.about(parent, title, text.format(version=QCoreApplication.applicationVersion()))
