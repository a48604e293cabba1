"""Preferences: what the window remembers between two launches, as plain values in an INI file."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from gan_studio.engine.files.paths import path_of, text_of
from gan_studio.engine.files.saved_picture import AS_IT_IS, FACTORS, SUFFIXES, PictureForm
from gan_studio.ui.widgets.theme import THEMES, Theme

MOST_RECENT = 10


class Preferences:
    """Geometry, theme, recent runs and the like; an invalid value in the file is read as the default."""

    def __init__(self) -> None:
        self._settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gan-studio", "gan-studio")

    @property
    def theme(self) -> Theme:
        """The theme that was chosen; "system" for one that does not exist."""
        named = str(self._settings.value("theme", "system"))
        return next((theme for theme in THEMES if theme == named), "system")

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._settings.setValue("theme", theme)

    @property
    def recent_runs(self) -> tuple[str, ...]:
        """Folders of runs that were open, newest first."""
        found = self._settings.value("recentRuns", [])
        return tuple(found) if isinstance(found, list) else (str(found),) if found else ()

    def add_recent_run(self, path: str) -> None:
        """Put a run first among the recent runs, and keep only MOST_RECENT of them."""
        others = [known for known in self.recent_runs if known != path]
        self._settings.setValue("recentRuns", [path, *others][:MOST_RECENT])

    def remove_recent_run(self, path: str) -> None:
        """Forget one of the recent runs (the run itself stays)."""
        self._settings.setValue("recentRuns", [known for known in self.recent_runs if known != path])

    def clear_recent_runs(self) -> None:
        """Forget the recent runs (the runs themselves stay)."""
        self._settings.remove("recentRuns")

    @property
    def keeps_awake(self) -> bool:
        """Whether the computer is kept from sleeping while a run trains."""
        return str(self._settings.value("keepAwake", "true")) != "false"

    @keeps_awake.setter
    def keeps_awake(self, is_wanted: bool) -> None:
        self._settings.setValue("keepAwake", "true" if is_wanted else "false")

    @property
    def speed(self) -> float:
        """Multiply-adds a second of training on this machine as last measured, or 0."""
        return max(self._number("speed"), 0.0)

    @speed.setter
    def speed(self, multiply_adds_per_second: float) -> None:
        self._settings.setValue("speed", multiply_adds_per_second)

    def is_open(self, part: str, default: bool) -> bool:
        """Return whether a part of the dock that can be folded was left open."""
        return str(self._settings.value(f"open/{part}", default)).lower() == "true"

    def set_open(self, part: str, is_open: bool) -> None:
        """Remember whether a part of the dock is open."""
        self._settings.setValue(f"open/{part}", is_open)

    def is_chosen(self, choice: str) -> bool:
        """Return whether a choice about the plots was left on; all are off at first."""
        return str(self._settings.value(f"plots/{choice}", "false")).lower() == "true"

    def set_chosen(self, choice: str, is_on: bool) -> None:
        """Remember a choice about the plots."""
        self._settings.setValue(f"plots/{choice}", "true" if is_on else "false")

    # Pictures

    def is_smooth(self, part: str) -> bool:
        """Return whether a part of the window smooths enlarged pictures."""
        return str(self._settings.value(f"smooth/{part}", "false")).lower() == "true"

    def set_smooth(self, part: str, is_smooth: bool) -> None:
        """Remember whether a part smooths enlarged pictures."""
        self._settings.setValue(f"smooth/{part}", "true" if is_smooth else "false")

    def share(self, part: str) -> float:
        """Return the share of the width that a person gave to the picture of a part; 0: none was chosen."""
        return self._number(f"share/{part}")

    def set_share(self, part: str, share: float) -> None:
        """Remember the share of the width that the picture of a part has."""
        self._settings.setValue(f"share/{part}", share)

    @property
    def picture_form(self) -> PictureForm:
        """Format and enlargement of the picture that was saved last."""
        named, factor = str(self._settings.value("picture/format", "")), self._number("picture/factor")
        format = next((known for known in SUFFIXES if known == named), AS_IT_IS.format)
        return PictureForm(format, int(factor) if factor in FACTORS else AS_IT_IS.factor, self.is_smooth("saved"))

    @property
    def picture_folder(self) -> Path:
        """Where a picture was saved last, or the home folder."""
        found = str(self._settings.value("picture/folder", ""))
        return path_of(found) if found else Path.home()

    def remember_picture(self, form: PictureForm, folder: Path) -> None:
        """Remember how and where a picture was saved."""
        self._settings.setValue("picture/format", form.format)
        self._settings.setValue("picture/factor", form.factor)
        self.set_smooth("saved", form.is_smooth)
        self._settings.setValue("picture/folder", text_of(folder))

    # Layout

    @property
    def geometry(self) -> QByteArray:
        """Size and position of the window, or empty."""
        return self._bytes("geometry")

    @property
    def layout(self) -> QByteArray:
        """State of docks and toolbars, or empty."""
        return self._bytes("layout")

    def remember(self, geometry: QByteArray, layout: QByteArray) -> None:
        """Remember size, position and layout of the window, and write the file."""
        self._settings.setValue("geometry", geometry)
        self._settings.setValue("layout", layout)
        self._settings.sync()

    def _number(self, name: str) -> float:
        try:
            return float(str(self._settings.value(name, 0.0)))
        except ValueError:
            return 0.0

    def _bytes(self, name: str) -> QByteArray:
        found = self._settings.value(name)
        return found if isinstance(found, QByteArray) else QByteArray()
