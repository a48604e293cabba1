"""Random streams and latent points."""

import numpy as np

from gan_studio.engine.latent import LatentPoint, draw_point, fixed_z, neighbours, one_class, origin
from gan_studio.engine.randomness import Stream, device_seed, generator_at


def test_that_a_sample_seed_gives_the_same_z_alone_and_in_a_batch() -> None:
    batch = fixed_z(64, 100, "normal")
    assert np.array_equal(batch[17], draw_point(17, 100, "normal").z)


def test_that_sample_seeds_are_part_of_the_format() -> None:
    assert draw_point(0, 3, "normal").values == (1.4015058279037476, 0.8166124224662781, 1.2597179412841797)
    assert draw_point(2**40, 3, "normal") != draw_point(2**40 + 2**32, 3, "normal")


def test_that_one_class_has_all_the_weight() -> None:
    assert one_class(3, 1) == (0.0, 1.0, 0.0)


def test_that_a_uniform_prior_stays_in_its_interval() -> None:
    z = fixed_z(200, 50, "uniform")
    assert -1 <= z.min() < -0.99
    assert 0.99 < z.max() <= 1


def test_that_streams_and_positions_are_independent() -> None:
    drawn = [
        generator_at(0, Stream.TRAINING_Z, 5).random(4),
        generator_at(0, Stream.TRAINING_Z, 6).random(4),
        generator_at(0, Stream.DATA_ORDER, 5).random(4),
        generator_at(1, Stream.TRAINING_Z, 5).random(4),
    ]
    assert len({tuple(values) for values in drawn}) == 4
    assert np.array_equal(drawn[0], generator_at(0, Stream.TRAINING_Z, 5).random(4))


def test_that_device_seeds_differ_by_step() -> None:
    seeds = {device_seed(0, Stream.TRAINING_Z, step) for step in range(1000)}
    assert len(seeds) == 1000
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_that_moving_one_value_moves_only_that_value() -> None:
    point = draw_point(3, 10, "normal")
    moved = point.with_value(4, 1.5)
    assert [i for i in range(10) if moved.values[i] != point.values[i]] == [4]
    assert moved.values[4] == 1.5


def test_that_neighbours_surround_their_centre() -> None:
    centre = origin(100)
    found = neighbours(centre, 25, 0.5, "normal")
    assert found[12] == centre
    spread = np.stack([point.z for point in found]).std()
    assert 0.4 < spread < 0.6
    assert found == neighbours(centre, 25, 0.5, "normal")
    assert found != neighbours(centre, 25, 0.5, "normal", variation=1)


def test_that_neighbours_of_a_uniform_prior_stay_inside_it() -> None:
    edge = LatentPoint((1.0,) * 20)
    found = neighbours(edge, 9, 2.0, "uniform")
    assert max(max(point.values) for point in found) <= 1.0
