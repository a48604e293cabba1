"""Commands of the command line, run within this process and judged by what they print."""

import json
from typing import Any

import pytest

from gan_studio.__main__ import main

SMALL = ["--set", "model.width=4", "--set", "model.latent_dim=8", "--set", "training.batch_size=8"]
"""Options of a network that a step of which takes a millisecond."""


def answer_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """Run a command with --json; it must end well and print one JSON object, whole."""
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def refusal_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command that is refused: exit code 2, nothing on stdout, three parts and no traceback on stderr."""
    capsys.readouterr()
    assert main([*map(str, arguments)]) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert told.lstrip().startswith("Error: ")
    assert len(told.strip().splitlines()) == 3, told
    assert "Traceback" not in told
    return told
