"""Files of weights that state a model which is not theirs: refused in words, before memory is made for it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gan_studio
from gan_studio.engine.exchange.weights import read_weights
from gan_studio.engine.files.tensors import write_tensor_file
from gan_studio.engine.text.message import EngineError
from tests.reliability.ledger import Page

MODEL = {"data.image_size": 64, "data.channels": 3, "model.width": 8}
MODELS: dict[str, Any] = {
    "no JSON": "{",
    "a list": json.dumps([1, 2]),
    "deep": "[" * 4_000,
    "long": json.dumps({**MODEL, "data.image_size": " " * 5_000}),
    "another setting": json.dumps({**MODEL, "training.steps": 7}),
    "a setting within another": json.dumps({"model": {"width": 8}}),
    "an odd size": json.dumps({**MODEL, "data.image_size": 63}),
    "a width beyond all": json.dumps({**MODEL, "model.width": 2**40}),
    "text for a number": json.dumps({**MODEL, "model.width": "wide"}),
    "NaN": json.dumps({**MODEL, "model.width": float("nan")}),
    "classes": json.dumps({**MODEL, "model.conditional": True}),
}


def written(path: Path, model: str, value: float = 0.0) -> Path:
    arrays = {"layers.0.weight": np.full((2, 2, 4, 4), value, np.float32)}
    write_tensor_file(path, arrays, {"kind": "weights", "format_version": "1", "model": model})
    return path


@pytest.mark.parametrize("kind", MODELS)
def test_that_a_hostile_model_is_refused_in_words(tmp_path: Path, kind: str, ledger: Page) -> None:
    with pytest.raises(EngineError, match="states a model that cannot be built"):
        read_weights(written(tmp_path / "a.safetensors", MODELS[kind]))
    ledger.injected(11, "a hostile model in a file of weights", 1)


GOOD = {"left": [["import.no_layer", {}, ["a"]]], "more": 0}
TOLD: dict[str, dict[str, str]] = {
    "no JSON": {"notes": "["},
    "deep notes": {"notes": "[" * 100_000},
    "notes too long": {"notes": json.dumps([["import.no_layer", {}]] * 60_000)},
    "a note of another kind": {"notes": json.dumps([["kept.file_untouched", {}]])},
    "an unknown note": {"notes": json.dumps([["import.no_such", {}]])},
    "a note without its values": {"notes": json.dumps([["import.folded", {}]])},
    "a value that is a key": {"notes": json.dumps([["import.folded", {"key": "a", "self": 1}]])},
    "a value that steers a terminal": {"notes": json.dumps([["import.folded", {"count": "\x1b[31m"}]])},
    "a value that is a list": {"notes": json.dumps([["import.folded", {"count": [1]}]])},
    "a count that is none": {"left": json.dumps({**GOOD, "more": -1})},
    "a name that steers a terminal": {"left": json.dumps({**GOOD, "left": [["import.no_layer", {}, ["\x1b[31m"]]]})},
    "a long name": {"left": json.dumps({**GOOD, "left": [["import.no_layer", {}, ["a" * 1_000]]]})},
    "another tree": {"left": json.dumps({**GOOD, "more names": 1})},
}


@pytest.mark.parametrize("kind", TOLD)
def test_that_hostile_notes_are_refused_in_words(tmp_path: Path, kind: str, ledger: Page) -> None:
    path, arrays = tmp_path / "a.safetensors", {"layers.0.weight": np.zeros((2, 2, 4, 4), np.float32)}
    facts = {"kind": "weights", "format_version": "1", "model": json.dumps(MODEL)}
    write_tensor_file(path, arrays, {**facts, "left": json.dumps(GOOD), "notes": "[]"})
    assert list(read_weights(path).left) == ["a"]
    write_tensor_file(path, arrays, {**facts, **TOLD[kind]})
    with pytest.raises(EngineError, match="holds notes that no import wrote"):
        read_weights(path)
    ledger.injected(11, "hostile notes in a file of weights", 1)


def test_that_tensors_are_compared_with_the_model_before_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = json.dumps({"data.image_size": 256, "model.width": 512})
    monkeypatch.setattr("gan_studio.engine.explore.sampler.generator_from", None)
    with pytest.raises(EngineError, match="not those of the model that it states"):
        gan_studio.load_weights(written(tmp_path / "a.safetensors", huge))


def test_that_a_damaged_file_and_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"layers\.0\.weight.*NaN"):
        read_weights(written(tmp_path / "a.safetensors", json.dumps(MODEL), float("nan")))
    whole = written(tmp_path / "b.safetensors", json.dumps(MODEL)).read_bytes()
    (tmp_path / "b.safetensors").write_bytes(whole[:-1] + b"\x01")
    with pytest.raises(EngineError, match="SHA-256"):
        read_weights(tmp_path / "b.safetensors")
