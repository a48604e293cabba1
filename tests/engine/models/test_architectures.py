"""Every architecture, size and norm: parameter counts by formula, weights from the seed, second derivatives."""

from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.models.estimates import estimated_memory, step_operations
from gan_studio.engine.models.networks import Discriminator, build_networks
from gan_studio.engine.models.plan import discriminator_plan, generator_plan, parameter_count

CPU = torch.device("cpu")
WIDENINGS = {28: (1, 2), 32: (1, 2, 4), 64: (1, 2, 4, 8), 128: (1, 2, 4, 8, 16), 256: (1, 2, 4, 8, 16, 16)}
NORMS = ("batch", "spectral", "none")
VARIANTS = [("dcgan", norm, classes) for norm, classes in product(NORMS, (0, 3))]
VARIANTS += [("vanilla", norm, classes) for norm, classes in product(("spectral", "none"), (0, 3))]


def config(**changes: Any) -> RunConfig:
    """Return the set-up of a small model with changes, such as model__width=8 for model.width."""
    small = {"model.width": 4, "model.latent_dim": 6, "data.image_size": 28}
    return with_values(RunConfig(), small | {name.replace("__", "."): value for name, value in changes.items()})


def variant(architecture: str, norm: str, classes: int) -> RunConfig:
    return config(model__architecture=architecture, model__discriminator_norm=norm, model__conditional=bool(classes))


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def one_hot(rows: int, classes: int) -> Tensor | None:
    return torch.eye(classes)[torch.arange(rows) % classes] if classes else None


def expected_counts(size: int, channels: int, upsampling: str, norm: str) -> tuple[int, int]:
    """Return the parameter counts of both networks, by formulas that do not use the program's."""
    widths = [4 * widening for widening in WIDENINGS[size]]
    smallest = 7 if size == 28 else 4
    between = sum(wide * narrow for wide, narrow in zip(widths, widths[1:], strict=False))
    kernel = 9 if upsampling == "resize" else 16
    generator = smallest**2 * 6 * widths[-1] + kernel * (between + widths[0] * channels) + 2 * sum(widths)
    discriminator = 16 * (channels * widths[0] + between) + smallest**2 * widths[-1]
    discriminator += 2 * sum(widths[1:]) if norm == "batch" else sum(widths) + 1
    return generator, discriminator


@pytest.mark.parametrize("size", WIDENINGS)
@pytest.mark.parametrize(("channels", "upsampling", "norm"), [(1, "transposed", "batch"), (4, "resize", "spectral")])
def test_that_every_size_has_its_shapes_and_counts(size: int, channels: int, upsampling: str, norm: str) -> None:
    made = config(
        data__image_size=size, data__channels=channels, model__upsampling=upsampling, model__discriminator_norm=norm
    )
    generator, discriminator = build_networks(made, CPU)
    pictures = generator(normal(2, 6))
    assert pictures.shape == (2, channels, size, size)
    assert discriminator(pictures).shape == (2,)
    expected = expected_counts(size, channels, upsampling, norm)
    assert (count(generator), count(discriminator)) == expected
    assert (parameter_count(generator_plan(made)), parameter_count(discriminator_plan(made))) == expected


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("norm", NORMS)
def test_that_the_fully_connected_gan_has_its_shapes_and_counts(classes: int, norm: str) -> None:
    made = variant("vanilla", norm, classes)
    generator, discriminator = build_networks(made, CPU, classes)
    pictures = generator(normal(5, 6), one_hot(5, classes))
    assert pictures.shape == (5, 1, 28, 28)
    assert pictures.abs().max() <= 1
    assert discriminator(pictures, one_hot(5, classes)).shape == (5,)
    pixels, hidden = 28 * 28, 16 * 4
    expected_g = (6 + classes + 1) * hidden + (hidden + 1) * hidden + (hidden + 1) * pixels
    expected_d = (pixels + classes + 1) * hidden + (hidden + 1) * hidden + hidden + 1
    assert (count(generator), count(discriminator)) == (expected_g, expected_d)
    assert parameter_count(generator_plan(made, classes)) == expected_g
    assert parameter_count(discriminator_plan(made, classes)) == expected_d


def test_that_the_fully_connected_gan_is_three_matrix_products() -> None:
    generator, discriminator = build_networks(config(model__architecture="vanilla"), CPU)
    z, images = normal(3, 6), normal(3, 1, 28, 28)
    state = {f"g{name}": tensor for name, tensor in generator.state_dict().items()}
    state |= {f"d{name}": tensor for name, tensor in discriminator.state_dict().items()}

    def products(network: str, features: Tensor, slope: float) -> Tensor:
        for index in range(3):
            if index:
                features = torch.maximum(features, slope * features)
            weight, bias = (state[f"{network}layers.{index}.{name}"] for name in ("weight", "bias"))
            features = features @ weight.T + bias
        return features

    torch.testing.assert_close(generator(z).flatten(1), products("g", z, 0.0).tanh())
    torch.testing.assert_close(discriminator(images), products("d", images.flatten(1), 0.2).flatten())


