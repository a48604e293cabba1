"""A canary through every door: a file whose loading would leave a trace is met everywhere, and never loaded."""

import ast
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path

import pytest
import torch

from gan_studio import api
from gan_studio.__main__ import main
from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.presets import load_preset, preset_names, user_presets_folder
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.known.cifar_files import load_batch
from gan_studio.engine.data.known.download import DownloadError
from gan_studio.engine.data.known.local_copies import FOLDER_VARIABLE
from gan_studio.engine.data.picture_set import read_pictures
from gan_studio.engine.events import LoadingProgress
from gan_studio.engine.explore.requests import OpenModel
from gan_studio.engine.explore.sampler import Sampler
from gan_studio.engine.library.runs import ReadRecent, ReadRun, ReadSheet, read
from gan_studio.engine.library.setups import ReadSetup, answer_setup
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.step.state import build_state
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.training.fine_tune import take_weights
from tests.engine.references import References
from tests.engine.runs import TINY
from tests.reliability.canary import FORMS, SUFFIXES, as_pickle, hatch
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
PROGRAM = sorted((ROOT / "gan_studio").rglob("*.py"))
UNSAFE = (
    r"\bc?pickle\b",
    r"(?<![.\w])eval\(",
    r"(?<![.\w])exec\(",
    r"weights_only\s*=\s*False",
    r"torch\.hub",
    r"torch\.export\.load",
    r"torch\.jit\.load",
    r"allow_pickle\s*=\s*True",
    r"yaml\.(?:unsafe_)?load",
    r"shell\s*=\s*True",
    r"os\.(?:system|popen)",
    r"\b(?:marshal|shelve|dill|joblib|cloudpickle)\b",
    r"\bextractall\b|\.extract\(",
)
"""What runs or unpacks what a file says."""
ALLOWED = {r"\bc?pickle\b": "gan_studio/engine/data/known/cifar_files.py"}
"""The one unpickler, which lets nothing in but arrays."""


