"""The networks against their published counts and against plain convolutions."""

import pytest
import torch
from torch import nn

from gan_studio.engine.config import RunConfig, with_values
from gan_studio.engine.models.networks import Discriminator, Generator, MapToLogit, PixelToMap, build_networks
from gan_studio.engine.models.plan import discriminator_plan, generator_plan, parameter_count


def config(size: int, channels: int, width: int = 64) -> RunConfig:
    return with_values(RunConfig(), {"data.image_size": size, "data.channels": channels, "model.width": width})


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_that_parameter_counts_at_64_in_colour_are_the_published_ones() -> None:
    published = config(64, 3)
    assert count(Generator(published)) == 3_576_704
    assert count(Discriminator(published)) == 2_765_568


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_that_shapes_and_counts_follow_the_plan(size: int, channels: int) -> None:
    small = config(size, channels, width=8)
    generator, discriminator = build_networks(small, torch.device("cpu"))
    pictures = generator(torch.randn(5, 100))
    assert pictures.shape == (5, channels, size, size)
    assert pictures.abs().max() <= 1
    assert discriminator(pictures).shape == (5,)
    assert count(generator) == parameter_count(generator_plan(small))
    assert count(discriminator) == parameter_count(discriminator_plan(small))


def test_that_the_first_layer_is_a_transposed_convolution() -> None:
    layer, plain = PixelToMap(7, 5), nn.ConvTranspose2d(7, 5, 4, 1, 0, bias=False)
    nn.init.normal_(layer.weight)
    plain.weight.data.copy_(layer.weight)
    z = torch.randn(3, 7)
    torch.testing.assert_close(layer(z), plain(z[:, :, None, None]))


def test_that_the_last_layer_is_a_convolution() -> None:
    layer, plain = MapToLogit(6), nn.Conv2d(6, 1, 4, 1, 0, bias=False)
    nn.init.normal_(layer.weight)
    plain.weight.data.copy_(layer.weight)
    features = torch.randn(3, 6, 4, 4)
    torch.testing.assert_close(layer(features), plain(features).flatten())


def test_that_there_is_no_batch_norm_at_gs_output_and_ds_input() -> None:
    assert not generator_plan(config(64, 3))[-1].batch_norm
    assert not discriminator_plan(config(64, 3))[0].batch_norm
    assert all(layer.batch_norm for layer in generator_plan(config(64, 3))[:-1])


def test_that_first_weights_follow_the_paper_and_the_seed() -> None:
    one, _ = build_networks(config(32, 1), torch.device("cpu"))
    same, _ = build_networks(config(32, 1), torch.device("cpu"))
    other, _ = build_networks(with_values(config(32, 1), {"seed": 1}), torch.device("cpu"))
    kernel = one.layers[1].weight
    assert kernel.std().item() == pytest.approx(0.02, rel=0.05)
    assert torch.equal(kernel, same.layers[1].weight)
    assert not torch.equal(kernel, other.layers[1].weight)


def test_that_leaky_relu_lets_negative_values_through_in_g() -> None:
    leaky = with_values(config(32, 1, 8), {"model.generator_activation": "leaky_relu"})
    z = torch.randn(4, 100)
    rectified, _ = build_networks(config(32, 1, 8), torch.device("cpu"))
    generator, _ = build_networks(leaky, torch.device("cpu"))
    assert not torch.allclose(generator(z), rectified(z))
