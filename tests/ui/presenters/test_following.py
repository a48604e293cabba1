"""Following: a person wins, then the pictures, then the preset; a run and its networks are left alone."""

from gan_studio.engine.config.presets import load_preset
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.nature import Nature
from gan_studio.ui.presenters.next_run.following import Following

COLOUR = Nature(64, 3, 100)
QUICKSTART = load_preset("quickstart").config


def shape(config: RunConfig) -> tuple[int, int]:
    return config.data.image_size, config.data.channels


def following() -> tuple[Following, RunConfig]:
    """Choose pictures in colour of 100 px."""
    found = Following()
    found.take("frogs", COLOUR)
    return found, found.other_source(QUICKSTART, "frogs")


def test_that_the_set_up_follows_pictures_once_they_were_looked_at() -> None:
    found = Following()
    config = found.other_source(QUICKSTART, "frogs")
    assert found.followed(config) == (config, None)
    assert found.left_at_start(config) == {"data.channels", "data.image_size"}
    found.take("frogs", COLOUR)
    assert shape(found.followed(config)[0]) == (64, 3)
    assert found.left_at_start(config) == frozenset()


def test_that_pictures_that_could_not_be_read_decide_at_the_start() -> None:
    found, config = following()
    found.take("frogs", None)
    assert found.left_at_start(config) == {"data.channels", "data.image_size"}


def test_that_what_a_person_changed_stays_for_other_pictures_too() -> None:
    found, config = following()
    followed, _ = found.followed(config)
    grey = with_values(followed, {"data.channels": 1})
    found.note_change(followed, grey)
    assert shape(found.followed(grey)[0]) == (64, 1)
    found.take("toads", COLOUR)
    assert shape(found.followed(found.other_source(grey, "toads"))[0]) == (64, 1)


def test_that_networks_that_were_taken_keep_their_shape() -> None:
    found, config = following()
    taken = with_values(config, {"data.image_size": 32, "data.channels": 1})
    found.keep_networks()
    assert found.followed(taken) == (taken, None)
    assert found.left_at_start(taken) == frozenset()


def test_that_a_run_keeps_its_set_up_until_other_pictures_are_chosen() -> None:
    found, config = following()
    run = with_values(config, {"data.channels": 1})
    found.begin()
    found.settle(run)
    assert found.followed(run) == (run, None)
    found.take("toads", COLOUR)
    assert shape(found.followed(found.other_source(run, "toads"))[0]) == (64, 3)


def test_that_what_describes_one_source_is_forgotten_with_it() -> None:
    found, config = following()
    described = with_values(config, {"data.classes": "cat", "data.leave_out": "a.png", "data.layout": "nchw"})
    assert found.other_source(described, "toads").data == found.other_source(config, "toads").data
