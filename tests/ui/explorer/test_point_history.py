"""PointHistory: undo and redo over visited points."""

from gan_studio.engine.latent import LatentPoint
from gan_studio.ui.explorer.point_history import MOST_ENTRIES, PointHistory, VisitedPoint


def place(value: float) -> VisitedPoint:
    return VisitedPoint(LatentPoint((value,)))


def history_of(*values: float) -> PointHistory:
    history = PointHistory(place(values[0]))
    for value in values[1:]:
        history.push(place(value))
    return history


def test_that_a_new_history_leads_nowhere() -> None:
    history = history_of(0.0)
    assert not history.can_undo
    assert not history.can_redo
    assert history.undo() == history.redo() == place(0.0)


def test_that_undo_returns_the_place_before_and_redo_the_place_after() -> None:
    history = history_of(0.0, 1.0, 2.0)
    assert [history.undo(), history.undo()] == [place(1.0), place(0.0)]
    assert not history.can_undo
    assert [history.redo(), history.redo()] == [place(1.0), place(2.0)]
    assert not history.can_redo


def test_that_a_new_place_forgets_what_was_undone() -> None:
    history = history_of(0.0, 1.0)
    history.undo()
    history.push(place(5.0))
    assert not history.can_redo
    assert history.undo() == place(0.0)


def test_that_staying_in_place_makes_no_entry() -> None:
    history = history_of(0.0, 1.0, 1.0)
    assert history.undo() == place(0.0)


def test_that_staying_in_place_keeps_what_was_undone() -> None:
    history = history_of(0.0, 1.0)
    history.push(history.undo())
    assert history.redo() == place(1.0)


def test_that_the_oldest_places_are_forgotten() -> None:
    history = history_of(*range(MOST_ENTRIES + 3))
    undone = []
    while history.can_undo:
        undone.append(history.undo())
    assert len(undone) == MOST_ENTRIES - 1
    assert undone[-1] == place(3)
