"""Layers of both networks that are computed faster than by torch's own modules, with the same weights and names."""

from types import ModuleType

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, conv_transpose2d, pad, pixel_shuffle, pixel_unshuffle


class PixelToMap(nn.Module):
    """A transposed convolution of a single pixel to a map, computed as a matrix product.

    Input [N, in], output [N, out, size, size], channels last in memory.
    """

    def __init__(self, in_channels: int, out_channels: int, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_channels, out_channels, size, size))

    def forward(self, z: Tensor) -> Tensor:
        """Multiply z by the kernel."""
        rows, columns, size, _ = self.weight.shape
        product = z @ self.weight.permute(0, 2, 3, 1).reshape(rows, size * size * columns)
        return product.view(-1, size, size, columns).permute(0, 3, 1, 2)


class MapToLogit(nn.Module):
    """A convolution of a whole map to one logit, computed as a matrix product.

    Input [N, in, size, size], output [N].
    """

    def __init__(self, in_channels: int, size: int, bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1, in_channels, size, size))
        self.bias = nn.Parameter(torch.empty(1)) if bias else None

    def forward(self, features: Tensor) -> Tensor:
        """Multiply the map by the kernel."""
        logits = features.permute(0, 2, 3, 1).flatten(1) @ self.weight.permute(0, 2, 3, 1).flatten()
        return logits if self.bias is None else logits + self.bias


class MapToPicture(nn.Module):
    """A transposed 4x4 convolution with stride 2 and a padding of 1 to a picture of few channels.

    On a CPU, and by the fused kernels on a CUDA device, it is computed as a 2x2 convolution with stride 1 to blocks of
    2x2 pixels. That takes half the time there.
    Input [N, in, H, W], output [N, out, 2H, 2W].
    """

    fused: ModuleType | None = None

    def __init__(self, in_channels: int, out_channels: int, bias: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_channels, out_channels, 4, 4))
        self.bias = nn.Parameter(torch.empty(out_channels)) if bias else None

    def forward(self, features: Tensor) -> Tensor:
        """Convolve."""
        return _with_bias(_to_picture(features, self.weight, self.fused), self.bias)


class MapToMap(nn.Module):
    """A transposed 4x4 convolution with stride 2 and a padding of 1.

    Input [N, in, H, W], output [N, out, 2H, 2W].
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_channels, out_channels, 4, 4))

    def forward(self, features: Tensor) -> Tensor:
        """Convolve."""
        return _to_map(features, self.weight, is_drawing=not self.training)


class ResizeToMap(nn.Module):
    """Nearest-neighbour doubling, then a 3x3 convolution with a padding of 1 (Odena et al. 2016).

    Both together equal a transposed 4x4 convolution with stride 2, which takes fewer than half the multiply-adds and
    is computed here. Doubling makes four copies of a pixel, which meet the 3x3 kernel at four offsets; the sum over
    the offsets is the 4x4 kernel. All output pixels still receive equally many contributions, so there is no
    checkerboard.
    Input [N, in, H, W], output [N, out, 2H, 2W].
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, 3, 3))
        self._keeps_kernel = False
        self._kept: Tensor | None = None

    def forward(self, features: Tensor) -> Tensor:
        """Convolve."""
        return _to_map(features, self._kernel(), is_drawing=not self.training)

    def keep_kernel(self) -> None:
        """Compute the 4x4 kernel once, at its next use; call it again whenever the weights have changed."""
        self._keeps_kernel, self._kept = True, None

    def _kernel(self) -> Tensor:
        if self._kept is not None:
            return self._kept
        kernel = _kernel_of_doubling(self.weight)
        if self._keeps_kernel:
            self._kept = kernel
        return kernel


class ResizeToPicture(ResizeToMap):
    """ResizeToMap to a picture of few channels, computed in blocks as in MapToPicture."""

    fused: ModuleType | None = None

    def __init__(self, in_channels: int, out_channels: int, bias: bool = False) -> None:
        super().__init__(in_channels, out_channels)
        self.bias = nn.Parameter(torch.empty(out_channels)) if bias else None

    def forward(self, features: Tensor) -> Tensor:
        """Convolve."""
        return _with_bias(_to_picture(features, self._kernel(), self.fused), self.bias)


class PictureToMap(nn.Module):
    """A 4x4 convolution with stride 2 and a padding of 1 of a picture of few channels.

    On a CPU it is computed in blocks of 2x2 pixels, as in MapToPicture, if the picture needs a gradient: that gradient
    is a transposed convolution to few channels. The fused kernels on a CUDA device always use blocks, because a tensor
    core takes eight 16-bit values at once.
    Input [N, in, H, W], output [N, out, H/2, W/2].
    """

    fused: ModuleType | None = None

    def __init__(self, in_channels: int, out_channels: int, bias: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, 4, 4))
        self.bias = nn.Parameter(torch.empty(out_channels)) if bias else None

    def forward(self, images: Tensor) -> Tensor:
        """Convolve."""
        if self.fused is not None:
            dtype = _dtype_of_product(images)
            full = _full(images.shape[1], dtype)
            blocks = self.fused.to_blocks(images, full, dtype)
            return conv2d(blocks, _kernel_in_order(self.weight, full, dtype), self.bias)
        if images.device.type != "cpu" or not images.requires_grad:
            return conv2d(images, self.weight, self.bias, 2, 1)
        blocks = pixel_unshuffle(pad(images, (1, 1, 1, 1)), 2).contiguous(memory_format=torch.channels_last)
        return conv2d(blocks, _kernel_of_blocks(self.weight), self.bias)


