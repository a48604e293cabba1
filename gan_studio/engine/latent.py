"""Points of the latent space as frozen values, and drawing z from the prior."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gan_studio.engine.randomness import Stream, generator_at

Prior = Literal["normal", "uniform", "sphere"]

SLIDER_RANGE: dict[Prior, float] = {"normal": 3.0, "uniform": 1.0, "sphere": 3.0}
"""A latent slider goes from minus to plus this value: three standard deviations, or the whole interval."""


@dataclass(frozen=True)
class LatentPoint:
    """One point of the latent space, with class weights for a class-conditional generator.

    Attributes:
        values: z, latent_dim numbers that are exactly representable as float32.
        blend: the weight of each class, summing to 1; () without classes.
    """

    values: tuple[float, ...]
    blend: tuple[float, ...] = ()

    @classmethod
    def from_array(cls, z: NDArray[np.float32], blend: tuple[float, ...] = ()) -> "LatentPoint":
        """Make a point from a float32 [latent_dim] array."""
        return cls(tuple(z.astype(np.float32).tolist()), blend)

    @property
    def z(self) -> NDArray[np.float32]:
        """The latent vector as a new array, float32 [latent_dim]."""
        return np.array(self.values, dtype=np.float32)

    def with_value(self, index: int, value: float) -> "LatentPoint":
        """Return the point with z[index] replaced."""
        values = (*self.values[:index], float(np.float32(value)), *self.values[index + 1 :])
        return LatentPoint(values, self.blend)

    def with_blend(self, blend: tuple[float, ...]) -> "LatentPoint":
        """Return the point with other class weights."""
        return LatentPoint(self.values, blend)


def origin(latent_dim: int) -> LatentPoint:
    """Return the zero vector: the mean of every prior."""
    return LatentPoint((0.0,) * latent_dim)


def draw_point(sample_seed: int, latent_dim: int, prior: Prior) -> LatentPoint:
    """Draw the z of a sample from its seed; it is the same on every device and for every batch size.

    Args:
        sample_seed: 0 to 2**64 - 1.
        latent_dim: length of z.
        prior: "normal" for N(0, 1), "uniform" for U(-1, 1), "sphere" for the sphere of radius sqrt(latent_dim).
    """
    return LatentPoint.from_array(draw_z(generator_at(sample_seed, Stream.SAMPLE_Z), (latent_dim,), prior))


def draw_z(source: np.random.Generator, shape: tuple[int, ...], prior: Prior) -> NDArray[np.float32]:
    """Draw float32 noise of `shape` from the prior; the last axis is latent_dim."""
    if prior == "normal":
        return source.standard_normal(shape, dtype=np.float32)
    if prior == "sphere":
        return on_sphere(source.standard_normal(shape, dtype=np.float32))
    return source.random(shape, dtype=np.float32) * np.float32(2) - np.float32(1)


def on_sphere(z: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each vector along the last axis to the length sqrt(latent_dim), about the length of normal noise."""
    length = np.linalg.norm(z, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = z * (np.float32(np.sqrt(z.shape[-1])) / np.maximum(length, np.float32(1e-12)))
    return scaled


def fixed_z(count: int, latent_dim: int, prior: Prior, first_seed: int = 0) -> NDArray[np.float32]:
    """Stack the z of the seeds first_seed, first_seed + 1, ...: float32 [count, latent_dim]."""
    return np.stack([draw_point(first_seed + index, latent_dim, prior).z for index in range(count)])


def class_blends(count: int, classes: int, chosen: int | None = None, first: int = 0) -> NDArray[np.float32]:
    """Return one-hot class weights, float32 [count, classes]: of class `chosen`, or all in turn from `first`."""
    numbers = np.arange(first, first + count) % classes if chosen is None else np.full(count, chosen)
    blends: NDArray[np.float32] = np.eye(classes, dtype=np.float32)[numbers]
    return blends


def one_class(classes: int, chosen: int) -> tuple[float, ...]:
    """Return the class weights of one class."""
    return tuple(float(index == chosen) for index in range(classes))


def neighbours(
    centre: LatentPoint, count: int, distance: float, prior: Prior, variation: int = 0
) -> tuple[LatentPoint, ...]:
    """Draw points around a centre, in random directions that depend only on `variation`.

    Args:
        centre: the point in the middle.
        count: number of points; the middle one of an odd count is the centre itself.
        distance: standard deviation of the change of each coordinate, in standard deviations of the prior.
        prior: the prior, which sets the scale; "uniform" also clips to [-1, 1], and "sphere" projects to the sphere.
        variation: another number gives other directions.
    """
    source = generator_at(variation, Stream.NEIGHBOURS)
    scale = distance * (1.0 / np.sqrt(3.0) if prior == "uniform" else 1.0)
    moved = centre.z + np.float32(scale) * source.standard_normal((count, len(centre.values)), dtype=np.float32)
    if prior == "uniform":
        moved = moved.clip(-1.0, 1.0)
    elif prior == "sphere":
        moved = on_sphere(moved)
    points = [LatentPoint.from_array(z, centre.blend) for z in moved]
    if count % 2:
        points[count // 2] = centre
    return tuple(points)
