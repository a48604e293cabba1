"""Weights of other programs: read only by an import, in a process of its own, and only tensors come out."""

import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.exchange.import_child import refuse
from gan_studio.engine.exchange.import_weights import Imported, Limits, import_weights
from gan_studio.engine.step.state import build_state
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.fine_tune import take_weights
from tests.engine.commands import answer_of, refusal_of
from tests.reliability.canary import FORMS, as_pickle, as_torch_zip, hatch
from tests.reliability.children import answer_of as process_answer
from tests.reliability.ledger import Page

ROOT = Path(__file__).parent.parent.parent
WIDTH = 4
PUBLISHED = with_values(RunConfig(), {"data.image_size": 64, "data.channels": 3, "model.width": WIDTH})


def published_generator() -> nn.Sequential:
    """Build `netG.main` of github.com/pytorch/examples, dcgan/main.py, with ngf = WIDTH."""
    layers: list[nn.Module] = []
    for before, after, stride, padding in ((100, 8, 1, 0), (8, 4, 2, 1), (4, 2, 2, 1), (2, 1, 2, 1)):
        inputs = before if before == 100 else before * WIDTH
        layers += [nn.ConvTranspose2d(inputs, after * WIDTH, 4, stride, padding, bias=False)]
        layers += [nn.BatchNorm2d(after * WIDTH), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.ConvTranspose2d(WIDTH, 3, 4, 2, 1, bias=False), nn.Tanh())


