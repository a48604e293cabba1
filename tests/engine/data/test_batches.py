"""The order of pictures in batches, and fetching a batch."""

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from gan_studio.engine.config.schema import DataConfig, RunConfig
from gan_studio.engine.data.batches import BatchOrder, take
from gan_studio.engine.data.feed import PictureFeed
from gan_studio.engine.randomness import Stream, generator_at
from tests.engine.pictures import load, noise


def test_that_an_epoch_shows_each_picture_once_and_batches_run_on_across_its_end():
    order = BatchOrder(10, seed=3)
    seen = np.concatenate([order.indices(position, 4) for position in range(0, 20, 4)])
    assert sorted(seen[:10]) == list(range(10))
    assert sorted(seen[10:]) == list(range(10))
    assert list(seen[:10]) != list(seen[10:])


def test_that_the_order_is_that_of_earlier_versions():
    for count in (1, 2, 7, 1000):
        for epoch in range(3):
            expected = generator_at(5, Stream.DATA_ORDER, epoch).permutation(count)
            assert np.array_equal(BatchOrder(count, seed=5).indices(epoch * count, count), expected)


def test_that_a_batch_depends_only_on_its_position():
    onwards = BatchOrder(10, seed=3)
    for position in range(0, 40, 4):
        onwards.indices(position, 4)
    assert np.array_equal(onwards.indices(12, 4), BatchOrder(10, seed=3).indices(12, 4))
    assert not np.array_equal(BatchOrder(10, seed=4).indices(12, 4), onwards.indices(12, 4))


def test_that_a_batch_may_be_larger_than_the_data():
    counts = np.bincount(BatchOrder(3, seed=0).indices(0, 7))
    assert sorted(counts) == [2, 2, 3]


def test_that_a_batch_is_a_copy_of_the_pictures_asked_for():
    images = np.arange(40, dtype=np.uint8).reshape(10, 1, 2, 2)
    batch = take(images, np.array([7, 0, 7]))
    assert np.array_equal(batch, images[[7, 0, 7]])
    batch[:] = 0
    assert images[7].any()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes pages back when asked")
def test_that_going_through_a_large_map_leaves_memory_as_it_was(tmp_path: Path):
    path = tmp_path / "large.npy"
    np.save(path, np.full((200_000, 1, 32, 32), 7, np.uint8))
    images = np.load(path, mmap_mode="c")
    process = psutil.Process()
    take(images, np.arange(64))
    before = process.memory_info().rss
    for start in range(0, len(images), 1000):
        batch = take(images, np.arange(start, start + 1000))
        assert batch.min() == batch.max() == 7
    assert process.memory_info().rss - before < images.nbytes // 4


def test_that_a_picture_that_was_read_takes_a_few_bytes_of_memory(tmp_path: Path):
    def kept_in_arrays(count: int) -> int:
        path = tmp_path / f"{count}.npy"
        np.save(path, noise(count, 28, 28))
        data = DataConfig(source=str(path), image_size=28, channels=1)
        feed = PictureFeed(RunConfig(data=data), load(data)[0], torch.device("cpu"))
        for epoch in range(2):
            feed.batch(epoch * count, 64)
        return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(arrays).traces)

    arrays = [tracemalloc.DomainFilter(inclusive=True, domain=np.lib.tracemalloc_domain)]
    tracemalloc.start()
    try:
        few, many = kept_in_arrays(1_000), kept_in_arrays(11_000)
    finally:
        tracemalloc.stop()
    assert 0 < many - few < 10 * 10_000
