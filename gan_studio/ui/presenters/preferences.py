"""Preferences: what the window remembers between two launches, as plain values in an INI file."""

from PySide6.QtCore import QByteArray, QSettings

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
        try:
            return max(float(str(self._settings.value("speed", 0.0))), 0.0)
        except ValueError:
            return 0.0

    @speed.setter
    def speed(self, multiply_adds_per_second: float) -> None:
        self._settings.setValue("speed", multiply_adds_per_second)

    def is_open(self, part: str, default: bool) -> bool:
        """Return whether a part of the dock that can be folded was left open."""
        return str(self._settings.value(f"open/{part}", default)).lower() == "true"

    def set_open(self, part: str, is_open: bool) -> None:
        """Remember whether a part of the dock is open."""
        self._settings.setValue(f"open/{part}", is_open)

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

    def _bytes(self, name: str) -> QByteArray:
        found = self._settings.value(name)
        return found if isinstance(found, QByteArray) else QByteArray()
