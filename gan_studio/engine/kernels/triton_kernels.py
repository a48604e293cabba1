"""The Triton kernels that fused.py launches on a CUDA device.

Parameters in capitals are compile-time constants. Parameters that end in _map or _of, and `sums`, `picture` and
`blocks`, are pointers. Sums are added up in a fixed order, without atomic operations: equal inputs give equal bits.
A row is one pixel of one picture, a column one channel, a part the rows that one program sums.
"""

import triton
import triton.language as tl


@triton.jit
def sum_rows(
    x_map, dy_map, mean_of, scale_of, weight_of, bias_of, sums,
    rows, channels, slope, parts,
    IS_BACK: tl.constexpr, BR: tl.constexpr, BC: tl.constexpr,
):  # fmt: skip
    """Sum d and d * d over one part of the rows, d = x less the first row (forward), or g and g * xhat (back)."""
    part, batch = tl.program_id(0), tl.program_id(2)
    column = tl.program_id(1) * BC + tl.arange(0, BC)
    is_column = column < channels
    first = batch * rows
    if IS_BACK:
        mean = tl.load(mean_of + batch * channels + column, mask=is_column, other=0.0)
        scale = tl.load(scale_of + batch * channels + column, mask=is_column, other=0.0)
        weight = tl.load(weight_of + column, mask=is_column, other=0.0)
        bias = tl.load(bias_of + column, mask=is_column, other=0.0)
    else:
        mean = tl.load(x_map + first.to(tl.int64) * channels + column, mask=is_column, other=0.0).to(tl.float32)
    one = tl.zeros((BR, BC), dtype=tl.float32)
    two = tl.zeros((BR, BC), dtype=tl.float32)
    for begin in range(part * BR, rows, parts * BR):
        row = begin + tl.arange(0, BR)
        is_there = (row < rows)[:, None] & is_column[None, :]
        place = (first + row).to(tl.int64)[:, None] * channels + column[None, :]
        x = tl.load(x_map + place, mask=is_there, other=0.0).to(tl.float32)
        if IS_BACK:
            dy = tl.load(dy_map + place, mask=is_there, other=0.0).to(tl.float32)
            xhat = (x - mean[None, :]) * scale[None, :]
            g = tl.where(xhat * weight[None, :] + bias[None, :] > 0, dy, dy * slope)
            one += g
            two += g * xhat
        else:
            shifted = tl.where(is_there, x - mean[None, :], 0.0)
            one += shifted
            two += shifted * shifted
    place = sums + (batch * parts + part) * 2 * channels + column
    tl.store(place, tl.sum(one, axis=0), mask=is_column)
    tl.store(place + channels, tl.sum(two, axis=0), mask=is_column)


@triton.jit
def _total(sums, batch, column, is_column, channels, PARTS: tl.constexpr):
    """Add up the sums of all parts of a batch: two sums for each channel."""
    place = sums + (batch * PARTS + tl.arange(0, PARTS))[:, None] * 2 * channels + column[None, :]
    one = tl.sum(tl.load(place, mask=is_column[None, :], other=0.0), axis=0)
    return one, tl.sum(tl.load(place + channels, mask=is_column[None, :], other=0.0), axis=0)


@triton.jit
def _statistics(x_map, sums, batch, column, is_column, rows, channels, PARTS: tl.constexpr):
    """Return mean and variance of each channel of a batch."""
    first = (batch * rows).to(tl.int64) * channels
    shift = tl.load(x_map + first + column, mask=is_column, other=0.0).to(tl.float32)
    one, two = _total(sums, batch, column, is_column, channels, PARTS)
    away = one / rows
    return shift + away, tl.maximum(two / rows - away * away, 0.0, propagate_nan=tl.PropagateNan.ALL)


@triton.jit
def normalise(
    x_map, y_map, weight_of, bias_of, running_mean_of, running_var_of, seen_of, mean_of, scale_of, sums,
    rows, channels, slope, eps, momentum,
    BATCHES: tl.constexpr, PARTS: tl.constexpr, BR: tl.constexpr, BC: tl.constexpr,
):  # fmt: skip
    """Normalise and activate some rows of a batch; the first program of a channel stores its statistics."""
    chunk, batch = tl.program_id(0), tl.program_id(2)
    column = tl.program_id(1) * BC + tl.arange(0, BC)
    is_column = column < channels
    first = batch * rows
    mean, variance = _statistics(x_map, sums, batch, column, is_column, rows, channels, PARTS)
    scale = 1.0 / tl.sqrt(variance + eps)
    weight = tl.load(weight_of + column, mask=is_column, other=0.0)
    bias = tl.load(bias_of + column, mask=is_column, other=0.0)
    for begin in range(chunk * BR, rows, tl.num_programs(0) * BR):
        row = begin + tl.arange(0, BR)
        is_there = (row < rows)[:, None] & is_column[None, :]
        place = (first + row).to(tl.int64)[:, None] * channels + column[None, :]
        x = tl.load(x_map + place, mask=is_there, other=0.0).to(tl.float32)
        y = (x - mean[None, :]) * scale[None, :] * weight[None, :] + bias[None, :]
        tl.store(y_map + place, tl.where(y > 0, y, y * slope), mask=is_there)
    if chunk == 0:
        tl.store(mean_of + batch * channels + column, mean, mask=is_column)
        tl.store(scale_of + batch * channels + column, scale, mask=is_column)
        if batch == 0:
            running_mean = tl.load(running_mean_of + column, mask=is_column, other=0.0)
            running_var = tl.load(running_var_of + column, mask=is_column, other=0.0)
            for each in tl.static_range(BATCHES):
                its_mean, its_variance = _statistics(
                    x_map, sums, batch + each, column, is_column, rows, channels, PARTS
                )
                running_mean += momentum * (its_mean - running_mean)
                running_var += momentum * (its_variance * (rows / (rows - 1.0)) - running_var)
            tl.store(running_mean_of + column, running_mean, mask=is_column)
            tl.store(running_var_of + column, running_var, mask=is_column)
            if tl.program_id(1) == 0:
                tl.store(seen_of, tl.load(seen_of) + BATCHES)


