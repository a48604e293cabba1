"""Rate of a matrix product on this machine: the reference for the arithmetic of a training step."""

import time
from collections.abc import Callable

import torch
from torch.nn.functional import conv2d


def matrix_product_rate(device: torch.device, dtype: torch.dtype, size: int = 2048, turns: int = 8) -> float:
    """Measure the best rate of a matrix product with the current thread count, in operations per second.

    On a CPU the better of two libraries counts: torch's `mm` (MKL), and the same product as a 1x1 convolution (oneDNN).
    On a CUDA device float32 means TF32, the default of torch's convolutions there.

    Args:
        device: where to multiply.
        dtype: dtype of the matrices.
        size: rows and columns of both matrices.
        turns: measurements of each library, of which the fastest counts.
    """
    precision = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high" if device.type == "cuda" else "highest")
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    products: list[Callable[[], object]] = [lambda: left @ right]
    if device.type == "cpu":
        pixels = left.view(16, size // 16, 1, size).permute(
            0, 3, 1, 2
        )  # with fewer than 16 images oneDNN hands one thread to MKL
        kernel = right.view(size, size, 1, 1).to(memory_format=torch.channels_last)
        products.append(lambda: conv2d(pixels, kernel))
    best = min(_seconds(product, device) for product in products for _ in range(turns))
    torch.set_float32_matmul_precision(precision)
    return 2.0 * size**3 / best


def now(device: torch.device) -> float:
    """Return the time in seconds once the device has finished its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def _seconds(product: Callable[[], object], device: torch.device) -> float:
    begun = now(device)
    product()
    return now(device) - begun
