"""The fused kernels: operations on a CUDA device in one or two passes over a map, where torch takes several.

For batch norm and LeakyReLU of a bfloat16 map in channels-last memory, forward and backward, torch launches ten
kernels; here they are four. Importing this module needs Triton, which comes with torch for CUDA on Linux. The first
launch of a kernel compiles it, which needs a C compiler.
"""

from contextlib import nullcontext
from typing import Any

import torch
import triton
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import leaky_relu, pad, pixel_unshuffle

from gan_studio.engine.kernels.triton_kernels import move_blocks, normalise, send_back, sum_rows

CHANNELS = 64
"""Channels of a tile, the part of a map that one Triton program of the norm holds at a time."""
ROWS = (256, 128, 64)
"""Rows that a tile may have (a row is one pixel of one picture); 16 rows for each warp."""
BUSY = 128
"""With fewer programs than this, a tile with fewer rows is faster."""
PROGRAMS = 264
"""Limit of the programs of a norm: about two for each multiprocessor of a large GPU."""
MOST_PARTS = 128
"""Limit of the programs that sum the rows of a channel, because each later program must add up their sums."""
NUMBERS = 1024
"""Values that one program moves between a picture and its blocks."""
LONG = 2**31 - NUMBERS
"""From this many values on, indices need 64 bits."""
SLOPE, APART, HALF_APART = 0.2, 1e-3, 2e-2
"""For the trial: the slope of LeakyReLU, and the tolerances against torch in float32 and bfloat16."""


class _NormThenLeak(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, norm: nn.BatchNorm2d, weight: Tensor, bias: Tensor, slope: float, batches: int
    ) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        y = torch.empty_like(x)
        work = _Work(x, batches)
        mean, scale = torch.empty(2, batches, work.channels, dtype=torch.float32, device=x.device)
        sum_rows[(work.parts, work.columns, batches)](
            x, x, mean, scale, weight, bias, work.sums, work.rows, work.channels, slope, work.parts,
            IS_BACK=False, **work.tile,
        )  # fmt: skip
        normalise[(work.chunks, work.columns, batches)](
            x, y, weight, bias, norm.running_mean, norm.running_var, norm.num_batches_tracked, mean, scale, work.sums,
            work.rows, work.channels, slope, norm.eps, norm.momentum, BATCHES=batches, PARTS=work.parts, **work.tile,
        )  # fmt: skip
        ctx.save_for_backward(x, weight, bias, mean, scale)
        ctx.slope, ctx.batches = slope, batches
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, weight, bias, mean, scale = ctx.saved_tensors
        dy = dy.contiguous(memory_format=torch.channels_last)
        dx = torch.empty_like(x)
        work = _Work(x, ctx.batches)
        d_weight, d_bias = torch.empty(2, work.channels, dtype=torch.float32, device=x.device)
        sum_rows[(work.parts, work.columns, ctx.batches)](
            x, dy, mean, scale, weight, bias, work.sums, work.rows, work.channels, ctx.slope, work.parts,
            IS_BACK=True, **work.tile,
        )  # fmt: skip
        send_back[(work.chunks, work.columns, ctx.batches)](
            x, dy, dx, weight, bias, mean, scale, work.sums, d_weight, d_bias,
            work.rows, work.channels, ctx.slope, BATCHES=ctx.batches, PARTS=work.parts, **work.tile,
        )  # fmt: skip
        return dx, None, d_weight, d_bias, None, None


