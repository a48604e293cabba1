"""The losses of a kept moment as text."""

from PySide6.QtCore import QCoreApplication

from gan_studio.ui.widgets.number_text import significant


def losses_text(losses: tuple[float, float] | None) -> str:
    """Write the losses of D and G, or nothing."""
    if losses is None:
        return ""
    text = QCoreApplication.translate("Kept", "loss D {d}  G {g}")
    return text.format(d=significant(losses[0], 3), g=significant(losses[1], 3))
