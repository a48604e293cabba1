"""CapturedStep: a training step, captured once and then replayed: as a CUDA graph, or on a CPU as a recorded graph.

Both replay the recorded operations on the same tensors. So everything that differs between two steps is in tensors
that never move (StepInputs) and are refilled before each replay. Weights, statistics and Adam's state are changed in
place anyway, by steps and by restoring a checkpoint. Three things stay outside the capture, because only the host can
do them: drawing noise, counting, and updating the EMA generator, whose decay depends on the count.
"""

import logging
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from gan_studio.engine.data.feed import RealBatch
from gan_studio.engine.replay.cpu_record import Captured, NotCapturedError, ShortOfMemoryError, Work, record
from gan_studio.engine.replay.cuda_graph import capture_graph
from gan_studio.engine.step.noise import StepNoise
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.step.step import StepPlan, StepSettings, compute_step, count_step
from gan_studio.engine.step.values import StepStructure, ValueBuffer, structure_of
from gan_studio.engine.text.message import Message


class NoiseBuffers:
    """Gives a step its noise in the same tensors every time, in the order in which the step asks.

    The first step of a structure draws these tensors. `refill` overwrites them, in the same order, with the noise of a
    later step: bit for bit what its StepNoise draws.
    """

    def __init__(self) -> None:
        self._noise: StepNoise | None = None
        self._buffers: list[tuple[Tensor, Callable[[StepNoise, Tensor], Tensor]]] = []
        self._next = 0

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """All noise tensors so far."""
        return tuple(buffer for buffer, _ in self._buffers)

    def refill(self, noise: StepNoise) -> None:
        """Overwrite the tensors with the noise of another step."""
        self._noise = noise
        for buffer, draw in self._buffers:
            buffer.copy_(draw(noise, buffer))

    def rewind(self) -> None:
        """Start again with the first tensor."""
        self._next = 0

    def augmentation(self, count: int) -> Tensor:
        """Draw as StepNoise.augmentation does."""
        return self._take(lambda noise: noise.augmentation(count), lambda noise, _: noise.augmentation(count))

    def mix(self, count: int) -> Tensor:
        """Draw as StepNoise.mix does."""
        return self._take(lambda noise: noise.mix(count), lambda noise, _: noise.mix(count))

    def like(self, images: Tensor) -> Tensor:
        """Draw as StepNoise.like does."""
        return self._take(lambda noise: noise.like(images), lambda noise, buffer: noise.like(buffer))

    def _take(self, draw: Callable[[StepNoise], Tensor], again: Callable[[StepNoise, Tensor], Tensor]) -> Tensor:
        if self._next == len(self._buffers):
            if self._noise is None:
                raise RuntimeError("noise was asked for before `refill`")
            self._buffers.append((draw(self._noise), again))
        self._next += 1
        return self._buffers[self._next - 1][0]


logger = logging.getLogger(__name__)

WARM_UP_STEPS = 3
"""Steps of a structure that run without capture before it is captured. Libraries load kernels and workspaces at first
use, which a capture forbids; and the noise buffers are created in these steps."""

Capture = Callable[[Work], Captured]
"""Does work once, and returns a function that replays it; raises NotCapturedError if it cannot be captured."""


class StepInputs:
    """The inputs of a step: everything that differs between two steps of one structure, in tensors that never move."""

    def __init__(self, batches: Sequence[RealBatch], z: Sequence[Tensor], structure: StepStructure) -> None:
        self.structure = structure
        self.batches = [
            RealBatch(torch.empty_like(batch.images), None if batch.blend is None else torch.empty_like(batch.blend))
            for batch in batches
        ]
        self.z = [torch.empty_like(latent) for latent in z]
        self.noise = NoiseBuffers()
        self._numbers = ValueBuffer(z[0].device)
        self.plan = StepPlan(structure, self._numbers.values)

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """All input tensors."""
        pictures = [tensor for batch in self.batches for tensor in (batch.images, batch.blend) if tensor is not None]
        return (*pictures, *self.z, *self.noise.tensors, self._numbers.table)

    def fill(self, batches: Sequence[RealBatch], z: Sequence[Tensor], noise: StepNoise, state: TrainingState) -> None:
        """Copy in the inputs of the next step of a state."""
        for mine, batch in zip(self.batches, batches, strict=True):
            mine.images.copy_(batch.images)
            if mine.blend is not None and batch.blend is not None:
                mine.blend.copy_(batch.blend)
        for room, latent in zip(self.z, z, strict=True):
            room.copy_(latent)
        self.noise.refill(noise)
        self._numbers.fill(state)


