"""Lists of moments of a run that were kept: what a new one adds and takes away."""

from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import surplus


def joined_by(moments: tuple[Moment, ...], moment: Moment) -> tuple[Moment, ...]:
    """Add what a run has just kept, and leave out what it deletes for that."""
    more = tuple(sorted({*moments, moment}))
    gone = surplus(tuple(known for known in more if known.branch == moment.branch))
    return tuple(known for known in more if known not in gone)


def later_than(moments: tuple[Moment, ...], step: int) -> tuple[Moment, ...]:
    """Choose the moments after a step."""
    return tuple(moment for moment in moments if moment.step > step)
