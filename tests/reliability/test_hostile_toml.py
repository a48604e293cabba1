"""Settings that mean harm, or are merely odd: understood, or refused in words with the place that is wrong."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan_studio.engine.config.files import config_toml, read_config
from gan_studio.engine.config.presets import load_preset, preset_names, user_presets_folder
from gan_studio.engine.config.schema import RunConfig, field_specs
from gan_studio.engine.files.toml import read_toml
from gan_studio.engine.library.setups import ReadSetup, SetupRead, answer_setup
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.text.message import EngineError
from tests.reliability.ledger import Page

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)

REFUSED: dict[str, tuple[bytes, str]] = {
    "arrays within arrays": (b"a = " + b"[" * 100_000, "nested more than 20 levels deep"),
    "tables within tables": (b"a = " + b"{a=" * 1_000, "nested more than 20 levels deep"),
    "closed arrays": (b"seed = " + b"[" * 21 + b"]" * 21, "nested more than 20 levels deep"),
    "a name of many parts": (b"a" + b".a" * 500_000 + b" = 1", "nested more than 20 levels deep"),
    "a quoted name of many parts": (b'"="' + b'."a"' * 200_000 + b" = 1", "nested more than 20 levels deep"),
    "a table of many parts": (b"[a" + b".a" * 100_000 + b"]\nb = 1", "nested more than 20 levels deep"),
    "a deep value behind a text": (b'b = "[[" # ]]\nseed = ' + b"[" * 30, "nested more than 20 levels deep"),
    "100 000 names": (b"".join(b"a%d=1\n" % number for number in range(100_000)), "sets more than 20000 values"),
    "one more than 1 MiB": (b"#" * (2**20 + 1), "larger than 1.0\u202fMB"),
    "a text without end": (b'preset = """' + b"x" * 1_000, "not valid TOML"),
    "5 000 digits": (b"seed = " + b"9" * 5_000, "not valid TOML"),
    "a zero byte": (b"seed = 1\0", "not valid TOML"),
    "no UTF-8": (b"preset = '\xff'", "not valid TOML"),
    "UTF-16": ("seed = 1".encode("utf-16"), "not valid TOML"),
    "a name twice": (b"seed = 1\nseed = 2", "not valid TOML"),
    "a section twice": (b"[data]\n[data]", "not valid TOML"),
    "a pickle": (b"\x80\x04\x95.", "not valid TOML"),
    "NaN": (b"[training]\nlearning_rate_g = nan", r"training\.learning_rate_g = nan"),
    "infinity": (b"[record]\ncheckpoint_seconds = inf", r"record\.checkpoint_seconds = inf"),
    "a number too large": (b"[training]\nbatch_size = 1000000000", r"training\.batch_size = 1000000000"),
    "a huge number": (b"seed = " + b"9" * 400, "seed = 999"),
    "a negative width": (b"[model]\nwidth = -4", r"model\.width = -4"),
    "a fraction of a step": (b"[training]\nsteps = 1.5", r"training\.steps = 1\.5"),
    "a date for a seed": (b"seed = 1979-05-27", "seed = "),
    "an array for a width": (b"[model]\nwidth = [4]", r"model\.width = \[4\]"),
    "a table for a width": (b"[model.width]\na = 1", r"model\.width = "),
    "a text for a section": (b'model = "x"', "model is a section of settings"),
    "a number for a section": (b"training = 1", "training is a section of settings"),
    "tables for a section": (b"[[model]]\nwidth = 4", "model is a section of settings"),
    "a text for it all": (b'config = "x"', "config is a section of settings"),
    "an unknown name": (b"sede = 1", r"no setting sede; the nearest is seed\."),
    "an unknown name in a section": (b"[model]\nwidht = 4", r"no setting model\.widht; the nearest is model\.width\."),
    "a deep unknown name": (b"[model.width_]\na.b = 4", r"no setting model\.width_; the nearest is model\.width"),
    "an unknown section": (b"[modle]\nwidth = 4", r"no setting modle; the nearest is model?\."),
    "a name of a megabyte": (b"a" * 1_000_000 + b" = 1", r"no setting a{50}; "),
    "a device with commands": (b'device = "cuda:0; rm"', "device = "),
    "a colour with markup": (b'[data]\nbackground = "#ffffff<b>"', r"data\.background = "),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_that_it_is_refused_in_words_that_name_the_place(tmp_path: Path, kind: str, ledger: Page) -> None:
    content, words = REFUSED[kind]
    (tmp_path / "a.toml").write_bytes(content)
    with pytest.raises(EngineError, match=words) as refused:
        read_config(tmp_path / "a.toml")
    assert str(tmp_path / "a.toml") in str(refused.value.happened)
    assert len(str(refused.value)) < 1_000
    ledger.injected(11, "hostile TOML", 1)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_that_files_of_any_editor_are_understood(tmp_path: Path, ending: str, mark: str) -> None:
    text = mark + config_toml(RunConfig(seed=7)).replace("\n", ending)
    (tmp_path / "a.toml").write_bytes(text.encode("utf-8"))
    assert read_config(tmp_path / "a.toml") == RunConfig(seed=7)