class CapturedStep:
    """Does the steps of one training state, bit for bit as the plain step (bench/plain_step.py) on the same device.

    On a CUDA device, always call it in the same stream, which must not be the default one.

    Args:
        state: changed by each step.
        settings: loss and precision.
        capture: how to capture a step; None: the way that suits its device.
        is_on: False: never capture.
    """

    def __init__(
        self, state: TrainingState, settings: StepSettings, capture: Capture | None = None, *, is_on: bool = True
    ) -> None:
        self._state, self._settings = state, settings
        self._parameters = [*state.generator.parameters(), *state.discriminator.parameters()]
        self._capture = capture
        self._inputs: StepInputs | None = None
        self._replay: Work | None = None
        self._done = 0
        self._is_refused, self._is_short = not is_on, False
        self._refusal: Message | None = None

    @property
    def is_replaying(self) -> bool:
        """Whether the next step of the same structure will be replayed."""
        return self._replay is not None

    def step(self, batches: Sequence[RealBatch], z: Sequence[Tensor], noise: StepNoise) -> list[Tensor]:
        """Do one step and count it.

        Args:
            batches: real pictures of each D step.
            z: float32 [N, latent_dim] of each D step, on the same device.
            noise: all other random numbers.

        Returns:
            One scalar tensor for each of events.METRIC_COLUMNS, on the device; valid until the next step.
        """
        inputs = self._inputs_for(batches, z)
        inputs.fill(batches, z, noise, self._state)
        if self._replay is not None:
            scalars = self._replay()
        elif self._done == WARM_UP_STEPS and not (self._is_refused or self._is_short):
            scalars = self._do_and_capture()
        else:
            scalars = self._compute()
        self._done += 1
        count_step(self._state, batches)
        return scalars

    def take_refusal(self) -> Message | None:
        """Return why the step could not be captured, or None; each reason is returned once."""
        refusal, self._refusal = self._refusal, None
        return refusal

    def _inputs_for(self, batches: Sequence[RealBatch], z: Sequence[Tensor]) -> StepInputs:
        """Return the inputs for this structure; another structure discards the old inputs and the old capture."""
        structure = structure_of(self._state)
        if self._inputs is None or self._inputs.structure != structure:
            self._replay, self._done, self._is_short = None, 0, False
            self._drop_gradients()
            self._inputs = StepInputs(batches, z, structure)
        return self._inputs

    def _compute(self) -> list[Tensor]:
        inputs = self._known_inputs
        inputs.noise.rewind()
        return compute_step(self._state, inputs.batches, inputs.z, inputs.noise, self._settings, inputs.plan)

    def _do_and_capture(self) -> list[Tensor]:
        """Do a step and capture it. If memory is short, the next structure is tried; after another failure, none."""
        self._drop_gradients()  # a graph must allocate its own gradients
        results: list[Tensor] | None = None
        try:
            results, self._replay = (self._capture or self._capture_for_device)(self._compute)
        except ShortOfMemoryError:
            logger.warning("There was too little memory to capture the training step.", exc_info=True)
            self._is_short = True
            self._refusal = Message("device.capture_short")
        except NotCapturedError as error:
            logger.warning("The training step could not be captured.", exc_info=True)
            self._is_refused = True
            self._refusal = Message("device.capture_refused", error=str(error))
            results = error.results
        if results is None:
            self._drop_gradients()
            results = self._compute()
        return results

    def _capture_for_device(self, work: Work) -> Captured:
        if self._parameters[0].device.type == "cuda":
            return capture_graph(work)
        state = self._state
        lasting = (*state.tensors().values(), *state.soundness.tensors, *self._known_inputs.tensors)
        return record(work, lasting, self._parameters)

    @property
    def _known_inputs(self) -> StepInputs:
        if self._inputs is None:
            raise RuntimeError("nothing was filled in yet")
        return self._inputs

    def _drop_gradients(self) -> None:
        for optimizer in (self._state.optimizer_d, self._state.optimizer_g):
            optimizer.zero_grad()
