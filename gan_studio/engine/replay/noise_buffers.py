"""NoiseBuffers: the noise of one step after another, each time in the same tensors."""

from collections.abc import Callable

from torch import Tensor

from gan_studio.engine.step.noise import StepNoise


class NoiseBuffers:
    """Hands out the same tensors in every step of a structure, in the order in which the step asks.

    What the first step draws becomes those tensors, and `refill` draws into them, in the same order, what a later step
    would have drawn: the noise is that of its StepNoise, bit for bit.
    """

    def __init__(self) -> None:
        self._noise: StepNoise | None = None
        self._buffers: list[tuple[Tensor, Callable[[StepNoise, Tensor], Tensor]]] = []
        self._next = 0

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """All that have been handed out."""
        return tuple(buffer for buffer, _ in self._buffers)

    def refill(self, noise: StepNoise) -> None:
        """Take over the noise of another step."""
        self._noise = noise
        for buffer, draw in self._buffers:
            buffer.copy_(draw(noise, buffer))

    def rewind(self) -> None:
        """Begin anew to hand out."""
        self._next = 0

    def augmentation(self, count: int) -> Tensor:
        """As StepNoise.augmentation."""
        return self._take(lambda noise: noise.augmentation(count), lambda noise, _: noise.augmentation(count))

    def mix(self, count: int) -> Tensor:
        """As StepNoise.mix."""
        return self._take(lambda noise: noise.mix(count), lambda noise, _: noise.mix(count))

    def like(self, images: Tensor) -> Tensor:
        """As StepNoise.like."""
        return self._take(lambda noise: noise.like(images), lambda noise, buffer: noise.like(buffer))

    def _take(self, draw: Callable[[StepNoise], Tensor], again: Callable[[StepNoise, Tensor], Tensor]) -> Tensor:
        if self._next == len(self._buffers):
            if self._noise is None:
                raise RuntimeError("noise was asked for before `refill`")
            self._buffers.append((draw(self._noise), again))
        self._next += 1
        return self._buffers[self._next - 1][0]
