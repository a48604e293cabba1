"""CapturedStep: train_step, captured once as a CUDA graph and then replayed, which costs one launch for hundreds.

A graph does again what was done, at the same addresses. So all that differs from step to step lies in tensors that
never move (StepInputs), refilled before each replay; weights, statistics and Adam's state are changed in place anyway,
by steps and by going back to a checkpoint alike. What only the host can do stays outside: drawing noise, counting,
and the average of the generator, whose decay depends on the count.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from gan_studio.engine.config import RunConfig
from gan_studio.engine.feed import RealBatch
from gan_studio.engine.messages import Message
from gan_studio.engine.noise_buffers import NoiseBuffers
from gan_studio.engine.program_log import logger
from gan_studio.engine.step_noise import StepNoise
from gan_studio.engine.step_values import StepStructure, StepValues, ValueBuffer, structure_of, values_of
from gan_studio.engine.train_step import StepPlan, StepSettings, compute_step, count_step
from gan_studio.engine.training_state import TrainingState

WARM_UP_STEPS = 3
"""Real steps of a structure that are done one operation at a time before it is captured: libraries that load their
kernels and workspaces at first use may not do so during a capture."""

Work = Callable[[], None]
Capture = Callable[[Work], Work]
"""Takes work in without doing it, and returns what does it again; raises RuntimeError where that is not possible."""


class StepInputs:
    """All that differs between two steps of one structure, in tensors that never move."""

    def __init__(self, batches: Sequence[RealBatch], z: Sequence[Tensor], structure: StepStructure) -> None:
        self.structure = structure
        self.batches = [
            RealBatch(torch.empty_like(batch.images), None if batch.blend is None else torch.empty_like(batch.blend))
            for batch in batches
        ]
        self.z = [torch.empty_like(latent) for latent in z]
        self.noise = NoiseBuffers()
        self._values = ValueBuffer(z[0].device)
        self.plan = StepPlan(structure, self._values.values)

    def fill(self, batches: Sequence[RealBatch], z: Sequence[Tensor], noise: StepNoise, values: StepValues) -> None:
        """Take over what another step needs."""
        for mine, batch in zip(self.batches, batches, strict=True):
            mine.images.copy_(batch.images)
            if mine.blend is not None and batch.blend is not None:
                mine.blend.copy_(batch.blend)
        for room, latent in zip(self.z, z, strict=True):
            room.copy_(latent)
        self.noise.refill(noise)
        self._values.fill(values)


class CapturedStep:
    """Does the steps of one training state; equal to train_step on the same device, bit for bit.

    It must be called in the stream that it was called in before, and not in the default one.
    """

    def __init__(self, state: TrainingState, settings: StepSettings, capture: Capture | None = None) -> None:
        self._state, self._settings = state, settings
        self._capture = capture or capture_graph
        self._inputs: StepInputs | None = None
        self._replay: Work | None = None
        self._scalars: list[Tensor] = []
        self._done = 0
        self._is_refused, self._is_short = False, False
        self._refusal: Message | None = None

    def step(self, batches: Sequence[RealBatch], z: Sequence[Tensor], noise: StepNoise) -> list[Tensor]:
        """Do one step and count it; arguments and result as in train_step. The result lasts until the next step."""
        inputs = self._inputs_for(batches, z)
        inputs.fill(batches, z, noise, values_of(self._state))
        if self._replay is None and self._done == WARM_UP_STEPS and not (self._is_refused or self._is_short):
            self._try_to_capture(inputs)
        if self._replay is None:
            self._compute(inputs)
        else:
            self._replay()
        self._done += 1
        count_step(self._state, batches)
        return self._scalars

    def take_refusal(self) -> Message | None:
        """Return, once, why the device does the steps one operation at a time after all."""
        refusal, self._refusal = self._refusal, None
        return refusal

    def _inputs_for(self, batches: Sequence[RealBatch], z: Sequence[Tensor]) -> StepInputs:
        """Return the inputs of this structure; a new one takes the place of the old with its graph."""
        structure = structure_of(self._state)
        if self._inputs is None or self._inputs.structure != structure:
            self._replay, self._done, self._scalars, self._is_short = None, 0, [], False
            self._drop_gradients()
            self._inputs = StepInputs(batches, z, structure)
        return self._inputs

    def _compute(self, inputs: StepInputs) -> None:
        inputs.noise.rewind()
        self._scalars = compute_step(self._state, inputs.batches, inputs.z, inputs.noise, self._settings, inputs.plan)

    def _try_to_capture(self, inputs: StepInputs) -> None:
        """Capture the step, or say why that cannot be, and try again never, or with the next structure."""
        self._drop_gradients()  # those of the graph must be its own
        try:
            self._replay = self._capture(lambda: self._compute(inputs))
        except torch.OutOfMemoryError:
            logger.warning("There was too little memory to capture the training step.", exc_info=True)
            self._is_short = True
            self._refusal = Message("device.capture_short")
            self._drop_gradients()
        except RuntimeError as error:
            logger.warning("The training step could not be captured as a CUDA graph.", exc_info=True)
            self._is_refused = True
            self._refusal = Message("device.capture_refused", error=str(error).partition("\n")[0][:200])
            self._drop_gradients()

    def _drop_gradients(self) -> None:
        for optimizer in (self._state.optimizer_d, self._state.optimizer_g):
            optimizer.zero_grad(set_to_none=True)


def is_captured(config: RunConfig, device: torch.device) -> bool:
    """Tell whether the steps of a run shall be captured on its device."""
    return config.cuda_graph and device.type == "cuda"


def capture_graph(work: Work) -> Work:
    """Capture work as a CUDA graph on the present stream, while other threads may go on using the device.

    Raises:
        RuntimeError: something in it cannot be captured.
    """
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=torch.cuda.current_stream(), capture_error_mode="thread_local"):
        work()
    return graph.replay