class VectorToPicture(nn.Linear):
    """A fully connected layer to the pixels of a picture.

    Input [N, in], output [N, channels, size, size].
    """

    def __init__(self, in_channels: int, channels: int, size: int) -> None:
        super().__init__(in_channels, channels * size * size)
        self._shape = (channels, size, size)

    def forward(self, features: Tensor) -> Tensor:
        """Multiply by the weights, and reshape to pictures."""
        return super().forward(features).view(-1, *self._shape)


_FEW_PIXELS = 128
_MANY_CHANNELS = 256
"""With at most _FEW_PIXELS and at least _MANY_CHANNELS, a matrix product doubles a map faster: a convolution reads its
large kernel slowly (benchmarks/drawing_variants.py)."""


def _to_map(features: Tensor, kernel: Tensor, *, is_drawing: bool) -> Tensor:
    """Double a map by a transposed 4x4 convolution with stride 2 and a padding of 1.

    Training always uses the convolution. Drawing a few samples uses a matrix product where that is faster; it rounds
    differently.
    """
    pixels = features.shape[0] * features.shape[2] * features.shape[3]
    if is_drawing and features.device.type == "cpu" and pixels <= _FEW_PIXELS and features.shape[1] >= _MANY_CHANNELS:
        return _double_by_product(features, kernel)
    return conv_transpose2d(features, kernel, None, 2, 1)


def _double_by_product(features: Tensor, kernel: Tensor) -> Tensor:
    """Multiply each pixel by the kernel, which makes 4x4 pixels of it, and sum where these overlap, in 2x2 blocks."""
    rows, columns = kernel.shape[:2]
    count, _, height, width = features.shape
    pixels = features.permute(0, 2, 3, 1).reshape(-1, rows)
    made = (pixels @ kernel.permute(0, 2, 3, 1).reshape(rows, -1)).view(count, height, width, 2, 2, 2, 2, columns)
    blocks = features.new_zeros(count, height + 1, width + 1, 2, 2, columns)
    for down in range(2):
        for right in range(2):
            blocks[:, down : down + height, right : right + width] += made[:, :, :, down, :, right]
    padded = blocks.transpose(2, 3).reshape(count, 2 * height + 2, 2 * width + 2, columns)
    return padded[:, 1:-1, 1:-1].permute(0, 3, 1, 2)


def _with_bias(picture: Tensor, bias: Tensor | None) -> Tensor:
    """Add a bias to each channel of [N, out, H, W], in the dtype of the picture."""
    return picture if bias is None else picture + bias.to(picture.dtype)[:, None, None]


def _to_picture(features: Tensor, kernel: Tensor, fused: ModuleType | None) -> Tensor:
    """Compute MapToPicture. Cutting off the outer pixels of the blocks is the padding of 1."""
    if fused is not None:
        dtype = _dtype_of_product(features)
        blocks = conv_transpose2d(features, _kernel_in_order(kernel, _full(kernel.shape[1], dtype), dtype))
        picture: Tensor = fused.from_blocks(blocks, kernel.shape[1])
        return picture
    if features.device.type != "cpu":
        return conv_transpose2d(features, kernel, None, 2, 1)
    blocks = conv_transpose2d(features, _kernel_of_blocks(kernel))
    return pixel_shuffle(blocks, 2)[:, :, 1:-1, 1:-1].contiguous(memory_format=torch.channels_last)


def _kernel_of_blocks(weight: Tensor) -> Tensor:
    """Rearrange a 4x4 kernel over pixels to a 2x2 kernel over blocks: [A, B, 4, 4] -> [A, 4B, 2, 2]."""
    rows, columns = weight.shape[:2]
    blocks = weight.view(rows, columns, 2, 2, 2, 2).permute(0, 1, 3, 5, 2, 4)
    return blocks.reshape(rows, 4 * columns, 2, 2).contiguous(memory_format=torch.channels_last)


def _kernel_of_doubling(weight: Tensor) -> Tensor:
    """Sum a 3x3 kernel over the offsets of a pixel's four copies: [out, in, 3, 3] -> transposed [in, out, 4, 4].

    The sums are a 2x2 pooling. All pairs of channels are last in memory, so that it works on a few long rows.
    """
    outputs, inputs = weight.shape[:2]
    pairs = weight.permute(3, 2, 1, 0).reshape(1, 3, 3, inputs * outputs).permute(0, 3, 1, 2)
    sums = avg_pool2d(pairs, 2, stride=1, padding=1, divisor_override=1).permute(0, 2, 3, 1)
    kernel = sums.reshape(4, 4, inputs, outputs).permute(2, 3, 1, 0).flip(2, 3)
    return kernel.contiguous(memory_format=torch.channels_last)


def _dtype_of_product(tensor: Tensor) -> torch.dtype:
    """Return the dtype in which a convolution of a tensor is computed."""
    kind = tensor.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else tensor.dtype


def _full(channels: int, dtype: torch.dtype) -> int:
    """Round channels up to even for 16-bit dtypes, so that the channels of a block are whole groups of 16 bytes."""
    return channels + channels % 2 if dtype.itemsize == 2 else channels


def _kernel_in_order(weight: Tensor, full: int, dtype: torch.dtype) -> Tensor:
    """Rearrange a 4x4 kernel for blocks in the order of to_blocks: [A, B, 4, 4] -> [A, 4 * full, 2, 2]."""
    rows, columns = weight.shape[:2]
    filled = pad(weight.to(dtype).permute(0, 2, 3, 1), (0, full - columns))
    blocks = filled.reshape(rows, 2, 2, 2, 2, full).transpose(2, 3)
    return blocks.reshape(rows, 2, 2, 4 * full).permute(0, 3, 1, 2)
