"""Checks of the project's kernels on a device: they compute what torch computes, and runs with either learn alike."""

import copy
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu, pad, pixel_unshuffle

from benchmarks.gpu_faults import finished, require
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.events import METRIC_COLUMNS
from gan_studio.engine.kernels.switch import fused_kernels
from gan_studio.engine.machine.kernel_trial import can_fuse
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest

SHAPES = ((8, 64, 32, 1), (8, 24, 9, 2), (16, 130, 4, 2), (128, 512, 4, 1), (256, 128, 16, 2))
"""Shapes of maps: pictures, channels, side, and the number of batches."""
MOST_APART = {torch.float32: 1e-5, torch.bfloat16: 1e-2}
"""Greatest relative error: norm of the difference over the norm of the float64 result."""
KINK = 1e-4
"""Outputs nearer to 0 get no gradient: rounding may give them the other sign, where LeakyReLU has another slope."""
LEARNT_APART = 0.01
"""How far a metric x may differ, as a share of 0.1 + |x|. Only the first step is compared, and in it only what comes
before G's gradient: Adam's first step is the gradient's sign, which rounding decides for many weights."""
SLOPE = 0.2
NO_KERNELS = "a CPU does its steps by torch's kernels; nothing was compared"


def has_kernels(device: str) -> bool:
    """Whether the project's kernels may do a run on a device."""
    return device.startswith("cuda")


def norms_agree(config: RunConfig, _: Path) -> str:
    """Compare batch norm with LeakyReLU, its gradients and its statistics with torch's in float64."""
    if not has_kernels(config.device):
        return NO_KERNELS
    require(can_fuse(config.device), "the kernels do not work here; the log above says why")
    worst = dict.fromkeys(MOST_APART, 0.0)
    for dtype, (count, channels, side, batches) in ((dtype, shape) for dtype in MOST_APART for shape in SHAPES):
        torch.manual_seed(channels)
        norm = nn.BatchNorm2d(channels, device=config.device)
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)
        given = torch.randn(2, count, channels, side, side, device=config.device).mul_(2).add_(1).to(dtype)
        exact = copy.deepcopy(norm).double()
        given[1].mul_(_by_torch(given[0].double(), exact, batches).abs() > KINK)
        ours = _normed(lambda x, its, parts: fused_kernels().norm_then_leak(x, its, SLOPE, parts), norm, given, batches)
        theirs = _normed(_by_torch, exact, given.double(), batches)
        apart = max(_apart(mine, other) for mine, other in zip(ours, theirs, strict=True))
        require(apart <= MOST_APART[dtype], f"{dtype} {count}x{channels}x{side}x{side}: {apart:.1e} apart")
        worst[dtype] = max(worst[dtype], apart)
    return ", ".join(f"{dtype}: at most {apart:.1e} apart" for dtype, apart in worst.items())


def blocks_agree(config: RunConfig, _: Path) -> str:
    """Compare the blocks of pictures and their gradients with torch's, number for number."""
    if not has_kernels(config.device):
        return NO_KERNELS
    images = torch.randn(5, 3, 12, 16, device=config.device, requires_grad=True)
    blocks = fused_kernels().to_blocks(images, 4, torch.float32)
    expected = pixel_unshuffle(pad(images, (1, 1, 1, 1, 0, 1)), 2).unflatten(1, (4, 4)).transpose(1, 2).flatten(1, 2)
    require(torch.equal(blocks, expected), "other blocks")
    gradients = [torch.autograd.grad(each.square().sum(), images)[0] for each in (blocks, expected)]
    require(torch.equal(*gradients), "other gradients")
    require(torch.equal(fused_kernels().from_blocks(blocks, 3), images), "other pictures")
    return f"{blocks.numel()} numbers and their gradients are the same"


def learn_alike(config: RunConfig, place: Path) -> str:
    """Compare losses, D's outputs and D's gradient of a first float32 step, with the project's kernels and torch's."""
    short = with_values(config, {"training.steps": 1})
    logged = []
    for fused in (True, False):
        trainer, events = finished(
            TrainingJob(RunRequest(place / str(fused), with_values(short, {"fused_kernels": fused})))
        )
        is_fused = trainer.state.discriminator.fused is not None
        require(is_fused == (fused and has_kernels(config.device)), f"fused: {is_fused}")
        logged.append(torch.cat([torch.from_numpy(event.values) for event in events]))
    ours, theirs = (rows[0, : METRIC_COLUMNS.index("grad_norm_g")] for rows in logged)
    apart = ((ours - theirs).abs() / (0.1 + theirs.abs())).max().item()
    return require(apart <= LEARNT_APART, f"losses, beliefs and D's gradient at most {apart:.1e} apart")


KERNEL_CHECKS: tuple[tuple[str, Callable[[RunConfig, Path], str]], ...] = (
    ("our batch norm is torch's", norms_agree),
    ("our blocks are torch's", blocks_agree),
    ("runs by our kernels and torch's learn alike", learn_alike),
)


def _normed(
    work: Callable[[Tensor, nn.BatchNorm2d, int], Tensor], norm: nn.BatchNorm2d, given: Tensor, batches: int
) -> list[Tensor]:
    """Return the output, the gradients of input, weight and bias, and the running statistics."""
    norm.reset_running_stats()
    x, dy = given.to(norm.weight.dtype if given.dtype == torch.float64 else given.dtype)
    x = x.to(memory_format=torch.channels_last).requires_grad_()
    y = work(x, norm, batches)
    found = torch.autograd.grad(y, (x, norm.weight, norm.bias), dy.to(y.dtype))
    return [y.detach(), *found, norm.running_mean.clone(), norm.running_var.clone(), norm.num_batches_tracked.clone()]


def _by_torch(x: Tensor, norm: nn.BatchNorm2d, batches: int) -> Tensor:
    return torch.cat([leaky_relu(norm(batch), SLOPE) for batch in x.chunk(batches)])


def _apart(mine: Tensor, other: Tensor) -> float:
    return ((mine.double() - other.double()).norm() / other.double().norm()).item()
