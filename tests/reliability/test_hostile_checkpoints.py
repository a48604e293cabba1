"""Checkpoints and snapshots that mean harm: what one says is believed only once it has been checked."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_studio import api
from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.presets import load_preset, preset_names
from gan_studio.engine.files.tensors import read_foreign_file, read_metadata, read_tensor_file, write_tensor_file
from gan_studio.engine.library.runs import ReadRun, read
from gan_studio.engine.machine.execution import Execution
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.checkpoint import newest_checkpoint, read_checkpoint
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.run.layout import checkpoint_layout, snapshot_layout
from gan_studio.engine.step.state import build_state
from gan_studio.engine.text.message import EngineError
from tests.reliability.hostile_files import NUMBERS, SPARSE, sparse
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
LAST = Moment(0, 4)


CHILD = """
import json, psutil, resource, sys
from pathlib import Path
from gan_studio.engine.run.checkpoint import read_generator
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import open_run

folder, told = open_run(Path(sys.argv[1])), []
file = folder.read()
limit = psutil.Process().memory_info().vms + 2**28
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for moment in (None, Moment(0, 4), Moment(0, 2)):
    try:
        read_generator(folder, moment, file.config, len(file.class_names))
    except EngineError as error:
        told.append(str(error.happened))
print(json.dumps(told))
"""
"""Reads generators with a quarter of a gigabyte to spare."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_that_a_claim_costs_no_memory(run: RunFolder, ledger: Page) -> None:
    """A fresh process, because its memory is limited."""
    for moment in run.checkpoints():
        sparse(run.checkpoint(moment), SPARSE)
    sparse(run.snapshot(LAST), SPARSE)
    sparse(run.snapshot(Moment(0, 2)), 8 * 10**9)
    command = [sys.executable, "-W", "ignore", "-c", CHILD, str(run.root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    for text, words in zip(
        told, ("larger than 17\u202fGB", "larger than 17\u202fGB", "its tensors are not those"), strict=True
    ):
        assert words in text
    ledger.injected(11, "a sparse file that claims more than the memory", len(told))


@pytest.mark.parametrize("name", preset_names())
def test_that_what_a_run_must_hold_is_known_before_it_is_built(name: str) -> None:
    config = load_preset(name).config
    config = config.model_copy(update={"model": config.model.model_copy(update={"width": 4})})
    classes = ["a", "b"] if config.model.conditional else []
    state = build_state(config, torch.device("cpu"), len(classes))
    assert checkpoint_layout(config, len(classes)) == state.layout()
    assert set(snapshot_layout(config, len(classes))) == set(state.generator_ema.state_dict())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_that_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(run: RunFolder) -> None:
    for path in (run.checkpoint(LAST), run.snapshot(LAST), run.sheet(LAST)):
        path.unlink()
        os.mkfifo(path)
    (run.root / "run.writer").unlink(missing_ok=True)
    os.mkfifo(run.root / "run.writer")
    for reads in (read_metadata, read_tensor_file, read_foreign_file):
        with pytest.raises(EngineError, match="regular file"):
            reads(run.checkpoint(LAST))
    assert api.load_run(run.root).step == 0
    run.log_file.unlink()
    os.mkfifo(run.log_file)
    assert isinstance(read(ReadRun(run.root)), NotDone)


def rewritten(run: RunFolder, **metadata: str) -> None:
    """Write the last checkpoint again with other metadata, proven anew."""
    path = run.checkpoint(LAST)
    file = read_tensor_file(path)
    kept = {name: text for name, text in file.metadata.items() if name != "sha256"}
    write_tensor_file(path, file.arrays, {name: text for name, text in (kept | metadata).items() if text != "none"})


EXECUTION = {"device": "cpu", "hardware": "DEFAULT", "threads": 2, "precision": "float32", "torch_version": "2.14"}
METADATA: dict[str, Mapping[str, str]] = {
    "knob of NaN": {"knobs": '{"learning_rate_g": NaN}'},
    "knob of infinity": {"knobs": '{"learning_rate_g": Infinity}'},
    "knob of 10^400": {"knobs": '{"learning_rate_g": 1' + "0" * 400 + "}"},
    "knob of 10^5000": {"knobs": '{"learning_rate_g": 1' + "0" * 5000 + "}"},
    "batch of 10^9": {"knobs": '{"batch_size": 1000000000}'},
    "half a picture": {"knobs": '{"batch_size": 8.5}'},
    "unknown knob": {"knobs": '{"__class__": 1}'},
    "knob of text": {"knobs": '{"batch_size": "8"}'},
    "knobs as a list": {"knobs": "[1]"},
    "no JSON": {"knobs": "{"},
    "deep JSON": {"knobs": "[" * 100_000},
    "no knobs": {"knobs": "none"},
    "negative step": {"step": "-4"},
    "step of 10^30": {"step": "1" + "0" * 30},
    "step in words": {"step": "four"},
    "step in Arabic digits": {"step": "٤"},
    "negative branch": {"branch": "-1"},
    "fraction of a picture": {"pictures_seen": "1.5"},
    "no hash of the settings": {"config_hash": "none"},
    "no execution": {"execution": "{}"},
    "execution as a list": {"execution": "[]"},
    "10^9 threads": {"execution": json.dumps(EXECUTION | {"threads": 10**9})},
    "no thread": {"execution": json.dumps(EXECUTION | {"threads": 0})},
    "odd device": {"execution": json.dumps(EXECUTION | {"device": "privateuseone:0"})},
    "odd precision": {"execution": json.dumps(EXECUTION | {"precision": "float8"})},
    "escape sequences": {"execution": json.dumps(EXECUTION | {"hardware": "\x1b[2J"})},
    "newer format": {"format_version": "99"},
    "other kind": {"kind": "snapshot"},
}


@pytest.mark.parametrize("kind", METADATA)
def test_that_hostile_metadata_is_refused_and_the_checkpoint_before_is_taken(
    run: RunFolder, kind: str, ledger: Page
) -> None:
    rewritten(run, **METADATA[kind])
    config = run.read().config
    state = build_state(config, torch.device("cpu"))
    before = state.copy_arrays()
    with pytest.raises(EngineError, match="cannot be used"):
        read_checkpoint(run.checkpoint(LAST), state, config)
    assert all(np.array_equal(before[name], array) for name, array in state.copy_arrays().items())
    checkpoint, faults = newest_checkpoint(run, state, config)
    assert checkpoint.moment.step < LAST.step
    assert run.checkpoint(LAST).name in str(faults[0])
    ledger.injected(11, "hostile metadata of a checkpoint", 1)


@given(st.dictionaries(st.sampled_from(sorted(EXECUTION)), NUMBERS))
@settings(deadline=None, max_examples=200)
def test_that_an_execution_is_whole_or_refused(changes: dict[str, object]) -> None:
    try:
        found = Execution.from_facts(EXECUTION | changes)
    except ValueError:
        return
    assert 1 <= found.threads <= 1024
    assert found.device == "cpu"
