"""Caption of the explorer's picture: which point it shows, of which generator, and of which class."""

from PySide6.QtCore import QCoreApplication

from gan_studio.engine.moment import Moment
from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP
from gan_studio.ui.explorer.class_blend import Blend, heaviest
from gan_studio.ui.explorer.point_history import VisitedPoint
from gan_studio.ui.widgets.number_text import grouped

_N = QT_TRANSLATE_NOOP

_SAMPLE = _N("PointCaption", "Seed {seed}, {moment}")
_MOVED = _N("PointCaption", "Moved away from seed {seed}, {moment}")
_MEAN = _N("PointCaption", "The mean (every z is 0), {moment}")
_MOVED_FROM_MEAN = _N("PointCaption", "Moved away from the mean, {moment}")
_STEP = _N("PointCaption", "step {step}")
_STEP_OF_BRANCH = _N("PointCaption", "step {step}, branch {branch}")
_FILE = _N("PointCaption", "weights {name}, no run")
_SHARE = _N("PointCaption", "{name} {share}\u202f%")


def point_caption(place: VisitedPoint, moment: Moment, class_names: tuple[str, ...], file_name: str = "") -> str:
    """Describe a picture in the language of the window: its point, its generator, and its class or class blend.

    Args:
        place: the point, and how it was reached.
        moment: step and branch of the generator that drew the picture. The first branch is not mentioned.
        class_names: names of the classes of a class-conditional generator, else empty.
        file_name: name of the file of weights that drew the picture without a run, or "".
    """
    generator = _translated(_FILE).format(name=file_name) if file_name else _moment_text(moment)
    caption = _translated(_template(place)).format(seed=place.sample_seed, moment=generator)
    classes = _classes_text(place.point.blend, class_names) if class_names else ""
    return f"{caption} · {classes}" if classes else caption


def _template(place: VisitedPoint) -> str:
    if place.is_sample:
        return _SAMPLE
    if not any(place.point.values):
        return _MEAN
    return _MOVED_FROM_MEAN if place.sample_seed is None else _MOVED


def _moment_text(moment: Moment) -> str:
    text = _translated(_STEP_OF_BRANCH if moment.branch else _STEP)
    return text.format(step=grouped(moment.step), branch=moment.branch)


def _classes_text(blend: Blend, names: tuple[str, ...]) -> str:
    """Name the classes of a blend: "Coat", or "Coat 70 %, Dress 30 %"."""
    (first, _), *others = parts = heaviest(blend)
    if not others:
        return names[first]
    text = _translated(_SHARE)
    return ", ".join(text.format(name=names[index], share=round(100 * weight)) for index, weight in parts)


def _translated(text: str) -> str:
    return QCoreApplication.translate("PointCaption", text)
