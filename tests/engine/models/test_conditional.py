"""Class-conditional networks: class weights select a class or mix several."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.models.networks import Discriminator, Generator, build_networks
from gan_studio.engine.models.plan import discriminator_plan, generator_plan, parameter_count

CPU = torch.device("cpu")
CLASSES = 3


def config(architecture: str = "dcgan", **changes: Any) -> RunConfig:
    small = {"model.width": 4, "model.latent_dim": 6, "model.conditional": True, "model.architecture": architecture}
    return with_values(RunConfig(), small | {name.replace("__", "."): value for name, value in changes.items()})


def build(architecture: str = "dcgan", **changes: Any) -> tuple[Generator, Discriminator]:
    return build_networks(config(architecture, **changes), CPU, CLASSES)


def normal(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_that_classes_add_their_tables_and_nothing_else() -> None:
    generator, discriminator = build()
    plain_g, plain_d = build_networks(with_values(config(), {"model.conditional": False}), CPU)
    hidden = 4 + 8 + 16
    assert count(generator) - count(plain_g) == 2 * (CLASSES - 1) * hidden
    assert count(discriminator) - count(plain_d) == CLASSES * 16 * 4 * 4
    assert count(generator) == parameter_count(generator_plan(config(), CLASSES))
    assert count(discriminator) == parameter_count(discriminator_plan(config(), CLASSES))


def test_that_the_tables_start_as_published() -> None:
    generator, discriminator = build_networks(config(model__width=64), CPU, 40)
    scale, shift = generator.norms[0].scale, generator.norms[0].shift
    assert scale.mean().item() == pytest.approx(1, abs=1e-3)
    assert scale.std().item() == pytest.approx(0.02, rel=0.05)
    assert not shift.any()
    assert discriminator.projection is not None
    assert discriminator.projection.weight.std().item() == pytest.approx(0.02, rel=0.05)


def test_that_a_one_hot_blend_is_a_batch_norm_with_the_rows_of_its_class() -> None:
    norm = build()[0].norms[0]
    nn.init.normal_(norm.shift)
    features = normal(5, 16, 4, 4)
    for index in range(CLASSES):
        plain = nn.BatchNorm2d(16)
        plain.weight.data.copy_(norm.scale[index])
        plain.bias.data.copy_(norm.shift[index])
        blend = torch.eye(CLASSES)[index].expand(5, CLASSES)
        torch.testing.assert_close(norm(features, blend), plain(features))


def test_that_a_blend_mixes_scale_and_shift() -> None:
    norm = build()[0].norms[0].eval()
    nn.init.normal_(norm.shift)
    features = normal(1, 16, 4, 4)
    pure = [norm(features, torch.eye(CLASSES)[[index]]) for index in range(CLASSES)]
    mixed = norm(features, torch.tensor([[0.25, 0.0, 0.75]]))
    torch.testing.assert_close(mixed, 0.25 * pure[0] + 0.75 * pure[2])


@pytest.mark.parametrize("architecture", ["dcgan", "vanilla"])
def test_that_the_class_changes_the_picture_and_the_judgement(architecture: str) -> None:
    generator, discriminator = build(architecture)
    z = normal(1, 6).expand(CLASSES, 6)
    blend = torch.eye(CLASSES)
    pictures = generator.eval()(z, blend)
    assert not torch.allclose(pictures[0], pictures[1])
    same = pictures[:1].expand(CLASSES, -1, -1, -1)
    logits = discriminator.eval()(same, blend)
    assert logits.unique().numel() == CLASSES


def test_that_d_adds_the_class_kernel_times_the_last_map() -> None:
    generator, discriminator = build(model__discriminator_norm="none")
    images, blend = generator(normal(4, 6), torch.eye(CLASSES)[[0, 1, 2, 0]]).detach(), normal(4, CLASSES).softmax(1)
    seen: list[Tensor] = []
    discriminator.layers[-1].register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    logits = discriminator(images, blend)
    assert discriminator.projection is not None
    kernels = torch.einsum("nk,kchw->nchw", blend, discriminator.projection.weight)
    expected = discriminator.layers[-1](seen[0]) + (kernels * seen[0]).sum((1, 2, 3))
    torch.testing.assert_close(logits, expected)


def test_that_a_fully_connected_gan_reads_the_blend_beside_its_input() -> None:
    generator, discriminator = build("vanilla")
    z, blend = normal(4, 6), normal(4, CLASSES).softmax(1)
    first = generator.layers[0]
    seen: list[Tensor] = []
    first.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    discriminator.layers[0].register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    pictures = generator(z, blend)
    discriminator(pictures, blend)
    assert torch.equal(seen[0], torch.cat([z, blend], 1))
    assert torch.equal(seen[1], torch.cat([pictures.flatten(1), blend], 1))


@pytest.mark.parametrize("blend", [None, torch.eye(2)[:1]])
def test_that_a_wrong_blend_is_refused(blend: Tensor | None) -> None:
    generator, discriminator = build()
    with pytest.raises(ValueError, match="3 classes"):
        generator(normal(1, 6), blend)
    with pytest.raises(ValueError, match="3 classes"):
        discriminator(normal(1, 1, 32, 32), blend)


def test_that_a_conditional_model_without_classes_is_the_plain_one() -> None:
    conditional, plain = (
        build_networks(with_values(config(), {"model.conditional": flag}), CPU)[0].state_dict()
        for flag in (True, False)
    )
    assert list(conditional) == list(plain)
    assert all(torch.equal(conditional[name], plain[name]) for name in plain)


def test_that_an_average_of_generators_is_whole() -> None:
    generator, _ = build()
    average = Generator(config(), CLASSES)
    average.load_state_dict(generator.state_dict())
    generator(normal(8, 6), torch.eye(CLASSES)[torch.arange(8) % CLASSES])
    floats = [name for name, tensor in generator.state_dict().items() if tensor.is_floating_point()]
    for name in floats:
        average.state_dict()[name].copy_(generator.state_dict()[name])
    z, blend = normal(4, 6), normal(4, CLASSES).softmax(1)
    torch.testing.assert_close(average.eval()(z, blend), generator.eval()(z, blend))