@triton.jit
def send_back(
    x_map, dy_map, dx_map, weight_of, bias_of, mean_of, scale_of, sums, d_weight_of, d_bias_of,
    rows, channels, slope,
    BATCHES: tl.constexpr, PARTS: tl.constexpr, BR: tl.constexpr, BC: tl.constexpr,
):  # fmt: skip
    """Compute the gradient of the input; the first program of a channel also adds up those of weight and bias."""
    chunk, batch = tl.program_id(0), tl.program_id(2)
    column = tl.program_id(1) * BC + tl.arange(0, BC)
    is_column = column < channels
    first = batch * rows
    mean = tl.load(mean_of + batch * channels + column, mask=is_column, other=0.0)
    scale = tl.load(scale_of + batch * channels + column, mask=is_column, other=0.0)
    weight = tl.load(weight_of + column, mask=is_column, other=0.0)
    bias = tl.load(bias_of + column, mask=is_column, other=0.0)
    one, two = _total(sums, batch, column, is_column, channels, PARTS)
    one, two = one / rows, two / rows
    for begin in range(chunk * BR, rows, tl.num_programs(0) * BR):
        row = begin + tl.arange(0, BR)
        is_there = (row < rows)[:, None] & is_column[None, :]
        place = (first + row).to(tl.int64)[:, None] * channels + column[None, :]
        xhat = (tl.load(x_map + place, mask=is_there, other=0.0).to(tl.float32) - mean[None, :]) * scale[None, :]
        dy = tl.load(dy_map + place, mask=is_there, other=0.0).to(tl.float32)
        g = tl.where(xhat * weight[None, :] + bias[None, :] > 0, dy, dy * slope)
        dx = (weight * scale)[None, :] * (g - one[None, :] - xhat * two[None, :])
        tl.store(dx_map + place, dx, mask=is_there)
    if chunk == 0 and batch == 0:
        d_bias, d_weight = tl.zeros((BC,), dtype=tl.float32), tl.zeros((BC,), dtype=tl.float32)
        for each in tl.static_range(BATCHES):
            its_one, its_two = _total(sums, batch + each, column, is_column, channels, PARTS)
            d_bias += its_one
            d_weight += its_two
        tl.store(d_bias_of + column, d_bias, mask=is_column)
        tl.store(d_weight_of + column, d_weight, mask=is_column)


@triton.jit
def move_blocks(
    picture, blocks, count, channels, full, height, width, by_picture, by_channel, by_row, by_column,
    TO_BLOCKS: tl.constexpr, IS_LONG: tl.constexpr, SIZE: tl.constexpr,
):  # fmt: skip
    """Copy a picture, padded with zeros, to blocks of 2x2 pixels, or copy the blocks back without the padding."""
    index = (tl.program_id(0).to(tl.int64) if IS_LONG else tl.program_id(0)) * SIZE + tl.arange(0, SIZE)
    if TO_BLOCKS:
        channel, rest = index % full, index // full
        right, rest = rest % 2, rest // 2
        down, rest = rest % 2, rest // 2
        column, rest = 2 * (rest % (width // 2 + 1)) + right - 1, rest // (width // 2 + 1)
        row, number = 2 * (rest % (height // 2 + 1)) + down - 1, rest // (height // 2 + 1)
        is_inside = (channel < channels) & (row >= 0) & (row < height) & (column >= 0) & (column < width)
    else:
        channel, rest = index % channels, index // channels
        column, rest = rest % width, rest // width
        row, number = rest % height, rest // height
        is_inside = number < count
    is_inside = is_inside & (number < count)
    here = number.to(tl.int64) * by_picture + channel * by_channel + row * by_row + column * by_column
    if TO_BLOCKS:
        value = tl.load(picture + here, mask=is_inside, other=0.0)
        tl.store(blocks + index, value, mask=number < count)
    else:
        block = (number * (height // 2 + 1) + (row + 1) // 2).to(tl.int64) * (width // 2 + 1) + (column + 1) // 2
        there = ((block * 2 + (row + 1) % 2) * 2 + (column + 1) % 2) * full + channel
        tl.store(picture + here, tl.load(blocks + there, mask=is_inside, other=0.0), mask=is_inside)
