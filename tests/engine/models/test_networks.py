"""The networks compared with published parameter counts and with torch's convolutions."""

import hashlib

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, interpolate

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.models import layers
from gan_studio.engine.models.layers import MapToLogit, MapToMap, PictureToMap, PixelToMap, ResizeToMap, ResizeToPicture
from gan_studio.engine.models.networks import Discriminator, Generator, build_networks
from gan_studio.engine.models.plan import discriminator_plan, generator_plan, parameter_count

CPU = torch.device("cpu")


def config(size: int, channels: int, width: int = 64) -> RunConfig:
    return with_values(RunConfig(), {"data.image_size": size, "data.channels": channels, "model.width": width})


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def normal(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def test_that_parameter_counts_at_64_in_colour_are_the_published_ones() -> None:
    published = config(64, 3)
    assert count(Generator(published)) == 3_576_704
    assert count(Discriminator(published)) == 2_765_568


def test_that_a_seed_gives_the_weights_and_names_that_runs_on_disk_were_made_with() -> None:
    digest = hashlib.sha256()
    for network in build_networks(config(64, 3, width=4), CPU):
        for name, tensor in network.state_dict().items():
            digest.update(name.encode())
            digest.update(tensor.contiguous().numpy().tobytes())
    assert digest.hexdigest() == "1a5f135db0e0af59950126f5f139efe5b0cb3a829ab1298c9af2304f3af18c1c"


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_that_shapes_and_counts_follow_the_plan(size: int, channels: int) -> None:
    small = config(size, channels, width=8)
    generator, discriminator = build_networks(small, CPU)
    pictures = generator(normal(5, 100))
    assert pictures.shape == (5, channels, size, size)
    assert pictures.abs().max() <= 1
    assert discriminator(pictures).shape == (5,)
    assert count(generator) == parameter_count(generator_plan(small))
    assert count(discriminator) == parameter_count(discriminator_plan(small))


@pytest.mark.parametrize("size", [4, 7])
def test_that_the_first_layer_is_a_transposed_convolution(size: int) -> None:
    layer, plain = PixelToMap(7, 5, size), nn.ConvTranspose2d(7, 5, size, 1, 0, bias=False)
    nn.init.normal_(layer.weight)
    plain.weight.data.copy_(layer.weight)
    z = normal(3, 7)
    torch.testing.assert_close(layer(z), plain(z[:, :, None, None]))


@pytest.mark.parametrize("size", [4, 7])
@pytest.mark.parametrize("bias", [False, True])
def test_that_the_last_layer_is_a_convolution(size: int, bias: bool) -> None:
    layer, plain = MapToLogit(6, size, bias), nn.Conv2d(6, 1, size, 1, 0, bias=bias)
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    plain.load_state_dict(layer.state_dict())
    features = normal(3, 6, size, size)
    torch.testing.assert_close(layer(features), plain(features).flatten())


@pytest.mark.parametrize("wants_gradient", [False, True])
def test_that_ds_first_layer_adds_its_bias_on_either_path(wants_gradient: bool) -> None:
    layer = PictureToMap(3, 5, bias=True)
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    images = normal(2, 3, 8, 8).requires_grad_(wants_gradient)
    torch.testing.assert_close(layer(images), conv2d(images, layer.weight, layer.bias, 2, 1))


@pytest.mark.parametrize("kind", [ResizeToMap, ResizeToPicture])
def test_that_a_resize_layer_doubles_by_the_nearest_neighbour_and_convolves(kind: type[ResizeToMap]) -> None:
    layer = kind(6, 3).double()
    nn.init.normal_(layer.weight)
    features = normal(2, 6, 5, 5).double()
    doubled = interpolate(features, scale_factor=2, mode="nearest")
    drawn, expected = layer(features), conv2d(doubled, layer.weight, None, 1, 1)
    torch.testing.assert_close(drawn, expected)
    wish = normal(*expected.shape).double()
    torch.testing.assert_close(*(torch.autograd.grad(pictures, layer.weight, wish) for pictures in (drawn, expected)))


@pytest.mark.parametrize("shape", [(1, 256, 4, 4), (3, 256, 5, 3), (8, 300, 4, 4)])
def test_that_a_few_pictures_for_a_person_are_convolved_by_a_matrix_product(
    shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = MapToMap(shape[1], 6)
    nn.init.normal_(layer.weight, std=0.02)
    features = normal(*shape)
    expected = conv_transpose2d(features, layer.weight, None, 2, 1)
    assert torch.equal(layer(features), expected)  # training always uses the convolution
    torch.testing.assert_close(layer.eval()(features), expected)
    monkeypatch.setattr(layers, "_double_by_product", lambda *_: None)
    assert layer(features) is None
    many = features.repeat(9, 1, 1, 1)
    assert torch.equal(layer(many), layer.train()(many))


def test_that_a_kept_kernel_is_that_of_the_weights_until_they_change() -> None:
    layer = ResizeToMap(6, 3)
    nn.init.normal_(layer.weight)
    features = normal(2, 6, 5, 5)
    before = layer(features)
    layer.keep_kernel()
    assert torch.equal(layer(features), before)
    nn.init.ones_(layer.weight)
    assert torch.equal(layer(features), before)
    layer.keep_kernel()
    after = layer(features)
    fresh = ResizeToMap(6, 3)
    nn.init.ones_(fresh.weight)
    assert torch.equal(after, fresh(features))
    assert not torch.equal(after, before)


def test_that_a_resize_layer_reaches_every_inner_pixel_equally() -> None:
    layer = ResizeToMap(1, 1)
    nn.init.ones_(layer.weight)
    assert torch.equal(layer(torch.ones(1, 1, 6, 6))[:, :, 1:-1, 1:-1], torch.full((1, 1, 10, 10), 9.0))


def test_that_there_is_no_batch_norm_at_gs_output_and_ds_input() -> None:
    assert not generator_plan(config(64, 3))[-1].batch_norm
    assert not discriminator_plan(config(64, 3))[0].batch_norm
    assert all(layer.batch_norm for layer in generator_plan(config(64, 3))[:-1])


def test_that_first_weights_follow_the_paper_and_the_seed() -> None:
    one, _ = build_networks(config(32, 1), CPU)
    same, _ = build_networks(config(32, 1), CPU)
    other, _ = build_networks(with_values(config(32, 1), {"seed": 1}), CPU)
    kernel = one.layers[1].weight
    assert kernel.std().item() == pytest.approx(0.02, rel=0.05)
    assert torch.equal(kernel, same.layers[1].weight)
    assert not torch.equal(kernel, other.layers[1].weight)


def test_that_leaky_relu_lets_negative_values_through_in_g() -> None:
    leaky = with_values(config(32, 1, 8), {"model.generator_activation": "leaky_relu"})
    z = normal(4, 100)
    rectified, _ = build_networks(config(32, 1, 8), CPU)
    generator, _ = build_networks(leaky, CPU)
    assert not torch.allclose(generator(z), rectified(z))