def test_that_fully_connected_layers_start_with_the_spread_that_their_inputs_ask_for() -> None:
    for network in build_networks(config(model__architecture="vanilla", model__width=32), CPU):
        for layer in network.layers:
            if layer.weight.numel() > 10_000:
                assert layer.weight.std().item() == pytest.approx((2 / layer.in_features) ** 0.5, rel=0.05)
            assert not layer.bias.any()


@pytest.mark.parametrize("upsampling", ["transposed", "resize"])
def test_that_outer_biases_are_where_no_norm_follows_and_shift_the_outputs(upsampling: str) -> None:
    plain, biased = (
        build_networks(config(model__upsampling=upsampling, model__outer_bias=bias), CPU) for bias in (False, True)
    )
    for before, after in zip(plain, biased, strict=True):
        assert not any(name.startswith("layers") and name.endswith("bias") for name, _ in before.named_parameters())
        after.load_state_dict(before.state_dict(), strict=False)
    (generator, discriminator), last = biased, len(biased[0].layers) - 1
    held = [[name for name, _ in network.named_parameters() if name.startswith("layers") and "bias" in name]
            for network in biased]  # fmt: skip
    assert held == [[f"layers.{last}.bias"], ["layers.0.bias", f"layers.{last}.bias"]]
    z = normal(2, generator.layers[0].weight.shape[0])
    before = plain[0](z)
    torch.testing.assert_close(generator(z), before)
    with torch.no_grad():
        generator.layers[-1].bias.fill_(0.5)
        discriminator.layers[-1].bias.fill_(2.0)
    torch.testing.assert_close(generator(z), torch.tanh(torch.atanh(before) + 0.5), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(discriminator(before), plain[1](before) + 2)


@pytest.mark.parametrize(("architecture", "norm", "classes"), VARIANTS)
def test_that_first_weights_depend_on_the_seed_alone(architecture: str, norm: str, classes: int) -> None:
    built = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        networks = build_networks(variant(architecture, norm, classes), CPU, classes)
        built.append([tensor for network in networks for tensor in network.state_dict().values()])
    assert all(torch.equal(one, other) for one, other in zip(*built, strict=True))
    assert all(tensor.isfinite().all() for tensor in built[0])


@pytest.mark.parametrize(("architecture", "norm", "classes"), VARIANTS)
def test_that_another_instance_takes_the_weights_and_judges_alike(architecture: str, norm: str, classes: int) -> None:
    made = variant(architecture, norm, classes)
    _, discriminator = build_networks(made, CPU, classes)
    other = Discriminator(made, classes)
    other.load_state_dict(discriminator.state_dict())
    images, blend = normal(4, 1, 28, 28), one_hot(4, classes)
    torch.testing.assert_close(other(images, blend), discriminator(images, blend))


@pytest.mark.parametrize(("architecture", "norm", "classes"), VARIANTS)
def test_that_adam_gets_leaves_and_each_gets_a_gradient(architecture: str, norm: str, classes: int) -> None:
    generator, discriminator = build_networks(variant(architecture, norm, classes), CPU, classes)
    blend = one_hot(4, classes)
    discriminator(generator(normal(4, 6), blend), blend).square().sum().backward()
    for network in (generator, discriminator):
        for name, parameter in network.named_parameters():
            assert parameter.is_leaf, name
            assert parameter.grad is not None, name
            assert parameter.grad.isfinite().all(), name


@pytest.mark.parametrize("architecture", ["dcgan", "vanilla"])
@pytest.mark.parametrize("classes", [0, 3])
def test_that_every_weight_of_d_has_a_largest_singular_value_of_one(architecture: str, classes: int) -> None:
    _, discriminator = build_networks(variant(architecture, "spectral", classes), CPU, classes)
    images, blend = normal(4, 1, 28, 28), one_hot(4, classes)
    for _ in range(100):
        discriminator(images, blend)
    layers = [*discriminator.layers, *([discriminator.projection] if discriminator.projection else [])]
    for layer in layers:
        largest = torch.linalg.matrix_norm(layer.weight.flatten(1), 2)
        assert largest.item() == pytest.approx(1, abs=1e-2)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in discriminator.modules())


def test_that_judging_in_eval_mode_leaves_the_singular_vectors_alone() -> None:
    _, discriminator = build_networks(variant("dcgan", "spectral", 0), CPU)
    before = {name: tensor.clone() for name, tensor in discriminator.state_dict().items()}
    discriminator.eval()(normal(4, 1, 28, 28))
    assert all(torch.equal(before[name], tensor) for name, tensor in discriminator.state_dict().items())
    discriminator.train()(normal(4, 1, 28, 28))
    assert not all(torch.equal(before[name], tensor) for name, tensor in discriminator.state_dict().items())


