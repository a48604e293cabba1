"""Weights of other programs: each DCGAN of the published pattern draws the same pictures, or its tensors are named."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

import gan_studio
from gan_studio.__main__ import main
from gan_studio.engine.config.schema import with_values
from gan_studio.engine.exchange.fitting import Networks, NoGeneratorError, networks_of
from gan_studio.engine.exchange.import_weights import default_out, import_weights
from gan_studio.engine.exchange.weights import read_weights, write_weights
from gan_studio.engine.explore.sampler import generator_of_file
from gan_studio.engine.library.weights import ReadWeights, WeightsRead, open_weights
from gan_studio.engine.models.networks import Discriminator, Generator
from gan_studio.engine.step.state import build_state
from gan_studio.engine.text.message import EngineError
from gan_studio.engine.training.fine_tune import take_weights
from tests.engine.commands import answer_of, refusal_of
from tests.engine.exchange.foreign import foreign_discriminator, foreign_generator, named

CPU = torch.device("cpu")


def networks(tensors: dict[str, Tensor]) -> Networks:
    return networks_of({name: tensor.numpy() for name, tensor in tensors.items()})


def ours(found: Networks) -> Generator:
    return generator_of_file(Path("a.safetensors"), found.config, found.generator)


def our_discriminator(found: Networks) -> Discriminator:
    assert found.discriminator is not None
    discriminator = Discriminator(found.config).eval()
    discriminator.load_state_dict({name: torch.from_numpy(array) for name, array in found.discriminator.items()})
    return discriminator


@torch.no_grad()
def difference(found: Networks, foreign: nn.Module) -> float:
    """Return the largest difference between two generators in any pixel, which ranges from -1 to 1."""
    z = torch.randn(4, found.config.model.latent_dim)
    return float((ours(found)(z) - foreign(z[:, :, None, None])).abs().max())


@torch.no_grad()
def difference_of_logits(found: Networks, foreign: nn.Module) -> float:
    size = found.config.data.image_size
    pictures = torch.rand(4, found.config.data.channels, size, size) * 2 - 1
    return float((our_discriminator(found)(pictures) - foreign(pictures).flatten()).abs().max())


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize(
    ("widths", "first_kernel", "size"),
    [
        ((8, 4), 7, 28),
        ((16, 8, 4), 4, 32),
        ((32, 16, 8, 4), 4, 64),
        ((64, 32, 16, 8, 4), 4, 128),
        ((64, 64, 32, 16, 8, 4), 4, 256),
    ],
)
def test_that_a_generator_of_every_size_draws_the_same_pictures(
    widths: tuple[int, ...], first_kernel: int, size: int, bias: bool
) -> None:
    for channels, latent_dim in ((1, 5), (3, 9), (4, 1)) if size < 128 else ((3, 9),):
        foreign = foreign_generator(widths, latent_dim, channels, first_kernel=first_kernel, bias=bias)
        found = networks(named("main.", foreign))
        data, model = found.config.data, found.config.model
        assert (data.image_size, data.channels, model.latent_dim, model.width) == (size, channels, latent_dim, 4)
        assert model.outer_bias is bias
        assert found.left == {}
        assert difference(found, foreign) < 1e-5


@pytest.mark.parametrize(
    ("widths", "width"),
    [((40, 20, 10, 5), 5), ((8, 8, 8, 8), 8), ((7, 9, 5, 3), 4), ((4, 4, 4, 16), 16), ((128, 8, 4, 4), 16)],
)
def test_that_widths_of_any_sequence_draw_the_same_pictures(widths: tuple[int, ...], width: int) -> None:
    foreign = foreign_generator(widths, bias=True)
    found = networks(named("", foreign))
    assert found.config.model.width == width
    assert difference(found, foreign) < 1e-5
    is_widened = widths != (40, 20, 10, 5)
    assert any("Channels of zeros were added to the generator" in str(note) for note in found.notes) is is_widened


def test_that_channels_of_zeros_stay_without_effect_in_training() -> None:
    foreign = foreign_generator((8, 8, 8, 8)).train()
    found = networks(named("", foreign))
    generator = Generator(found.config).train()
    generator.load_state_dict({name: torch.from_numpy(array) for name, array in found.generator.items()})
    z = torch.randn(8, found.config.model.latent_dim)
    torch.testing.assert_close(generator(z), foreign(z[:, :, None, None]), rtol=0, atol=1e-5)
    generator(z).square().sum().backward()
    gradients = [parameter.grad for parameter in generator.parameters() if parameter.dim() == 4]
    padding = generator.layers[0].weight.detach() == 0
    assert padding.any()
    assert not gradients[0][padding].any()


@pytest.mark.parametrize(
    "kind", ["batch", "batch with biases", "none", "none with biases", "spectral", "batch and spectral"]
)
def test_that_a_discriminator_judges_as_before(kind: str) -> None:
    foreign = foreign_discriminator(
        (8, 16, 32, 64), bias="biases" in kind, norm="batch" in kind, spectral="spectral" in kind
    )
    generator = foreign_generator((64, 32, 16, 8))
    found = networks(named("netG.", generator) | named("netD.", foreign))
    assert found.left == {}
    assert found.config.model.discriminator_norm == kind.split()[0]
    assert found.config.model.outer_bias is (kind == "batch with biases")
    assert difference_of_logits(found, foreign) < 1e-4
    assert difference(found, generator) < 1e-5


def test_that_spectral_norm_of_a_generator_is_divided_out() -> None:
    foreign = foreign_generator((64, 32, 16, 8), spectral=True, bias=True)
    found = networks(named("", foreign))
    assert difference(found, foreign) < 1e-5
    assert any("spectral norm (5) were divided" in str(note) for note in found.notes)


PREFIXES = ("", "module.", "_orig_mod.main.", "state_dict.generator.", "model_state_dict.net.", "a.b.c.d.")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_that_names_and_wrappers_do_not_matter(prefix: str) -> None:
    foreign = foreign_generator()
    found = networks(named(prefix, foreign) | {"epoch": torch.tensor(3), "optimizer.state.0.exp_avg": torch.ones(4)})
    assert difference(found, foreign) < 1e-5
    assert sorted(found.left) == ["epoch", "optimizer.state.0.exp_avg"]


def test_that_layers_with_names_of_their_own_are_put_in_order() -> None:
    foreign = foreign_generator((8, 4, 2, 1))
    names = {"0": "up1.conv", "1": "up1.norm", "3": "up2.conv", "4": "up2.norm", "6": "up3.conv", "7": "up3.norm"}
    names |= {"9": "up10.conv", "10": "up10.norm", "12": "up11"}
    renamed = {
        f"{names[name.partition('.')[0]]}.{name.partition('.')[2]}": tensor
        for name, tensor in foreign.state_dict().items()
    }
    for order in (renamed, dict(sorted(renamed.items()))):
        assert difference(networks(order), foreign) < 1e-5


def test_that_the_averaged_generator_draws_and_the_trained_one_trains() -> None:
    average, trained, judge = foreign_generator(), foreign_generator(), foreign_discriminator()
    found = networks(named("G.", trained) | named("D.", judge) | named("G_ema.", average))
    assert difference(found, average) < 1e-5
    assert found.left == {}
    state = build_state(found.config, CPU)
    z = torch.randn(2, 6)
    assert found.trained_generator is not None
    state.generator.load_state_dict({name: torch.from_numpy(a) for name, a in found.trained_generator.items()})
    with torch.no_grad():
        assert torch.allclose(state.generator.eval()(z), trained(z[:, :, None, None]), atol=1e-5)


UNFIT: dict[str, tuple[Callable[[], dict[str, Tensor]], str]] = {
    "512 pixels": (
        lambda: named("", foreign_generator((8, 8, 8, 8, 8, 4, 4))),
        "it has 8 convolutions, and a network for pictures of 28 to 256 pixels has 3 to 7",
    ),
    "16 pixels": (lambda: named("", foreign_generator((8, 4))), "16 pixels"),
    "a kernel of 6": (lambda: named("", foreign_generator(first_kernel=6)), r"0 has a kernel of 6 × 6"),
    "five channels": (lambda: named("", foreign_generator(channels=5)), "5 channels"),
    "no batch norm": (
        lambda: {k: v for k, v in named("", foreign_generator()).items() if not k.startswith("1.")},
        "batch norms: 3; needed: 4",
    ),
    "no running statistics": (
        lambda: {k: v for k, v in named("", foreign_generator()).items() if "running" not in k},
        "the norm 1 has no running mean",
    ),
    "a fully connected layer": (
        lambda: {"start.weight": torch.ones(100, 64)} | named("", foreign_generator()),
        "start is no convolution.*100 × 64",
    ),
    "z of 2 000 numbers": (lambda: named("", foreign_generator(latent_dim=2_000)), "latent_dim"),
    "a discriminator alone": (lambda: named("", foreign_discriminator()), "a discriminator alone"),
    "nothing": (lambda: {"step": torch.tensor(1)}, "none of its tensors belongs to a layer"),
    "widths too uneven": (lambda: named("", foreign_generator((4, 4, 4, 512))), "over eight times as large"),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_that_what_cannot_be_built_is_refused_with_its_reason(kind: str) -> None:
    make, words = UNFIT[kind]
    with pytest.raises(EngineError, match=words):
        networks(make())


def test_that_each_tensor_that_is_left_is_named_with_its_reason() -> None:
    other = named("inception.", nn.Sequential(nn.Conv2d(3, 4, 7), nn.Linear(4, 4)))
    found = networks(named("generator.", foreign_generator()) | other)
    assert sorted(found.left) == sorted(other)
    assert {str(reason) for reason in found.left.values()} == {
        "inception.1 is no convolution of pictures: its weight has the shape 4 × 4."
    }
    small = foreign_discriminator((1, 2, 4))
    found = networks(named("G.", foreign_generator()) | named("D.", small))
    assert found.discriminator is None
    assert len(found.left) == len(small.state_dict())


@pytest.mark.parametrize("kind", UNFIT)
def test_that_a_refusal_names_each_tensor_with_a_reason(kind: str) -> None:
    tensors = UNFIT[kind][0]()
    with pytest.raises(NoGeneratorError) as refused:
        networks(tensors)
    assert sorted(refused.value.left) == sorted(tensors)
    assert all(map(str, refused.value.left.values()))


def test_that_a_discriminator_beside_a_generator_that_cannot_be_built_is_not_blamed() -> None:
    judge = named("D.", foreign_discriminator())
    with pytest.raises(NoGeneratorError) as refused:
        networks(named("G.", foreign_generator(latent_dim=2_000)) | judge)
    assert {str(refused.value.left[name]) for name in judge} == {"no generator of the file can be built here."}
    assert "latent_dim" in str(refused.value.left["G.0.weight"])


def test_that_a_discriminator_too_wide_to_be_built_does_not_refuse_the_generator() -> None:
    judge = named("D.", foreign_discriminator((520, 4, 4, 4)))
    found = networks(named("G.", foreign_generator()) | judge)
    assert found.discriminator is None
    assert sorted(found.left) == sorted(judge)
    assert {"model.width" in str(reason) for reason in found.left.values()} == {True}


def test_that_sentences_that_name_a_network_end_with_one_full_stop() -> None:
    tensors = named("G.", foreign_generator()) | named("G_ema.", foreign_generator())
    found = networks(tensors | named("other.", foreign_generator()))
    assert [str(note) for note in found.notes][:2] == [
        "Pictures are drawn with the averaged generator, G_ema.",
        "Training goes on from the generator G.",
    ]
    assert {str(reason) for reason in found.left.values()} == {"another network of its kind was taken: G_ema."}
    assert [dict(note.values).get("prefix") for note in found.notes][:2] == ["G_ema", "G"]


# Files


def foreign_file(place: Path, others: int = 1) -> Path:
    """Write a generator whose biases are folded, beside tensors of no network."""
    tensors = named("main.", foreign_generator((32, 16, 8, 4), bias=True))
    torch.save(tensors | {f"odd{number}": torch.ones(2) for number in range(others)}, place / "netG.pth")
    return place / "netG.pth"


def test_that_what_was_told_of_weights_is_told_again_whenever_they_are_opened(tmp_path: Path) -> None:
    request = ReadWeights(foreign_file(tmp_path))
    first, again = (open_weights(request, lambda: False) for _ in range(2))
    assert isinstance(first, WeightsRead)
    assert isinstance(again, WeightsRead)
    assert (first.is_new, again.is_new) == (True, False)
    assert any("(4) were folded" in str(note) for note in again.weights.notes)
    assert again.weights.notes == first.weights.notes
    assert {name: str(reason) for name, reason in again.weights.left.items()} == {"odd0": "it belongs to no layer."}
    assert again.weights.left == first.weights.left
    origin = take_weights(build_state(again.weights.config, CPU), again.weights.path)
    assert origin.unused == ()  # the converted file does not hold what was left


def test_that_samples_of_a_converted_file_tell_what_was_left_within_a_limit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_weights(foreign_file(tmp_path, 30), tmp_path / "g.safetensors")
    sheet = ("sample", tmp_path / "g.safetensors", "--count", "1", "--out", tmp_path / "a.png")
    told = answer_of(capsys, *sheet)
    assert len(told["not_used"]) == 30
    assert any("were folded" in note for note in told["notes"])
    assert main([*map(str, sheet[:-1]), str(tmp_path / "b.png")]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("not used: ")]
    assert lines[0] == "not used: odd0: it belongs to no layer."
    assert lines[20:] == ["not used: 10 more tensors (--json names all)"]


def test_that_names_that_no_header_has_room_for_are_counted(tmp_path: Path) -> None:
    tensors = named("", foreign_generator()) | {f"{number:0>200}": torch.ones(1) for number in range(4_000)}
    found = networks(tensors)
    write_weights(tmp_path / "g.safetensors", found)
    weights = read_weights(tmp_path / "g.safetensors")
    assert 2_000 < len(weights.left) < 4_000
    assert f"{4_000 - len(weights.left)} more tensors" in str(weights.notes[-1])


def test_that_an_imported_file_draws_as_its_program_did_and_is_trained_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generator, judge = foreign_generator((64, 32, 16, 8), bias=True), foreign_discriminator((8, 16, 32, 64), bias=True)
    checkpoint = {
        "epoch": 3,
        "pytorch-lightning_version": "2.0",
        "state_dict": named("generator.main.", generator) | named("discriminator.main.", judge),
    }
    torch.save(checkpoint, tmp_path / "last.ckpt")
    told = answer_of(capsys, "import", tmp_path / "last.ckpt")
    assert told["out"] == str(tmp_path / "last.safetensors")
    assert told["train"] == (
        "gan-studio train --preset pytorch-tutorial --set model.latent_dim=6 --set model.width=8"
        f" --set model.outer_bias=true --fine-tune {tmp_path / 'last.safetensors'}"
    )
    weights = gan_studio.load_weights(told["out"])
    z = np.random.default_rng(0).standard_normal((4, 6), np.float32)
    with torch.no_grad():
        right = generator(torch.from_numpy(z)[:, :, None, None]).permute(0, 2, 3, 1).numpy()
    assert np.abs(weights.draw(z) - (right + 1) * 127.5).max() <= 1
    state = build_state(weights.config, CPU)
    origin = take_weights(state, Path(told["out"]))
    assert (origin.fresh, origin.unused) == ((), ())
    answer = answer_of(capsys, "sample", told["out"], "--count", "5", "--out", tmp_path / "five.npz")
    assert (answer["count"], answer["step"]) == (5, 0)
    with np.load(tmp_path / "five.npz", allow_pickle=False) as archive:
        assert np.array_equal(archive["images"], weights.sample(5))


def test_that_a_bias_that_the_set_up_cannot_hold_is_named(tmp_path: Path) -> None:
    save_file(named("main.", foreign_generator((32, 16, 8, 4), bias=True)), tmp_path / "g.safetensors")
    config = with_values(read_weights(tmp_path / "g.safetensors").config, {"model.outer_bias": False})
    origin = take_weights(build_state(config, CPU), tmp_path / "g.safetensors")
    assert origin.unused == ("layers.4.bias",)
    assert "layers.4.bias" in str(origin.messages[1])


def test_that_what_weights_do_not_tell_can_be_set_and_all_else_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The generator and its discriminator lie in two files here, as the published example saves them."""
    generator, judge = foreign_generator((64, 32, 16, 8)), foreign_discriminator((8, 16, 32, 64), bias=True)
    files, out = (tmp_path / "netD.safetensors", tmp_path / "netG.safetensors"), tmp_path / "both.safetensors"
    for path, network in zip(files, (judge, generator), strict=True):
        save_file(named("main.", network), path)
    refused = refusal_of(capsys, "import", *files, "--set", "model.width=8")
    assert "model.width cannot be set" in refused
    told = answer_of(capsys, "import", *files, "--set", "model.generator_activation=leaky_relu", "--out", out)
    assert told["not_used"] == {}
    weights = read_weights(out)
    for notes in (told["notes"], weights.notes):
        assert [str(note).startswith("Assumed, because weights do not tell: normal z") for note in notes][-1:] == [True]
        assert not any("ReLU" in str(note) for note in notes)
    assert weights.config.model.generator_activation == "leaky_relu"
    origin = take_weights(build_state(weights.config, CPU), out)
    assert (origin.fresh, origin.unused) == ((), ())


def test_that_an_import_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").touch()
    assert default_out(tmp_path / "a.pth").name == "a (2).safetensors"
    assert default_out(tmp_path / "a.safetensors").name == "a-imported.safetensors"


def test_that_an_import_can_be_stopped(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(4)}, tmp_path / "a.pt")
    with pytest.raises(EngineError, match="was stopped"):
        import_weights(tmp_path / "a.pt", tmp_path / "out.safetensors", should_stop=lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pt"]
