"""What the explorer says of the point whose picture it shows."""

from PySide6.QtCore import QCoreApplication

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP
from gan_studio.ui.explorer.class_blend import Blend, heaviest
from gan_studio.ui.explorer.point_history import VisitedPoint
from gan_studio.ui.widgets.number_text import grouped

_N = QT_TRANSLATE_NOOP

_SAMPLE = _N("PointCaption", "Sample {seed}, step {step}")
_MEAN = _N("PointCaption", "The mean of the latent space, step {step}")
_MOVED = _N("PointCaption", "Moved away from sample {seed}, step {step}")
_ELSEWHERE = _N("PointCaption", "Step {step}")
_SHARE = _N("PointCaption", "{name} {share}\u202f%")


def point_caption(place: VisitedPoint, step: int, class_names: tuple[str, ...]) -> str:
    """Say in the language of the window what a place is, by which generator, and of which class or blend.

    Args:
        place: where the walk is.
        step: training step of the generator that drew it.
        class_names: those of a class-conditional generator, else empty.
    """
    text = QCoreApplication.translate("PointCaption", _template(place))
    caption = text.format(seed=place.sample_seed, step=grouped(step))
    classes = _named(place.point.blend, class_names) if class_names else ""
    return f"{caption} · {classes}" if classes else caption


def _template(place: VisitedPoint) -> str:
    if place.is_sample:
        return _SAMPLE
    if not any(place.point.values):
        return _MEAN
    return _ELSEWHERE if place.sample_seed is None else _MOVED


def _named(blend: Blend, names: tuple[str, ...]) -> str:
    """Name the classes of a blend: "Coat", or "Coat 70 %, Dress 30 %"."""
    (first, _), *others = parts = heaviest(blend)
    if not others:
        return names[first]
    text = QCoreApplication.translate("PointCaption", _SHARE)
    return ", ".join(text.format(name=names[index], share=round(100 * weight)) for index, weight in parts)
