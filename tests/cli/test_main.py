"""The command line: train and resume, its exit codes, its help, and how signals end it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import gan_studio
from gan_studio.__main__ import main
from gan_studio.api import load_run
from gan_studio.cli import expecting
from gan_studio.engine.config.files import config_toml
from gan_studio.engine.config.presets import load_preset, preset_names
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.data import picture_set
from gan_studio.engine.run.folder import RunFolder
from tests.engine.commands import SMALL, answer_of, refusal_of
from tests.engine.pictures import make_folder, noise
from tests.engine.references import References
from tests.engine.runs import resume, tiny

ROOT = Path(__file__).parent.parent.parent
WITHOUT_QT = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph", "superqt"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoQt())
from gan_studio.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, references: References) -> Path:
    """Train a run of 12 steps, only to be read."""
    place = tmp_path_factory.mktemp("cli") / "run"
    references.copy_to(place)
    return place


# Train and resume


@pytest.mark.parametrize(
    ("words", "size", "channels"),
    [((), 64, 3), (("--set", "data.channels=1"), 64, 1), (("--set", "data.image_size=32"), 32, 3)],
    ids=["the pictures", "channels by hand", "size by hand"],
)
def test_that_a_folder_in_colour_is_trained_in_colour(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], size: int, channels: int
) -> None:
    folder = make_folder(tmp_path / "frogs", noise(9, 60, 70, 3))
    narrow = ("--set", "model.width=4", "--set", "training.batch_size=4")
    assert main(["train", "--data", str(folder), "--out", str(tmp_path / "run"), "--steps", "1", *narrow, *words]) == 0
    data = RunFolder(tmp_path / "run").read().config.data
    assert (data.image_size, data.channels) == (size, channels)
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Taken from the pictures")]
    assert len(told) == 1
    assert ("3 channels" in told[0], "64 × 64" in told[0]) == ("data.channels=1" not in words, size == 64)


def test_that_a_run_from_earlier_weights_has_the_channels_and_size_of_their_networks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    colour, grey = (
        make_folder(tmp_path / "frogs", noise(9, 60, 60, 3)),
        make_folder(tmp_path / "toads", noise(9, 20, 20)),
    )
    narrow = ("--steps", "1", "--set", "model.width=4", "--set", "training.batch_size=4")
    assert main(["train", "--data", str(colour), "--out", str(tmp_path / "a"), *narrow]) == 0
    for number, folder in enumerate((colour, grey)):
        place = tmp_path / f"finer {number}"
        origin = ("--fine-tune", str(tmp_path / "a"))
        assert main(["train", "--data", str(folder), "--out", str(place), *narrow, *origin]) == 0
        data = RunFolder(place).read().config.data
        assert (data.image_size, data.channels) == (64, 3)
    told = capsys.readouterr().err
    assert "so that its weights fit: colour, 3 channels, 64 × 64 px." in told
    assert "start from scratch" not in told


def test_that_few_pictures_get_another_preset_recommended_unless_one_was_chosen(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = make_folder(tmp_path / "frogs", noise(9, 20, 20, 3))
    narrow = ("--steps", "1", "--set", "model.width=4", "--data", str(folder))
    assert main(["train", "--out", str(tmp_path / "a"), *narrow]) == 0
    assert "Recommended: --preset small-data. 9 pictures are few" in capsys.readouterr().err
    assert main(["train", "--out", str(tmp_path / "b"), "--preset", "quickstart", *narrow]) == 0
    assert "Recommended" not in capsys.readouterr().err


def test_that_a_run_of_days_is_announced_before_it_trains(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expecting, "measure_speed", lambda should_stop: 3e10)
    config = load_preset("paper").config
    assert "will take about" in str(expecting.expect_long(config))
    assert expecting.expect_long(load_preset("quickstart").config) is None
    monkeypatch.setattr(expecting, "MANY_OPERATIONS", 0)
    monkeypatch.setattr(expecting, "measure_speed", lambda should_stop: 1.0)
    assert main(["train", "--out", str(tmp_path / "run"), "--steps", "1", *SMALL]) == 0
    told = capsys.readouterr().err
    assert told.index("On this machine all 1 steps will take about") < told.index(str(tmp_path / "run"))


def test_that_the_presets_are_listed_by_the_names_that_train_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    listed = capsys.readouterr().out
    facts = answer_of(capsys, "presets")["presets"]
    assert [preset["name"] for preset in facts] == list(preset_names())
    for preset in facts:
        assert f"{preset['name']}: {preset['title']}" in listed
        assert preset["summary"] in listed
    assert "3\u202fd on two CPU cores" in listed, "the paper's preset on a CPU"


def test_that_a_file_with_settings_leaves_the_rest_to_the_pictures(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "frogs", noise(9, 20, 20, 3))
    (tmp_path / "mine.toml").write_text(f'[data]\nsource = "{folder}"\n[model]\nwidth = 4\n[training]\nsteps = 1\n')
    assert main(["train", str(tmp_path / "mine.toml"), "--out", str(tmp_path / "run")]) == 0
    assert RunFolder(tmp_path / "run").read().config.data.channels == 3


def test_that_train_makes_a_run_and_says_what_came_of_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answer = answer_of(capsys, "train", "--out", tmp_path / "run", "--steps", "3", "--seed", "5", *SMALL)
    assert answer["folder"] == str(tmp_path / "run")
    assert (answer["step"], answer["pictures_seen"]) == (3, 24)
    assert answer["metrics"]["loss_d"] > 0
    config = RunFolder(tmp_path / "run").read().config
    assert (config.seed, config.training.steps, config.model.width) == (5, 3, 4)


def test_that_train_without_json_shows_the_run_and_prints_nothing_to_read_by_programs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["train", "--out", str(tmp_path / "run"), "--steps", "2", *SMALL]) == 0
    out, told = capsys.readouterr()
    assert out == ""
    assert str(tmp_path / "run") in told
    assert "2 / 2" in told


def test_that_a_run_in_two_halves_equals_a_whole_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    whole = answer_of(capsys, "train", "--out", tmp_path / "whole", "--steps", "6", *SMALL)
    answer_of(capsys, "train", "--out", tmp_path / "half", "--steps", "4", *SMALL)
    half = answer_of(capsys, "resume", tmp_path / "half", "--steps", "6")
    assert half["step"] == 6
    assert half["state_sha256"] == whole["state_sha256"]


def test_that_a_toml_file_starts_the_run_it_describes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(config_toml(tiny(training__steps=2, seed=9)))
    answer = answer_of(capsys, "train", tmp_path / "mine.toml", "--out", tmp_path / "run")
    assert answer["step"] == 2
    assert RunFolder(tmp_path / "run").read().config == tiny(training__steps=2, seed=9)


def test_that_run_toml_of_one_run_starts_another_just_like_it(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    first = resume(run).trainer
    again = answer_of(capsys, "train", run / "run.toml", "--out", tmp_path / "again")
    assert first is not None
    assert again["step"] == 12
    assert np.array_equal(load_run(tmp_path / "again").sample(4), load_run(run).sample(4))


@pytest.mark.parametrize("name", preset_names())
def test_that_every_preset_can_be_chosen(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen = []
    monkeypatch.setattr("gan_studio.cli.training.run_job", lambda job, control, **_: chosen.append(job) or 0)
    assert main(["train", "--preset", name, "--steps", "7", "--out", str(tmp_path / "run")]) == 0
    assert chosen[0].request.config == with_values(load_preset(name).config, {"training.steps": 7})


def test_that_a_folder_of_pictures_is_trained_and_what_is_left_out_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    for number in range(9):
        Image.new("L", (40, 40), number * 20).save(tmp_path / "pictures" / f"{number}.png")
    (tmp_path / "pictures" / "broken.png").write_bytes(b"no picture")
    arguments = ["train", "--data", str(tmp_path / "pictures"), "--out", str(tmp_path / "run"), "--steps", "2"]
    assert main([*arguments, *SMALL]) == 0
    told = capsys.readouterr().err
    assert "9 pictures" in told
    assert "left out: broken.png" in told


def test_that_what_was_understood_of_the_pictures_is_told_from_the_cache_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for place in ("cat/0.png", "dog/1.png", "2.png"):
        (tmp_path / "pictures" / place).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (40, 40), len(place)).save(tmp_path / "pictures" / place)
    for run in ("first", "second"):
        arguments = ["train", "--data", str(tmp_path / "pictures"), "--out", str(tmp_path / run), "--steps", "1"]
        assert main([*arguments, *SMALL, "--set", "training.batch_size=2"]) == 0
        assert "The folders are not taken as classes, because 2.png lies beside them." in capsys.readouterr().err


def test_that_a_new_run_goes_to_the_users_documents_unless_told(
    capsys: pytest.CaptureFixture[str], own_home: Path
) -> None:
    answer = answer_of(capsys, "train", "--steps", "1", *SMALL)
    assert Path(answer["folder"]).is_relative_to(own_home)
    assert "quickstart fashion-mnist" in Path(answer["folder"]).name


# What is refused


def test_that_the_nearest_setting_is_named_for_an_unknown_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert "training.batch_size" in refusal_of(capsys, "train", "--set", "training.batchsize=4", "--out", out)
    assert "model.width" in refusal_of(capsys, "train", "--set", "widht=4", "--out", out)
    (tmp_path / "mine.toml").write_text("[training]\nlearning_rate = 1e-3\n")
    assert "training.learning_rate_" in refusal_of(capsys, "train", tmp_path / "mine.toml", "--out", out)
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--steps", "0"],
        ["--seed", "-1"],
        ["--device", "abacus"],
        ["--device", "cuda:99"],
        ["--set", "model.width=wide"],
        ["--set", "model.width"],
        ["--set", "model.width=3"],
        ["--set", "training.learning_rate_g=nan"],
        ["--set", "data.channels=2"],
        ["--data", "/no/such/folder"],
        ["--data", "starter:nothing"],
        ["/no/such/file.toml"],
    ],
)
def test_that_what_cannot_be_trained_is_refused_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str]
) -> None:
    refusal_of(capsys, "train", "--out", tmp_path / "run", *arguments)
    assert not (tmp_path / "run").exists()


def test_that_what_a_wrong_option_is_called_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told = refusal_of(capsys, "train", "--out", tmp_path / "run", "--device", "abacus")
    assert "device" in told
    assert "abacus" in told
    assert "--set" not in told  # nobody wrote that


@pytest.mark.parametrize("text", ["no toml [", "[model]\nwidth = 'wide'", "[unheard]\nof = 1", "\0"])
def test_that_a_wrong_file_is_refused_by_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    (tmp_path / "mine.toml").write_text(text)
    assert "mine.toml" in refusal_of(capsys, "train", tmp_path / "mine.toml", "--out", tmp_path / "run")


def test_that_a_run_is_never_laid_over_another(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    assert "already holds a run" in refusal_of(capsys, "train", "--out", run, "--steps", "3", *SMALL)
    assert RunFolder(run).checkpoints()[-1].step == 12


@pytest.mark.parametrize(
    "arguments", [["--device", "abacus"], ["--device", "cuda:x"], ["--device", "cuda:99"], ["--steps", "0"]]
)
def test_that_a_run_does_not_go_on_with_what_is_not_there(
    capsys: pytest.CaptureFixture[str], run: Path, arguments: list[str]
) -> None:
    assert arguments[1] in refusal_of(capsys, "resume", run, *arguments)


def test_that_a_run_does_not_end_before_where_it_is(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    assert main(["resume", str(run), "--steps", "8"]) == 2
    told = capsys.readouterr().err
    assert "cannot stop at step 8: it is already at step 12" in told
    assert RunFolder(run).checkpoints()[-1].step == 12


def test_that_an_unknown_preset_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = refusal_of(capsys, "train", "--preset", "no-such", "--out", tmp_path / "run")
    assert "no preset called no-such" in told
    assert "quickstart" in told


def test_that_a_misspelt_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["trian"])
    assert ended.value.code == 2
    assert "did you mean train?" in capsys.readouterr().err


def test_that_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"gan-studio {gan_studio.__version__}\n"


def test_that_a_live_setting_like_no_other_is_answered_with_all(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    assert main(["resume", str(run), "--knob", "foo=1"]) == 2
    told = capsys.readouterr().err
    assert "no live setting called foo" in told
    assert "learning_rate_g" in told


@pytest.mark.parametrize(
    ("assignment", "needed"),
    [
        ("training.batch_size=abc", "a whole number"),
        ("training.learning_rate_g=fast", "a number"),
        ("training.train_d=maybe", "one of true, false"),
        ("data.image_size=large", "one of 28, 32, 64"),
    ],
)
def test_that_it_is_said_what_kind_of_value_a_setting_needs(
    capsys: pytest.CaptureFixture[str], assignment: str, needed: str
) -> None:
    assert main(["train", "--set", assignment]) == 2
    told = capsys.readouterr().err
    assert f"it must be {needed}" in told
    assert "invalid literal" not in told


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["--steps", "0"], "it must be 1 or more"),
        (["--seed", "-1"], "it must be 0 or more"),
        (["--device", "abacus"], "it must be auto, cpu, cuda or cuda:N"),
        (["--set", "data.source="], "it must not be empty"),
        (["--set", "data.background=red"], "it must be a colour as #rrggbb"),
        (["--set", "precision=half"], "it must be one of 'auto', 'float32', 'tf32' or 'bfloat16'"),
        (["--set", "training.learning_rate_g=inf"], "it must be"),
        (["--set", "training.learning_rate_g=0"], "it must be more than 0"),
        (["--set", "training.beta1=1"], "it must be less than 1"),
        (["--set", "record.checkpoints_kept=9999"], "it must be 1000 or less"),
        (["--set", f"preset={'x' * 99}"], "it must have at most 80 characters"),
    ],
)
def test_that_a_value_outside_its_limits_is_answered_with_the_limits(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], needed: str
) -> None:
    told = refusal_of(capsys, "train", "--out", tmp_path / "run", *arguments)
    assert needed in told
    assert "should" not in told


@pytest.mark.parametrize("option", ["--out", "--data", "--preset", "--fine-tune"])
def test_that_an_empty_argument_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["train", option, ""])
    assert ended.value.code == 2
    assert "an argument is empty" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_that_a_checkpoint_that_a_branch_lacks_is_answered_with_those_it_has(
    capsys: pytest.CaptureFixture[str], run: Path
) -> None:
    told = refusal_of(capsys, "resume", run, "--back-to", "5", "--branch", "0")
    assert "Branch 0 has no checkpoint of step 5." in told
    assert "(0, 12)" in told


# Places that cannot hold a run


@pytest.mark.parametrize("out", ["x" * 300, "/".join(["d" * 99] * 6), "file/run", "file"])
def test_that_a_place_that_cannot_hold_a_run_is_refused_and_left_as_it_was(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, out: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    told = refusal_of(capsys, "train", "--out", out, "--steps", "1", *SMALL)
    assert "[Errno" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("variable", ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"])
def test_that_a_run_is_trained_where_a_folder_of_the_user_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(variable, str(tmp_path / "file" / "home"))
    assert answer_of(capsys, "train", "--out", tmp_path / "run", "--steps", "1", *SMALL)["step"] == 1


def test_that_a_cache_that_cannot_be_written_is_answered_with_the_variable_that_moves_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_STUDIO_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(picture_set, "IN_MEMORY_BYTES", 0)
    for number in range(3):
        Image.new("L", (40, 40), number * 20).save(tmp_path / f"{number}.png")
    assert main(["train", "--data", str(tmp_path), "--out", str(tmp_path / "run"), "--steps", "1", *SMALL]) == 2
    told = capsys.readouterr().err
    assert "Set GAN_STUDIO_CACHE to a folder that you can write to." in told
    assert not (tmp_path / "run").exists()


def test_that_documents_that_cannot_be_written_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_STUDIO_RUNS", str(tmp_path / "file" / "runs"))
    assert f"because {tmp_path / 'file'} is not a folder" in refusal_of(capsys, "train", "--steps", "1", *SMALL)


@pytest.mark.parametrize(
    "arguments",
    [
        ["resume", "x" * 300],
        ["history", "file/run"],
        ["sample", "{run}", "--count", "1", "--out", "file"],
        ["sample", "{run}", "--count", "1", "--out", "x" * 300],
        ["sample", "{run}", "--count", "1", "--out", "a.xyz"],
        ["sample", "{run}", "--count", "1", "--out", "file/sheet.png"],
        ["report", "--out", ".."],
        ["import", "no.pt", "--out", "out.safetensors"],
        ["train", "no.toml"],
        ["train", "--data", "file.zip"],
        ["free-space", "file"],
    ],
)
def test_that_a_path_of_the_wrong_kind_is_refused_without_words_of_the_system(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    run: Path,
    arguments: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "file.zip").touch()
    told = refusal_of(capsys, *(argument.replace("{run}", str(run)) for argument in arguments))
    assert not any(leak in told for leak in ("[Errno", ".tmp", "Error:".lower(), "invalid literal"))


def test_that_samples_of_another_kind_are_answered_with_the_kinds_there_are(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    told = refusal_of(capsys, "sample", run, "--count", "1", "--out", tmp_path / "x.xyz")
    assert "name a .png or .npz file, or a folder without an ending" in told


def test_that_a_working_folder_that_was_deleted_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def gone() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "getcwd", gone)
    assert "no longer exists" in refusal_of(capsys, "train", "--out", tmp_path / "run")


def test_that_the_doctor_starts_where_the_presets_are_gone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gan_studio.engine.config.presets.resource", lambda *_: tmp_path / "nothing")
    assert main(["doctor", "--json"]) in (0, 1)
    assert json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("command", [["resume"], ["sample", "--out", "sheet.png"]])
def test_that_a_folder_without_a_run_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    assert "does not hold a run" in refusal_of(capsys, command[0], tmp_path, *command[1:])


@pytest.mark.parametrize("arguments", [["paint"], ["sample"], ["train", "--steps", "x"]])
def test_that_a_command_line_that_makes_no_sense_ends_with_2_and_the_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: gan-studio" in capsys.readouterr().err


def test_that_a_fault_of_ours_ends_with_1_and_its_trace(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("gan_studio.engine.replay.captured.CapturedStep.step", broken)
    assert main(["train", "--out", str(tmp_path / "run"), "--steps", "2", *SMALL]) == 1
    told = capsys.readouterr().err
    assert "a fault of ours" in told
    assert "Traceback" in told


@pytest.mark.parametrize("command", ["", "train", "resume", "sample", "doctor"])
def test_that_help_explains_every_command(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"] if command else ["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert f"usage: gan-studio {command}".strip() in told
    assert command == "doctor" or f"gan-studio {command}".strip() in told.partition("examples:")[2]


# Another process


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_that_it_trains_and_samples_where_there_is_no_qt(tmp_path: Path) -> None:
    """A fresh process, because this one may have loaded Qt."""
    command = [sys.executable, "-c", WITHOUT_QT]
    training = [*command, "train", "--out", str(tmp_path / "run"), "--steps", "2", *SMALL, "--json"]
    answer = subprocess.run(training, env=environment(), capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout)["step"] == 2
    window = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert window.returncode != 0
    assert "PySide6" in window.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="paths are Unicode on Windows")
def test_that_paths_that_are_not_utf8_are_printed_in_every_encoding(references: References, tmp_path: Path) -> None:
    """A fresh process, because the encoding of a terminal is that of a whole process."""
    run = os.fsencode(references.copy_to(tmp_path / os.fsdecode("caf\u00e9".encode("latin-1"))))
    ascii_only = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    commands = ([b"free-space", run], [b"sample", run, b"--count", b"1", b"--json", b"--out", run + b"/\xe9.png"])
    for command, changed in zip(commands, ({"PYTHONIOENCODING": "ascii"}, ascii_only), strict=True):
        ended = subprocess.run(
            [sys.executable, "-m", "gan_studio", *command],
            env={**environment(), **changed},
            capture_output=True,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
        assert ended.stdout
    assert Path(os.fsdecode(run + b"/\xe9.png")).is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_that_a_signal_ends_a_run_well_with_a_checkpoint_of_its_last_step(tmp_path: Path, number: int) -> None:
    """A fresh process, because a signal goes to a whole process."""
    place = tmp_path / "run"
    command = [sys.executable, "-m", "gan_studio", "train", "--out", str(place), "--steps", "1000000", *SMALL, "--json"]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    folder = RunFolder(place)
    try:
        while not any(moment.step >= 16 for moment in folder.sheets()):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.send_signal(number)
        out, told = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, told
    answer = json.loads(out)
    assert answer["step"] >= 16
    assert folder.checkpoints()[-1].step == answer["step"]
    job = resume(place, steps=answer["step"] + 1)
    assert job.trainer is not None
    assert job.trainer.state.step == answer["step"] + 1


def test_that_a_run_has_the_name_it_was_given_and_resume_prints_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, small = tmp_path / "run", ("--set", "model.width=4", "--set", "data.most=64")
    assert main(["train", "--steps", "1", "--out", str(out), "--name", "Frogs,  too", *small, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Frogs, too"
    assert main(["resume", str(out), "--steps", "2"]) == 0
    assert "Frogs, too: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "x" * 81], "at most 80"),
        (["--name", "\u202e"], "nothing of it can be seen"),
        (["--fine-tune-step", "4"], "no run was named"),
        (["--fine-tune", "run", "--fine-tune-branch", "1"], "no step was named"),
        (["--fine-tune", "weights.safetensors", "--fine-tune-step", "4"], "is not a run folder"),
    ],
)
def test_that_a_name_or_a_step_that_cannot_be_used_is_refused_before_anything_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["train", "--out", str(tmp_path / "run"), *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
