"""Every text of the engine: its key exists, its values fill it, and nothing is kept that nobody says."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gan_studio.engine.config.schema import field_specs
from gan_studio.engine.text.fields import FIELD_TEMPLATES
from gan_studio.engine.text.message import ALL_TEMPLATES, PARTS, EngineError, Message

TEMPLATES = {key: text for key, text in ALL_TEMPLATES.items() if key not in FIELD_TEMPLATES}
PROGRAM = Path(__file__).parents[3] / "gan_studio"
SPEAKERS = ("EngineError", "RunFailed", "NotDone", "NotDone")


@dataclass(frozen=True)
class Said:
    """One `Message(...)` of the program: where, its key, and the names of its values."""

    place: str
    key: str
    values: frozenset[str]


def messages_of(file: Path) -> Iterator[Said]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
            key = node.args[0]
            if isinstance(key, ast.Constant):
                names = frozenset(str(keyword.arg) for keyword in node.keywords)
                yield Said(f"{file.relative_to(PROGRAM)}:{node.lineno}", str(key.value), names)


def places_in(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


SAID = [said for file in sorted(PROGRAM.rglob("*.py")) for said in messages_of(file)]


def test_that_the_program_speaks() -> None:
    assert len(SAID) > 60
    assert {said.key.partition(".")[0] for said in SAID} >= {"kept", "todo", "run", "data", "config"}


def test_that_each_message_exists_and_is_filled() -> None:
    assert [said for said in SAID if said.key not in TEMPLATES] == []
    assert [said for said in SAID if said.values != places_in(TEMPLATES[said.key])] == []


def test_that_no_template_is_left_that_nobody_says() -> None:
    assert sorted(set(TEMPLATES) - {said.key for said in SAID}) == []


def test_that_settings_have_a_title_and_a_help_and_their_choices_a_name() -> None:
    wanted = set()
    for spec in field_specs():
        choices = [spec.choice_title(choice) for choice in spec.choices]
        texts = [spec.title, spec.help, *choices]
        assert all(str(text) for text in texts)
        wanted |= {text.key for text in texts}
    assert wanted - {"number"} == set(FIELD_TEMPLATES)


def test_that_no_two_templates_share_a_key() -> None:
    assert sum(len(part) for part in PARTS) == len(ALL_TEMPLATES)


def test_that_what_was_kept_and_what_to_do_are_whole_sentences() -> None:
    parts = {key: text for key, text in TEMPLATES.items() if key.startswith(("kept.", "todo."))}
    assert {key: text for key, text in parts.items() if not text.endswith(".")} == {}


def test_that_every_error_is_told_in_three_parts() -> None:
    """The second part says what was kept, the third what to do: nobody mixes them up."""
    wrong = []
    for file in sorted(PROGRAM.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPEAKERS:
                keys = [part.args[0].value for part in node.args if _is_written_out(part)]
                if len(keys) == 3 and [key.partition(".")[0] for key in keys[1:]] != ["kept", "todo"]:
                    wrong.append(f"{file.name}:{node.lineno} {keys}")
    assert wrong == []


def _is_written_out(part: ast.expr) -> bool:
    return isinstance(part, ast.Call) and bool(part.args) and isinstance(part.args[0], ast.Constant)


def test_that_an_error_prints_all_its_parts() -> None:
    error = EngineError(
        Message("run.missing", path="/nowhere"), Message("kept.nothing_begun"), Message("todo.choose_run")
    )
    assert str(error).startswith("/nowhere does not hold a run. Nothing was started")
    assert "run.toml" in str(error)


def test_that_braces_in_a_value_are_left_alone() -> None:
    assert str(Message("run.missing", path="{odd}")) == "{odd} does not hold a run."
