"""The pictures of a run: loaded while a person may stop, and found again when they moved."""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.data.picture_set import PictureSet, load_pictures
from gan_studio.engine.data.questions import as_the_run_began, data_ready, is_gone, moved_question
from gan_studio.engine.events import Noticed, TrainingEvent
from gan_studio.engine.run.places import is_found, note_source
from gan_studio.engine.run.writer import RunWriter
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.text.message import EngineError, Message


class StoppedWhileLoadingError(Exception):
    """A person stopped the run while its pictures were being read."""


def load_for(
    config: RunConfig, control: TrainingControl, known: Mapping[str, Any] | None = None
) -> Generator[TrainingEvent, None, PictureSet]:
    """Load the pictures of a run.

    Args:
        config: the set-up of the run.
        control: tells whether a person stopped.
        known: what run.toml says of the pictures; a run that is resumed keeps the numbers of its classes.

    Raises:
        EngineError: they cannot be read.
        StoppedWhileLoadingError: a person stopped the run meanwhile.
    """
    loading = load_pictures(config.data)
    while True:
        try:
            yield next(loading)
        except StopIteration as end:
            pictures: PictureSet = end.value
            break
        if control.is_stopping:
            raise StoppedWhileLoadingError
    if known is not None:
        pictures = as_the_run_began(pictures, known)
    yield data_ready(pictures)
    return pictures


def remembered_pictures(
    config: RunConfig, control: TrainingControl, known: Mapping[str, Any], *, is_named: bool
) -> Generator[TrainingEvent, None, PictureSet]:
    """Load the pictures of a resumed run.

    Args:
        config: the set-up of the run, with the place where its pictures are now.
        control: tells whether a person stopped.
        known: what run.toml says of the pictures.
        is_named: whether a person named this place, and not the run.

    Raises:
        QuestionError: they are not there.
        EngineError, StoppedWhileLoadingError: as `load_for`.
    """
    try:
        return (yield from load_for(config, control, known))
    except EngineError as error:
        if not is_gone(config, error.happened):
            raise
        nowhere = Message("data.nowhere", source=config.data.source)
        raise moved_question(error.happened if is_found(config) else nowhere, is_named=is_named) from error


def note_place(writer: RunWriter, state: TrainingState, before: str, now: str) -> Iterator[TrainingEvent]:
    """Write into run.toml and the log where the pictures are now, and tell."""
    try:
        note_source(writer.folder, now)
        yield from told(writer, state, Message("data.place_noted", before=before, now=now))
    except OSError as error:
        yield from told(writer, state, Message("data.place_not_noted", error=error.strerror or error))


def told(writer: RunWriter, state: TrainingState, message: Message) -> Iterator[TrainingEvent]:
    """Keep a message in the run's log, and show it."""
    writer.note(state.branch, state.step, message)
    yield Noticed(message)