def test_that_dots_and_brackets_in_texts_and_comments_count_for_nothing(tmp_path: Path) -> None:
    source = "../" * 40 + "[[[[{{{{ pictures" + "." * 40
    config = RunConfig.model_validate({"data": {"source": source}})
    text = "# " + "[" * 60 + "." * 60 + "\n" + config_toml(config)
    text += f'[about]\ntitle = \'\'\'{"[." * 50}\'\'\'\nsummary = """{"{." * 50}\\""""\n'
    (tmp_path / "a.toml").write_text(text)
    assert read_config(tmp_path / "a.toml") == config


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_that_what_is_no_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "ring.toml").symlink_to(tmp_path / "ring.toml")
    for name in ("pipe.toml", "folder.toml", "ring.toml", "gone.toml", "a" * 300, "a\0b"):
        with pytest.raises(EngineError):
            read_toml(tmp_path / name)
    if Path("/dev/zero").exists():
        with pytest.raises(EngineError, match="regular file"):
            read_toml(Path("/dev/zero"))
    user_presets_folder().mkdir(parents=True)
    os.mkfifo(user_presets_folder() / "mine.toml")
    assert "mine" not in preset_names()


@pytest.mark.parametrize("minutes", ["nan", "inf", "-1", "1" + "0" * 400, '"long"', "[1]", "{a = 1}"])
def test_that_odd_facts_about_a_preset_are_passed_over(minutes: str) -> None:
    user_presets_folder().mkdir(parents=True)
    (user_presets_folder() / "mine.toml").write_text(f"[about]\ntitle = 7\nminutes = {minutes}\n")
    assert load_preset("mine").minutes == 0
    assert load_preset("mine").title == "7"


@given(st.binary(max_size=200))
@SHARED
def test_that_no_bytes_raise_anything_but_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.toml").write_bytes(content)
    reply = answer_setup(ReadSetup(tmp_path / "a.toml"))
    assert isinstance(reply, SetupRead) or reply.happened.key == "config.refused"


WORDS = st.text(st.characters(codec="utf-8"), max_size=10)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_subnormal=False), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=5,
)
SECTIONS = sorted({spec.path.rpartition(".")[0] for spec in field_specs()} - {""})
NAMES = st.one_of(st.sampled_from([spec.name for spec in field_specs()]), WORDS)
TREES = st.dictionaries(
    st.one_of(st.sampled_from([*SECTIONS, "seed", "device", "about", "config", "format_version"]), WORDS),
    st.one_of(VALUES, st.dictionaries(NAMES, VALUES, max_size=4)),
    max_size=4,
)


@given(TREES)
@SHARED
def test_that_no_structure_raises_anything_but_words(tmp_path: Path, tree: dict[str, Any]) -> None:
    path = tmp_path / "run.toml"
    path.write_text(tomli_w.dumps(tree), encoding="utf-8")
    reply = answer_setup(ReadSetup(path))
    assert isinstance(reply, SetupRead) or reply.happened.key == "config.refused"
    with suppress(EngineError):
        RunFolder(tmp_path).read()


@given(TREES)
@SHARED
def test_that_a_file_is_read_as_the_format_says(tmp_path: Path, tree: dict[str, Any]) -> None:
    (tmp_path / "a.toml").write_text(tomli_w.dumps(tree), encoding="utf-8")
    assert repr(read_toml(tmp_path / "a.toml")) == repr(tomllib.loads(tomli_w.dumps(tree)))
