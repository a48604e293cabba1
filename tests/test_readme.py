"""What the README shows is run, and the page of presets says what the presets say."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from gan_studio.engine.config.presets import load_preset, shipped_preset_names

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def run(arguments: list[str], folder: Path) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"


@pytest.mark.slow
def test_that_the_commands_of_the_readme_run_one_after_the_other(tmp_path: Path) -> None:
    """Fresh processes, as in the shell of a reader."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) >= 4
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "gan-studio"
        run(["-m", "gan_studio", *arguments], tmp_path)
    assert (tmp_path / "sheet.png").stat().st_size > 0


@pytest.mark.slow
def test_that_the_notebook_example_runs(tmp_path: Path) -> None:
    """A fresh process, as in the notebook of a reader."""
    (code,) = blocks("python")
    run(["-c", code + "\nprint(pictures.shape, len(loss_d), file=open('drawn.txt', 'w'))\n"], tmp_path)
    assert (tmp_path / "drawn.txt").read_text(encoding="utf-8") == "(16, 32, 32, 1) 50\n"


def test_that_every_file_the_readme_names_is_there() -> None:
    root = Path(__file__).parent.parent
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_that_the_page_of_presets_says_what_each_preset_says() -> None:
    page = (Path(__file__).parent.parent / "docs" / "presets.md").read_text(encoding="utf-8")
    presets = [load_preset(name) for name in shipped_preset_names()]
    told = [f"## {one.title} (`{one.name}`)\n\n{one.summary}\n\nSource: {one.source}\n" for one in presets]
    assert [text for text in told if text not in page] == []
