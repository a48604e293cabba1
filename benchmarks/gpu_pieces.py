"""Time each piece of a step alone on a CUDA device: `python3 benchmarks/gpu_pieces.py`.

- norms by the project's kernels, forward and with their gradients, beside torch's, and with other tilings of a map;
- blocks of pixels;
- the convolutions of the inner layers with their two gradients, one after the other and at once in two streams.

Each piece stands several times in a CUDA graph, so that the device never waits for the host. 64x64x3, width 64, batch
128, bfloat16. Exit status: 0; 3 without a CUDA device.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from gan_studio.engine.kernels.switch import fused_kernels

NO_CUDA = 3
TIMES = 20
SLOPE = 0.2
MAPS = (
    (128, 512, 4, 1), (128, 256, 8, 1), (128, 128, 16, 1), (128, 64, 32, 1),
    (256, 128, 16, 2), (256, 256, 8, 2), (256, 512, 4, 2),
)  # fmt: skip
"""Shapes of maps (pictures, channels, side, batches): of G, and of D with real and generated pictures at once."""
DIVISIONS = (
    {}, {"ROWS": (128, 64)}, {"ROWS": (64,)}, {"ROWS": (512, 256, 128, 64)}, {"PROGRAMS": 132}, {"PROGRAMS": 528},
    {"CHANNELS": 32}, {"BUSY": 64},
)  # fmt: skip
"""Values to try for the tiling constants of engine/kernels/fused.py."""


@dataclass(frozen=True)
class Layer:
    """One inner layer: number of pictures, channels in and out, side of its input, and whether it is transposed."""

    pictures: int
    inputs: int
    outputs: int
    side: int
    is_transposed: bool

    def arguments(self, device: torch.device) -> tuple[object, ...]:
        """Return random arguments for aten.convolution_backward, without its output mask."""
        kernel = (self.inputs, self.outputs) if self.is_transposed else (self.outputs, self.inputs)
        side = 2 * self.side if self.is_transposed else self.side // 2
        x = _random(device, self.pictures, self.inputs, self.side, self.side)
        dy = _random(device, self.pictures, self.outputs, side, side)
        return dy, x, _random(device, *kernel, 4, 4), None, [2, 2], [1, 1], [1, 1], self.is_transposed, [0, 0], 1


LAYERS = (
    *(Layer(count, 64 * 2**at, 128 * 2**at, 32 // 2**at, False) for count in (128, 256) for at in range(3)),
    *(Layer(128, 512 // 2**at, 256 // 2**at, 4 * 2**at, True) for at in range(3)),
)


def microseconds(work: Callable[[], object]) -> float:
    """Time work in a CUDA graph that holds it TIMES times; returns microseconds for one."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            work()
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=stream):
            for _ in range(TIMES):
                work()
        graph.replay()
        begun, ended = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begun.record()
        graph.replay()
        ended.record()
        torch.cuda.synchronize()
    return 1000 * begun.elapsed_time(ended) / TIMES


def norms(device: torch.device) -> Iterator[str]:
    """Time the norm of each map by the project's kernels in every tiling, and by torch."""
    fused = fused_kernels()
    made = [(_random(device, *shape[:2], *shape[2:3] * 2).requires_grad_(), shape[1], shape[3]) for shape in MAPS]

    def total(norm_of: Callable[[Tensor, nn.BatchNorm2d, int], Tensor]) -> str:
        times = []
        for x, channels, batches in made:
            norm, dy = nn.BatchNorm2d(channels, device=device), x.detach().flip(0)
            learnt = (x, norm.weight, norm.bias)
            times.append(microseconds(lambda: torch.autograd.grad(norm_of(x, norm, batches), learnt, dy)))  # noqa: B023
        return f"{sum(times):6.0f} us: " + " ".join(f"{time:.1f}" for time in times)

    yield "norms of " + ", ".join("x".join(map(str, shape)) for shape in MAPS)
    for division in DIVISIONS:
        before = {name: getattr(fused, name) for name in division}
        for name, value in division.items():
            setattr(fused, name, value)
        yield f"  {division or 'as it is'}: {total(lambda x, norm, count: fused.norm_then_leak(x, norm, SLOPE, count))}"
        for name, value in before.items():
            setattr(fused, name, value)
    yield f"  torch: {total(lambda x, norm, count: torch.cat([_by_torch(half, norm) for half in x.chunk(count)]))}"


def blocks(device: torch.device) -> Iterator[str]:
    """Time gathering pictures into blocks, and the way back."""
    fused = fused_kernels()
    images = _random(device, 256, 3, 64, 64)
    gathered = fused.to_blocks(images, 4, torch.bfloat16)
    there = microseconds(lambda: fused.to_blocks(images, 4, torch.bfloat16))
    back = microseconds(lambda: fused.from_blocks(gathered, 3))
    yield f"blocks of 256 pictures: {there:.1f} us, and back {back:.1f} us"


def convolutions(device: torch.device) -> Iterator[str]:
    """Time each inner layer forward, and its two gradients: each alone, one after the other, and in two streams."""
    backward = torch.ops.aten.convolution_backward
    beside = torch.cuda.Stream()
    for layer in LAYERS:
        told = layer.arguments(device)
        kept = list[object]()

        def at_once() -> None:
            here = torch.cuda.current_stream()
            beside.wait_stream(here)
            with torch.cuda.stream(beside):
                kept.append(backward(*told, [False, True, False]))  # noqa: B023
            kept.append(backward(*told, [True, False, False]))  # noqa: B023
            here.wait_stream(beside)

        forward = microseconds(lambda: torch.ops.aten.convolution(*told[1:]))  # noqa: B023
        masks = ([True, False, False], [False, True, False], [True, True, False])
        each = [microseconds(lambda: backward(*told, mask)) for mask in masks]  # noqa: B023
        of_map, of_weights, in_turn = each
        yield (
            f"{layer}: forward {forward:.1f}, gradient of its input {of_map:.1f}, of its weights {of_weights:.1f}, "
            f"both {in_turn:.1f}, in two streams {microseconds(at_once):.1f} us"
        )


def _by_torch(x: Tensor, norm: nn.BatchNorm2d) -> Tensor:
    normed: Tensor = norm(x)
    return leaky_relu(normed, SLOPE)


def _random(device: torch.device, *shape: int) -> Tensor:
    return torch.randn(shape, device=device).to(torch.bfloat16, memory_format=torch.channels_last)


def main() -> int:
    """Time all pieces and print; returns the exit status."""
    if not torch.cuda.is_available():
        print("no CUDA device", file=sys.stderr)
        return NO_CUDA
    device = torch.device("cuda:0")
    print(torch.cuda.get_device_name(device))
    for pieces in (norms, blocks, convolutions):
        for line in pieces(device):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