class _Work:
    """How a map is divided among the programs of a norm, and the buffer for their partial sums."""

    def __init__(self, x: Tensor, batches: int) -> None:
        count, self.channels, height, width = x.shape
        self.rows = count // batches * height * width
        self.columns = triton.cdiv(self.channels, CHANNELS)
        beside = self.columns * batches
        fitting = (rows for rows in ROWS if triton.cdiv(self.rows, rows) * beside >= BUSY)
        at_once = next(fitting, ROWS[-1])
        self.chunks = min(triton.cdiv(self.rows, at_once), max(PROGRAMS // beside, 1))
        self.parts = min(2 ** (self.chunks.bit_length() - 1), MOST_PARTS)
        self.tile = {"BR": at_once, "BC": CHANNELS, "num_warps": at_once // 16}
        self.sums = torch.empty(batches, self.parts, 2, self.channels, dtype=torch.float32, device=x.device)


class _ToBlocks(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor, full: int, dtype: torch.dtype) -> Tensor:
        count, channels, height, width = images.shape
        ctx.channels, ctx.dtype = channels, images.dtype
        shape = (count, height // 2 + 1, width // 2 + 1, 4 * full)
        blocks = torch.empty(shape, dtype=dtype, device=images.device)
        move_blocks[(triton.cdiv(blocks.numel(), NUMBERS),)](
            images, blocks, count, channels, full, height, width, *images.stride(), TO_BLOCKS=True, **_length(blocks)
        )
        return blocks.permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        return _FromBlocks.apply(gradient, ctx.channels, ctx.dtype), None, None


class _FromBlocks(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, blocks: Tensor, channels: int, dtype: torch.dtype) -> Tensor:
        blocks = blocks.contiguous(memory_format=torch.channels_last)
        count, numbers, rows, columns = blocks.shape
        ctx.full, ctx.dtype = numbers // 4, blocks.dtype
        height, width = 2 * rows - 2, 2 * columns - 2
        picture = torch.empty(count, height, width, channels, dtype=dtype, device=blocks.device).permute(0, 3, 1, 2)
        move_blocks[(triton.cdiv(picture.numel(), NUMBERS),)](
            picture,
            blocks,
            count,
            channels,
            ctx.full,
            height,
            width,
            *picture.stride(),
            TO_BLOCKS=False,
            **_length(picture),
        )
        return picture

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        return _ToBlocks.apply(gradient, ctx.full, ctx.dtype), None, None


def _length(moved: Tensor) -> dict[str, int]:
    """Return the compile-time constants of `move_blocks`: 64-bit indices, which divide slowly, only if needed."""
    return {"IS_LONG": moved.numel() >= LONG, "SIZE": NUMBERS}


def norm_then_leak(x: Tensor, norm: nn.BatchNorm2d, slope: float, batches: int = 1) -> Tensor:
    """Apply batch norm in train mode and LeakyReLU; differentiable once.

    Args:
        x: float [N, C, H, W].
        norm: the batch norm, whose running statistics are updated once for each batch.
        slope: slope of LeakyReLU below 0; 0 is ReLU.
        batches: number of equal batches that N consists of; each is normalised by its own statistics.

    Returns:
        [N, C, H, W] of the dtype of x, channels last in memory.
    """
    y: Tensor = _NormThenLeak.apply(x, norm, norm.weight, norm.bias, slope, batches)
    return y


def to_blocks(images: Tensor, full: int, dtype: torch.dtype) -> Tensor:
    """Pad pictures with one zero on each side, and gather their pixels in blocks of 2x2.

    Args:
        images: float [N, C, H, W], H and W even.
        full: channels of each pixel in a block, at least C; channels beyond C are filled with 0.
        dtype: dtype of the result.

    Returns:
        [N, 4 * full, H / 2 + 1, W / 2 + 1], channels last in memory; the values of a block are in the order rows,
        columns, channels.
    """
    blocks: Tensor = _ToBlocks.apply(images, full, dtype)
    return blocks


def from_blocks(blocks: Tensor, channels: int) -> Tensor:
    """Invert to_blocks, and drop its padding and filled channels: [N, channels, H, W], channels last in memory."""
    picture: Tensor = _FromBlocks.apply(blocks, channels, blocks.dtype)
    return picture


def try_out(device: torch.device) -> None:
    """Run every kernel on small tensors on a device, and compare the results with torch's.

    Raises:
        ArithmeticError: a result differs from torch's.
        Exception: anything that Triton, a compiler or a driver raises.
    """
    with torch.cuda.device(device) if device.type == "cuda" else nullcontext():  # Triton uses the current device
        _try_out(device)


def _try_out(device: torch.device) -> None:
    source = torch.Generator().manual_seed(0)
    images = torch.randn(4, 3, 8, 8, generator=source).to(device).requires_grad_()
    norm = nn.BatchNorm2d(16, device=device)

    def gathered(pixels: Tensor) -> Tensor:
        count, _, height, width = pixels.shape
        blocks = pixel_unshuffle(pad(pixels, (1, 1, 1, 1, 0, 1)), 2).view(count, 4, 4, height // 2 + 1, width // 2 + 1)
        return blocks.transpose(1, 2).flatten(1, 2)

    def normed(blocks: Tensor) -> Tensor:
        halves: list[Tensor] = [norm(half) for half in blocks.chunk(2)]
        return leaky_relu(torch.cat(halves), SLOPE)

    ours = norm_then_leak(to_blocks(images, 4, torch.float32), norm, SLOPE, batches=2)
    theirs = normed(gathered(images))
    _compare(ours, theirs)
    for mine, other in zip(_gradients(ours, images, norm), _gradients(theirs, images, norm), strict=True):
        _compare(mine, other)
    for rows in ROWS:
        _try_tile(rows, device, source)
    halved = from_blocks(to_blocks(images, 4, torch.bfloat16), 3)
    _compare(halved.float(), images, HALF_APART)


def _try_tile(rows: int, device: torch.device, source: torch.Generator) -> None:
    """Compare the norm of a bfloat16 map, divided into tiles of `rows` rows, with torch's."""
    norm = nn.BatchNorm2d(CHANNELS, device=device)
    x = torch.randn(BUSY, CHANNELS, rows // 16, 16, generator=source).to(device, torch.bfloat16).requires_grad_()
    ours, theirs = norm_then_leak(x, norm, SLOPE), leaky_relu(norm(x), SLOPE)
    _compare(ours.float(), theirs.float(), HALF_APART)
    for mine, other in zip(_gradients(ours, x, norm), _gradients(theirs, x, norm), strict=True):
        _compare(mine.float() / other.float().std(), other.float() / other.float().std(), 4 * HALF_APART)


def _gradients(y: Tensor, images: Tensor, norm: nn.BatchNorm2d) -> tuple[Tensor, ...]:
    return torch.autograd.grad(y.square().sum(), (images, norm.weight, norm.bias))


def _compare(mine: Tensor, other: Tensor, apart: float = APART) -> None:
    if not torch.allclose(mine, other, rtol=apart, atol=apart):
        raise ArithmeticError(f"up to {(mine - other).abs().max().item():.2g} from what torch computes")