@pytest.fixture
def canary(tmp_path: Path, ledger: Page) -> Iterator[Path]:
    """Watch a place; it must be empty after each test."""
    (tmp_path / "nest").mkdir()
    place = tmp_path / "nest" / "canary"
    yield place
    assert not place.exists(), "a file was run"
    ledger.injected(11, "a canary behind a door", 1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train a run of 12 steps, only to be copied."""
    place = tmp_path_factory.mktemp("canary") / "run"
    references.copy_to(place)
    return place


def files(folder: Path, canary: Path) -> Iterator[Path]:
    """Write the canary in every form under every name."""
    for form, write in FORMS.items():
        for suffix in SUFFIXES:
            path = folder / f"{form}{suffix}"
            path.write_bytes(write(canary))
            yield path


def quietly(arguments: list[str]) -> None:
    """Run a command that must end in a refusal, in words."""
    code: object = None
    try:
        code = main(arguments)
    except SystemExit as wrong_usage:
        code = wrong_usage.code
    assert code == 2, arguments


def test_that_the_canary_is_alive(tmp_path: Path) -> None:
    for form, write in FORMS.items():
        hatch(write(tmp_path / form))
        assert (tmp_path / form).is_dir(), form


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "config": lambda path: ["train", path],
    "data": lambda path: ["train", "--data", path],
    "preset": lambda path: ["train", "--preset", path],
    "resume": lambda path: ["resume", path],
    "history": lambda path: ["history", path],
    "sample": lambda path: ["sample", path, "--out", "out.png"],
    "free-space": lambda path: ["free-space", path],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_that_no_command_runs_a_file(tmp_path: Path, canary: Path, command: str) -> None:
    for path in files(tmp_path, canary):
        quietly(COMMANDS[command](str(path)))
        assert not canary.exists(), path


def test_that_fine_tuning_runs_no_file(tmp_path: Path, canary: Path) -> None:
    state = build_state(TINY, torch.device("cpu"))
    for path in files(tmp_path, canary):
        with pytest.raises(EngineError):
            take_weights(state, path)
    quietly(["train", "--fine-tune", str(tmp_path / "torch-zip.safetensors"), "--out", str(tmp_path / "run")])
    assert not (tmp_path / "run" / "run.toml").exists()


@pytest.mark.parametrize("form", FORMS)
def test_that_no_source_of_pictures_runs_a_file(tmp_path: Path, canary: Path, form: str) -> None:
    (tmp_path / "pictures").mkdir()
    for suffix in SUFFIXES:
        (tmp_path / "pictures" / f"a{suffix}").write_bytes(FORMS[form](canary))
        with pytest.raises(EngineError):
            read_pictures(DataConfig(source=str(tmp_path / "pictures" / f"a{suffix}")))
    with pytest.raises(EngineError):
        read_pictures(DataConfig(source=str(tmp_path / "pictures")))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("part", ["checkpoints", "snapshots", "samples", "run.toml", "run.sqlite", "run.writer"])
def test_that_no_part_of_a_run_folder_is_run(tmp_path: Path, trained: Path, canary: Path, part: str, form: str) -> None:
    place = tmp_path / "run"
    shutil.copytree(trained, place)
    for path in [place / part] if (place / part).is_file() or "." in part else list((place / part).iterdir()):
        path.write_bytes(FORMS[form](canary))
    folder = RunFolder(place)
    read(ReadRun(place))
    read(ReadRecent((str(place),)))
    read(ReadSheet(folder, Moment(0, 12)))
    if part in ("checkpoints", "run.toml"):
        quietly(["resume", str(place), "--steps", "13"])
        quietly(["sample", str(place), "--out", str(tmp_path / "out.png")])
        with pytest.raises(EngineError):
            api.load_run(place)
        assert isinstance(Sampler().handle(OpenModel(TINY, folder)), NotDone) == (part == "checkpoints")
    for moment in folder.snapshots():
        Sampler().handle(OpenModel(TINY, folder))
        main(["sample", str(place), "--checkpoint", str(moment.step), "--out", str(tmp_path / "out.png")])
    main(["history", str(place)])


def test_that_neither_set_ups_nor_presets_are_run(tmp_path: Path, canary: Path, own_home: Path) -> None:
    user_presets_folder().mkdir(parents=True)
    for form, write in FORMS.items():
        (user_presets_folder() / f"{form}.toml").write_bytes(write(canary))
        assert form not in preset_names()
        with pytest.raises(EngineError):
            load_preset(form)
        (tmp_path / "set-up.toml").write_bytes(write(canary))
        assert "set-up.toml" in str(answer_setup(ReadSetup(tmp_path / "set-up.toml")).happened)  # type: ignore[union-attr]


def test_that_a_batch_of_cifar_is_loaded_by_an_unpickler_that_runs_nothing(canary: Path) -> None:
    with pytest.raises(Exception, match="no place in a set of pictures"):
        load_batch(as_pickle(canary))


def nothing_comes(*_: object) -> Generator[LoadingProgress, None, bytes]:
    """Stand in for a network that is not there."""
    raise DownloadError(Message("known.no_mirror"))
    yield


def test_that_a_forged_batch_of_cifar_is_not_even_loaded(
    tmp_path: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr("gan_studio.engine.data.known.download.fetch", nothing_comes)
    (tmp_path / "cifar-10-batches-py").mkdir()
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"):
        (tmp_path / "cifar-10-batches-py" / name).write_bytes(as_pickle(canary))
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(as_pickle(canary))
    with pytest.raises(EngineError):
        read_pictures(DataConfig(source="torchvision:cifar10"))


@pytest.mark.parametrize("pattern", UNSAFE)
def test_that_the_program_never_runs_or_unpacks_what_a_file_says(pattern: str) -> None:
    found = [path for path in PROGRAM if re.search(pattern, code_of(path))]
    names = [path.relative_to(ROOT).as_posix() for path in found]
    assert names == ([ALLOWED[pattern]] if pattern in ALLOWED else [])


def test_that_torch_loads_in_one_place_and_only_weights() -> None:
    calls = [
        (path.name, ast.unparse(node))
        for path in PROGRAM
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("torch.load", "load")
        and "torch" in ast.unparse(node)
    ]
    assert [name for name, _ in calls] == ["import_child.py"]
    assert "weights_only=True" in calls[0][1]


@cache
def code_of(path: Path) -> str:
    """Return a file without its texts and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.unparse(tree)


def test_that_the_search_would_find_what_it_looks_for(tmp_path: Path) -> None:
    wrong = (
        "import pickle\neval('1')\nexec('1')\nload(a, weights_only=False)\ntorch.hub.load\ntorch.export.load\n"
        "torch.jit.load\nnp.load(a, allow_pickle=True)\nyaml.load\nrun(a, shell=True)\nos.system\nimport dill\n"
        "archive.extractall()\n"
    )
    (tmp_path / "a.py").write_text(wrong)
    assert [pattern for pattern in UNSAFE if not re.search(pattern, code_of(tmp_path / "a.py"))] == []