@pytest.mark.parametrize("norm", NORMS)
def test_that_d_may_judge_twice_before_either_gradient(norm: str) -> None:
    _, discriminator = build_networks(variant("dcgan", norm, 0), CPU)
    real, fake = normal(4, 1, 28, 28, seed=1), normal(4, 1, 28, 28, seed=2)
    (discriminator(real).mean() - discriminator(fake).mean()).backward()
    assert all(parameter.grad is not None for parameter in discriminator.parameters())


@pytest.mark.parametrize("norm", NORMS)
def test_that_half_precision_changes_a_judgement_little(norm: str) -> None:
    _, discriminator = build_networks(variant("dcgan", norm, 3), CPU, 3)
    images, blend = normal(8, 1, 28, 28), one_hot(8, 3)
    exact = discriminator.eval()(images, blend)
    with torch.autocast("cpu", torch.bfloat16):
        rough = discriminator(images, blend)
    torch.testing.assert_close(rough.float(), exact, atol=0.03 * exact.abs().max().item(), rtol=0.03)


@pytest.mark.parametrize(("architecture", "norm", "classes"), VARIANTS)
def test_that_a_gradient_penalty_has_the_right_gradient(architecture: str, norm: str, classes: int) -> None:
    _, discriminator = build_networks(variant(architecture, norm, classes), CPU, classes)
    discriminator.double()
    if norm == "spectral":
        discriminator.eval()  # in train mode each pass updates the singular vectors, which would change the difference
    blend = one_hot(4, classes)
    blend = blend if blend is None else blend.double()

    def penalty() -> Tensor:
        images = normal(4, 1, 28, 28).double().requires_grad_()
        gradient = torch.autograd.grad(discriminator(images, blend).sum(), images, create_graph=True)[0]
        return gradient.square().sum()

    parameters = list(discriminator.parameters())
    found = torch.autograd.grad(penalty(), parameters, allow_unused=True, materialize_grads=True)
    directions = [normal(*parameter.shape, seed=index).double() for index, parameter in enumerate(parameters)]
    expected = sum((gradient * direction).sum() for gradient, direction in zip(found, directions, strict=True))

    def moved(distance: float) -> Tensor:
        with torch.no_grad():
            for parameter, direction in zip(parameters, directions, strict=True):
                parameter.add_(direction, alpha=distance)
        return penalty().detach()

    height = 1e-7
    above, below = moved(height), moved(-2 * height)
    assert expected != 0
    torch.testing.assert_close((above - below) / (2 * height), expected.detach(), rtol=1e-4, atol=0)


def test_that_classes_need_a_conditional_model() -> None:
    with pytest.raises(ValueError, match="conditional"):
        build_networks(config(), CPU, 3)


def test_that_the_operations_of_a_step_are_those_of_its_passes() -> None:
    made = config(data__image_size=32)
    forward_g = 16 * 6 * 16 + 16 * (16 * 8 * 16 + 8 * 4 * 64 + 4 * 256)
    first_d = 16 * 4 * 256
    forward_d = first_d + 16 * (4 * 8 * 64 + 8 * 16 * 16) + 16 * 16
    passes_d = 3 * forward_d + 2 * forward_d + 3 * forward_d - 2 * first_d  # real, fake, fake again; weights; inputs
    passes_g = 3 * forward_g - 16 * 6 * 16
    assert step_operations(made) == passes_d + passes_g
    assert step_operations(with_values(made, {"training.d_steps": 2})) > 1.5 * step_operations(made)
    assert step_operations(with_values(made, {"training.r1": 10.0})) > 1.3 * step_operations(made)


@pytest.mark.parametrize("changes", [{}, {"model__discriminator_norm": "none"}, {"model__architecture": "vanilla"}])
def test_that_estimated_memory_is_near_what_training_allocates(changes: dict[str, Any]) -> None:
    made = config(data__image_size=64, data__channels=3, model__width=8, training__batch_size=16, **changes)
    generator, discriminator = build_networks(made, CPU)
    held: dict[int, int] = {}

    def hold(tensor: Tensor) -> Tensor:
        held[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(hold, lambda tensor: tensor):
        loss = discriminator(generator(normal(16, 6))).sum()
    parameters = [*generator.parameters(), *discriminator.parameters()]
    optimizer = torch.optim.Adam(parameters)
    loss.backward()
    optimizer.step()
    for parameter in parameters:
        for tensor in (parameter, parameter.grad, *optimizer.state[parameter].values()):
            hold(tensor)
    averaged = sum(tensor.nbytes for tensor in generator.state_dict().values())
    allocated = sum(held.values()) + averaged
    assert 0.5 < estimated_memory(made) / allocated < 2
