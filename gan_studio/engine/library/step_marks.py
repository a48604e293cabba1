"""Read what happened along a run: changed settings, notes, goings back and faults, each with its step."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gan_studio.engine.config.schema import LIVE_KNOBS, live_values
from gan_studio.engine.library.rates import LearningRates, RateSettings
from gan_studio.engine.run.folder import open_run
from gan_studio.engine.run.log import BranchRow, KnobRow, read_branches, read_knobs, read_notes, way_to
from gan_studio.engine.text.message import ALL_TEMPLATES, Message
from gan_studio.engine.text.units import number_text

MOST_MARKS = 300
"""Marks that the window lists: the newest. Earlier ones are only counted, because translating each takes 40 µs."""

MOST_LETTERS = 500
"""Letters of a note that are shown."""


class MarkKind(StrEnum):
    """What a mark stands for."""

    KNOB = "knob"
    NOTE = "note"
    BRANCH = "branch"
    FAULT = "fault"


@dataclass(frozen=True)
class StepMark:
    """Something that happened at a step.

    Attributes:
        step: where it happened; a changed setting takes effect from the next step on.
        kind: what it is.
        label: a word or two.
        text: the whole of it.
    """

    step: int
    kind: MarkKind
    label: Message
    text: Message


@dataclass(frozen=True)
class ReadMarks:
    """Ask for the marks on the path to a branch of a run, and for its learning rates."""

    path: Path
    branch: int


@dataclass(frozen=True)
class MarksRead:
    """What happened on the path to the newest step of a branch.

    Attributes:
        path, branch: as in the request.
        marks: by ascending step.
        rates: the learning rates of every step.
    """

    path: Path
    branch: int
    marks: tuple[StepMark, ...]
    rates: LearningRates


def read_marks(request: ReadMarks, most: int | None = MOST_MARKS) -> MarksRead:
    """Answer a request with the newest `most` marks, or with all (None); the run may be training.

    Raises:
        EngineError: the folder holds no run, or a row of its log is damaged.
        sqlite3.Error: the log cannot be read.
    """
    folder = open_run(request.path)
    config, log = folder.read().config, folder.log_file
    branches = read_branches(log)
    way = way_to(branches, request.branch)
    changes = [row for branch, _, up_to in way for row in _in_order(read_knobs(log, branch, up_to))]
    first = live_values(config) | {"steps": float(config.training.steps)}
    marks = [
        *_knob_marks(changes, first),
        *(note_mark(*note) for branch, after, up_to in way for note in _later(read_notes(log, branch, up_to), after)),
        *_branch_marks(branches, way),
    ]
    marks.sort(key=lambda mark: mark.step)
    return MarksRead(request.path, request.branch, _newest(marks, most), _rates(changes, first))


def note_mark(step: int, text: str) -> StepMark:
    """Return the mark of a note; what the trainer noted of NaN is a fault."""
    shown = text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
    note = Message("mark.note", text=" ".join(shown.split()))
    if _MET.fullmatch(text):
        return fault_mark(step, note)
    return StepMark(step, MarkKind.NOTE, Message("mark.note_label"), note)


def fault_mark(step: int, text: Message) -> StepMark:
    """Return the mark of a fault that this program met."""
    return StepMark(step, MarkKind.FAULT, Message("mark.fault_label"), text)


def value_message(name: str, value: float) -> Message:
    """Write the value of a live setting: on or off, or a number."""
    spec = LIVE_KNOBS.get(name)
    if spec is not None and spec.kind == "flag":
        return Message("mark.on") if value else Message("mark.off")
    return Message("number", value=number_text(value))


_MET = re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(ALL_TEMPLATES["fault.met"])), re.DOTALL)
"""The English note of a step that met NaN, with anything in its places."""


def _in_order(rows: list[KnobRow]) -> list[KnobRow]:
    """Sort knob changes by step, and keep the last of those made to one setting at one step."""
    last = {(row.step, row.name): row for row in rows}
    return sorted(last.values(), key=lambda row: row.step)


def _later(notes: list[tuple[int, str]], after: int) -> Iterator[tuple[int, str]]:
    return ((step, text) for step, text in notes if step >= after)


def _knob_marks(changes: list[KnobRow], first: Mapping[str, float]) -> Iterator[StepMark]:
    """Yield a mark for each change; a new branch repeats all settings, and only those that differ are changes."""
    now = dict(first)
    for row in changes:
        before = now.get(row.name)
        now[row.name] = row.value
        if before is None or before == row.value:
            continue
        if row.name == "steps":
            text = Message("mark.target", value=number_text(row.value))
            yield StepMark(row.step, MarkKind.KNOB, Message("mark.target_label"), text)
        else:
            setting = LIVE_KNOBS[row.name].title
            value, old = value_message(row.name, row.value), value_message(row.name, before)
            text = Message("mark.knob", setting=setting, value=value, before=old, next=number_text(row.step + 1))
            yield StepMark(row.step, MarkKind.KNOB, setting, text)


def _branch_marks(branches: tuple[BranchRow, ...], way: tuple[tuple[int, int, int], ...]) -> Iterator[StepMark]:
    """Yield a mark where each branch on the path begins, and where another one leaves the path."""
    ends = {branch: up_to for branch, _, up_to in way}
    for row in branches:
        if row.parent is None or (row.branch not in ends and row.from_step > ends.get(row.parent, -1)):
            continue
        if row.branch in ends:
            text = Message("mark.branch", step=number_text(row.from_step), branch=row.branch)
        else:
            text = Message("mark.left", branch=row.branch)
        yield StepMark(row.from_step, MarkKind.BRANCH, Message("mark.branch_label", branch=row.branch), text)


def _newest(marks: list[StepMark], most: int | None) -> tuple[StepMark, ...]:
    """Return the newest marks, and one more that counts the others."""
    hidden = 0 if most is None else len(marks) - most
    if hidden <= 0:
        return tuple(marks)
    told = Message("mark.more", count=number_text(hidden))
    return StepMark(marks[hidden - 1].step, MarkKind.NOTE, Message("mark.note_label"), told), *marks[hidden:]


def _rates(changes: list[KnobRow], first: Mapping[str, float]) -> LearningRates:
    """Follow the settings that decide the learning rates from change to change."""
    now = dict(first)
    stretches = [RateSettings.of(0, now)]
    for row in changes:
        now[row.name] = row.value
        stretches.append(RateSettings.of(row.step, now))
    return LearningRates.over(stretches)
