"""Questions about the pictures of a run: they changed or moved since it began, or many of them are unusable."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.listing import is_known
from gan_studio.engine.data.names.class_order import order_of_run, renumbered
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.data.source import STRAY_NOTES
from gan_studio.engine.events import DataReady
from gan_studio.engine.text.message import EngineError, Message

MOST_LEFT_OUT = 0.1
"""A new run asks first if more than this share of its pictures is unusable."""

GONE = frozenset(
    {
        "data.no_such_folder",
        "data.no_such_file",
        "data.no_picture_files",
        "data.no_picture_files_because",
        "data.too_few",
    }
)
"""Faults of a place where the pictures of a run no longer are: nothing is there, or a folder without them.

An empty folder is what remains of a disk that is not connected. Files that are there and cannot be read are another
fault, such as a missing library, and say themselves what to do."""


class QuestionError(EngineError):
    """A fault that a person may accept.

    Attributes:
        question: name of the question. A job with this name among its accepted questions goes on.
    """

    def __init__(self, question: str, happened: Message, kept: Message, todo: Message) -> None:
        super().__init__(happened, kept, todo)
        self.question = question


def classes_of(config: RunConfig, pictures: PictureSet) -> tuple[str, ...]:
    """Return the class names of a class-conditional run, else (); raises EngineError if it has no labels."""
    if config.model.conditional and not pictures.class_names:
        happened = Message("data.no_labels", source=config.data.source)
        stray = next((note for note in pictures.notes if note.key in STRAY_NOTES), None)
        if stray is not None:
            happened = Message("data.no_labels_because", source=config.data.source, note=stray)
        raise EngineError(happened, Message("kept.nothing_begun"), Message("todo.label_pictures"))
    return pictures.class_names if config.model.conditional else ()


def as_the_run_began(pictures: PictureSet, before: Mapping[str, Any]) -> PictureSet:
    """Give the classes the numbers that they had when a run began, maybe with an earlier version of the program.

    Args:
        pictures: the pictures now.
        before: the facts in run.toml, as `picture_facts` returned them.
    """
    if before.get("digest") == pictures.digest:
        return pictures
    order = order_of_run(pictures.earlier_digests, before)
    if order is None or pictures.labels is None:
        return pictures
    labels = renumbered(pictures.labels, pictures.class_names, order) if order else None
    return replace(pictures, labels=labels, class_names=order, digest=pictures.earlier_digests[order])


def picture_facts(config: RunConfig, pictures: PictureSet) -> dict[str, Any]:
    """Return the facts about the pictures that run.toml stores."""
    return {
        "digest": pictures.digest,
        "count": len(pictures.train),
        "held_out": len(pictures.held_out),
        "left_out": len(pictures.left_out),
        "classes": list(classes_of(config, pictures)),
    }


def differences(before: dict[str, Any], now: dict[str, Any]) -> tuple[Message, ...]:
    """List what differs between the pictures now and those that the run began with; () if nothing does.

    Args:
        before: the facts in run.toml, as `picture_facts` returned them.
        now: the facts of the current pictures.
    """
    if before.get("digest") == now["digest"]:
        return ()
    found = []
    if before.get("count") != now["count"]:
        found.append(Message("data.difference.count", now=now["count"], before=before.get("count")))
    if before.get("classes", []) != now["classes"]:
        names, names_before = ", ".join(now["classes"]), ", ".join(before.get("classes", []))
        found.append(Message("data.difference.classes", now=names, before=names_before))
    return tuple(found) or (Message("data.difference.pixels"),)


def other_pictures_question(config: RunConfig, changes: tuple[Message, ...]) -> QuestionError:
    """Build the question whether to continue with pictures that differ from those the run began with."""
    text = "; ".join(str(difference) for difference in changes)
    happened = Message("data.changed", source=config.data.source, differences=text)
    return QuestionError("other_pictures", happened, Message("kept.file_untouched"), Message("todo.accept_pictures"))


def moved_question(reason: Message, *, is_named: bool) -> QuestionError:
    """Build the question where the pictures of a run are now.

    Args:
        reason: why they cannot be read; names the place.
        is_named: whether a person named this place, and not the run's set-up.
    """
    happened = reason if is_named else Message("data.moved", reason=reason)
    todo = Message("todo.name_pictures") if is_named else Message("todo.put_back_or_name")
    return QuestionError("moved_pictures", happened, Message("kept.file_untouched"), todo)


def is_gone(config: RunConfig, happened: Message) -> bool:
    """Tell whether pictures that a run once read are no longer at their place; another fault is not of the place."""
    return not is_known(config.data.source) and happened.key in GONE


def has_many_left_out(pictures: PictureSet) -> bool:
    """Tell whether so many pictures are unusable that a person should be asked."""
    return len(pictures.left_out) > MOST_LEFT_OUT * (len(pictures.images) + len(pictures.left_out))


def left_out_question(pictures: PictureSet) -> QuestionError:
    """Build the question whether to start without the unusable pictures."""
    bad, (name, reason) = len(pictures.left_out), pictures.left_out[0]
    happened = Message("data.many_left_out", bad=bad, total=bad + len(pictures.images), name=name, reason=reason)
    return QuestionError("bad_pictures", happened, Message("kept.nothing_begun"), Message("todo.accept_left_out"))


def data_ready(pictures: PictureSet) -> DataReady:
    """Return the event that describes the pictures of a run after they have been read."""
    counts: tuple[int, ...] = ()
    if pictures.labels is not None:
        shown = np.bincount(pictures.labels[pictures.train], minlength=len(pictures.class_names))
        counts = tuple(shown.tolist())
    held_out, names = len(pictures.held_out), pictures.class_names
    return DataReady(len(pictures.train), pictures.left_out, pictures.digest, held_out, names, counts, pictures.notes)