def published_discriminator() -> nn.Sequential:
    """Build `netD.main` of the same, without its sigmoid."""
    layers: list[nn.Module] = [nn.Conv2d(3, WIDTH, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
    for before in (1, 2, 4):
        layers += [nn.Conv2d(before * WIDTH, 2 * before * WIDTH, 4, 2, 1, bias=False)]
        layers += [nn.BatchNorm2d(2 * before * WIDTH), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(8 * WIDTH, 1, 4, 1, 0, bias=False))


def named(prefix: str, network: nn.Module) -> dict[str, torch.Tensor]:
    return {f"{prefix}main.{name}": tensor.clone() for name, tensor in network.state_dict().items()}


@pytest.mark.parametrize("prefix", ["", "module.", "netG."])
def test_that_the_published_dcgan_becomes_the_same_networks(tmp_path: Path, prefix: str) -> None:
    generator, discriminator = published_generator(), published_discriminator()
    for network in (generator, discriminator):
        network(torch.randn(16, 100, 1, 1) if network is generator else torch.randn(16, 3, 64, 64))  # moves statistics
        network.eval()
    save_file(named(prefix, generator), tmp_path / "g.safetensors")
    save_file(named(prefix, generator) | named("netD.", discriminator), tmp_path / "both.safetensors")
    z, pictures = torch.randn(4, 100), torch.rand(4, 3, 64, 64) * 2 - 1
    for name, fresh in (("g", 28), ("both", 0)):
        state = build_state(PUBLISHED, torch.device("cpu"))
        origin = take_weights(state, tmp_path / f"{name}.safetensors")
        assert len([tensor for tensor in origin.fresh if not tensor.endswith("tracked")]) <= fresh
        assert not any(tensor.startswith("generator") for tensor in origin.fresh)
        for ours in (state.generator.eval(), state.generator_ema):
            assert torch.allclose(ours(z), generator(z[:, :, None, None]), atol=1e-5)
    assert origin.fresh == ()
    judged = state.discriminator.eval()(pictures)
    assert torch.allclose(judged, discriminator(pictures).flatten(), atol=1e-5)


def test_that_weights_with_nan_are_refused_by_name(tmp_path: Path) -> None:
    weights = named("", published_generator())
    weights["main.3.weight"][0, 0, 0, 0] = float("nan")
    save_file(weights, tmp_path / "g.safetensors")
    with pytest.raises(EngineError, match=r"layers\.1\.weight.*NaN"):
        take_weights(build_state(PUBLISHED, torch.device("cpu")), tmp_path / "g.safetensors")


def test_that_an_import_keeps_tensors_alone_and_says_what_it_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tensors = {
        "netG": {"half": torch.arange(4).half(), "brain": torch.arange(4).bfloat16(), "plain": torch.arange(6.0)},
        "strange \x1b[31m/../name": torch.ones(2, dtype=torch.int8),
        "step": 7,
        "words": ["a", "b"],
        "endless": torch.zeros(1).expand(2**20, 2**20),
    }
    torch.save(tensors, tmp_path / "a.pt")
    told = answer_of(capsys, "import", tmp_path / "a.pt", "--out", tmp_path / "a.safetensors")
    assert (told["tensors"], told["converted"], told["left_out_count"]) == (4, 3, 3)
    assert told["left_out"] == ["step", "words", "endless"]
    assert "none of its tensors belongs to a layer" in told["no_networks"]
    assert sorted(told["not_used"]) == ["netG.brain", "netG.half", "netG.plain", "strange___31m_.._name"]
    found = load_file(tmp_path / "a.safetensors")
    assert {name: tensor.dtype for name, tensor in found.items()} == {
        "netG.half": torch.float32,
        "netG.brain": torch.float32,
        "netG.plain": torch.float32,
        "strange___31m_.._name": torch.int64,
    }
    assert torch.equal(found["netG.half"], torch.arange(4.0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pt", "a.safetensors"]


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("a.pth", "torch-zip", r"names (posix|nt)\.mkdir"),
        ("a.bin", "torch-legacy", "neither loaded nor run"),
        ("a.safetensors", "pickle", "cannot be read as weights"),
    ],
)
def test_that_nothing_in_a_foreign_file_is_ever_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Page, name: str, form: str, words: str
) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    (tmp_path / name).write_bytes(FORMS[form](tmp_path / "canary"))
    with pytest.raises(EngineError, match=words) as refused:
        import_weights(tmp_path / name, tmp_path / "out.safetensors")
    ledger.injected(11, "a canary in a file that is imported", 1)
    assert "weights_only" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_that_the_canary_would_hatch_in_a_careless_program(tmp_path: Path) -> None:
    for name, form in FORMS.items():
        hatch(form(tmp_path / name))
        assert (tmp_path / name).is_dir()


def test_that_a_file_is_not_imported_beyond_its_limits(tmp_path: Path, ledger: Page) -> None:
    torch.save({"a": torch.zeros(2**22)}, tmp_path / "a.pt")
    limits = {
        r"longer than allowed \(0\.01 s\)": Limits(seconds=0.01),
        r"longer than allowed \(0 s\)": Limits(cpu_seconds=0),
        "more memory than allowed|without an answer": Limits(memory=2**20),
    }
    for words, limit in limits.items():
        with pytest.raises(EngineError, match=words):
            import_weights(tmp_path / "a.pt", tmp_path / "out.safetensors", limit)
        ledger.injected(11, "limits of time, processor and memory of an import", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pt"]


def test_that_a_small_file_cannot_grow_without_bound(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(2**22)}, tmp_path / "a.pt")
    with zipfile.ZipFile(tmp_path / "a.pt") as plain, zipfile.ZipFile(tmp_path / "b.pt", "w") as packed:
        for name in plain.namelist():
            packed.writestr(name, plain.read(name), zipfile.ZIP_DEFLATED)
    with pytest.raises(EngineError, match="no tensor"):
        import_weights(tmp_path / "b.pt", tmp_path / "out.safetensors")


def test_that_a_place_or_file_that_will_not_do_is_told_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.pt"
    source.write_bytes(as_torch_zip(tmp_path / "canary"))
    (tmp_path / "there.safetensors").write_bytes(b"mine")
    (tmp_path / "link.safetensors").symlink_to(tmp_path / "victim")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.pt")
        assert "regular file" in refusal_of(capsys, "import", tmp_path / "pipe.pt", "--out", tmp_path / "o.safetensors")
    for wrong, out, words in (
        (source, "there.safetensors", "already exists"),
        (source, "link.safetensors", "already exists"),
        (source, "out.pt", "must end in .safetensors"),
        (tmp_path / "gone.pt", "out.safetensors", "cannot be read"),
        (tmp_path / "a.txt", "out.safetensors", "not a file of weights"),
        (source, "nowhere/out.safetensors", "could not be written"),
    ):
        assert words in refusal_of(capsys, "import", wrong, "--out", tmp_path / out)
    assert (tmp_path / "there.safetensors").read_bytes() == b"mine"
    assert not (tmp_path / "victim").exists()


def test_that_fine_tuning_sends_foreign_files_to_the_import(tmp_path: Path) -> None:
    (tmp_path / "a.pth").write_bytes(as_pickle(tmp_path / "canary"))
    with pytest.raises(EngineError, match="gan-studio import"):
        take_weights(build_state(PUBLISHED, torch.device("cpu")), tmp_path / "a.pth")


def try_forbidden_things(listener: Connection) -> None:
    """Tell which of the things that reading tensors never does are refused where foreign weights are read."""
    sys.addaudithook(refuse)
    tries: dict[str, Callable[[], object]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
        "resolve": lambda: socket.getaddrinfo("localhost", 80),
        "run": lambda: subprocess.run(["true"]),
        "system": lambda: os.system("true"),
    }
    found = []
    for name, attempt in tries.items():
        try:
            attempt()
        except PermissionError:
            found.append(name)
    listener.send(found)


def test_that_the_reading_process_may_neither_connect_nor_start_another() -> None:
    """It needs a process of its own, because an audit hook stays for good."""
    assert sorted(process_answer(try_forbidden_things)) == ["connect", "resolve", "run", "system"]


def test_that_an_import_tells_its_size(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(10)}, tmp_path / "a.safetensors")
    imported = import_weights(tmp_path / "a.safetensors", tmp_path / "b.safetensors")
    assert isinstance(imported, Imported)
    assert imported.size == (tmp_path / "b.safetensors").stat().st_size
    assert np.array_equal(load_file(tmp_path / "b.safetensors")["a"].numpy(), np.zeros(10, np.float32))
