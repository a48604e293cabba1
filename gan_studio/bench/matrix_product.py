"""The rate at which this machine multiplies matrices: what the arithmetic of a step is held against."""

import time
from collections.abc import Callable

import torch
from torch.nn.functional import conv2d


def matrix_product_rate(device: torch.device, dtype: torch.dtype, size: int = 2048, turns: int = 8) -> float:
    """Measure the best rate of a matrix product on the present threads, in operations per second.

    On a CPU two libraries try: torch's `mm` (MKL), and the same product as a 1x1 convolution (oneDNN). On a CUDA
    device float32 means TF32, which torch's convolutions use there unless told otherwise.
    """
    precision = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high" if device.type == "cuda" else "highest")
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    products: list[Callable[[], object]] = [lambda: left @ right]
    if device.type == "cpu":
        pixels = left.view(16, size // 16, 1, size).permute(0, 3, 1, 2)  # below 16 pictures one thread is sent to MKL
        kernel = right.view(size, size, 1, 1).to(memory_format=torch.channels_last)
        products.append(lambda: conv2d(pixels, kernel))
    best = min(_seconds(product, device) for product in products for _ in range(turns))
    torch.set_float32_matmul_precision(precision)
    return 2.0 * size**3 / best


def now(device: torch.device) -> float:
    """Read the clock once the device has done what it was asked."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def _seconds(product: Callable[[], object], device: torch.device) -> float:
    begun = now(device)
    product()
    return now(device) - begun
