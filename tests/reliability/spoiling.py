"""NaN and infinity, let into a run at every place there is, and a look at all that it holds and writes."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from gan_studio.engine.events import TrainingEvent, WeightsPublished
from gan_studio.engine.files.tensors import read_tensor_file
from gan_studio.engine.step import step as stages
from gan_studio.engine.step.state import TrainingState
from gan_studio.engine.training.job import TrainingJob

MODELS: dict[str, dict[str, Any]] = {
    "batch norm": {},
    "spectral norm": {"model__discriminator_norm": "spectral", "training__loss": "hinge"},
    "by class": {"data__source": "starter:mnist", "data__most": 48, "model__conditional": True},
    "fully connected": {"model__architecture": "vanilla", "training__batch_size": 6},
    "penalty and several D steps": {
        "model__discriminator_norm": "none",
        "training__loss": "wasserstein",
        "training__gradient_penalty": 10.0,
        "training__d_steps": 3,
    },
}
"""Settings by name: each has other tensors that can break."""


@dataclass
class Fault:
    """Lets NaN in during one step.

    Attributes:
        job: the run; its trainer is there from RunOpened on.
        step: the step that it breaks.
        branch: the only branch that it strikes in, or None for all.
        strikes: how often it may strike.
        struck: how often it did.
    """

    job: TrainingJob
    step: int
    branch: int | None = None
    strikes: int = 1_000_000
    struck: int = 0

    def spoil(self, values: Tensor) -> Tensor:
        """Return the values, or NaN in their place when it is due."""
        state = self.job.trainer.state if self.job.trainer is not None else None
        if state is None or state.step != self.step - 1 or self.branch not in (None, state.branch):
            return values
        if self.struck == self.strikes:
            return values
        self.struck += 1
        return values * math.nan


Injector = Callable[[Fault, TrainingState, pytest.MonkeyPatch], object]


def _pictures(fault: Fault, state: TrainingState, patch: pytest.MonkeyPatch) -> None:
    plain = stages.to_model_range
    patch.setattr(stages, "to_model_range", lambda images: fault.spoil(plain(images)))


def _activations(network: str) -> Injector:
    def inject(fault: Fault, state: TrainingState, patch: pytest.MonkeyPatch) -> None:
        getattr(state, network).layers[1].register_forward_hook(lambda module, taken, given: fault.spoil(given))

    return inject


def _loss(name: str) -> Injector:
    def inject(fault: Fault, state: TrainingState, patch: pytest.MonkeyPatch) -> None:
        plain = getattr(stages, name)
        patch.setattr(stages, name, lambda *given: fault.spoil(plain(*given)))

    return inject


def _gradient(network: str) -> Injector:
    return lambda fault, state, patch: next(getattr(state, network).parameters()).register_hook(fault.spoil)


IN_A_STEP: dict[str, tuple[Injector, str]] = {
    "the real pictures": (_pictures, "fault.d_real"),
    "activations of G": (_activations("generator"), "fault.d_fake_before"),
    "activations of D": (_activations("discriminator"), "fault.d_real"),
    "the loss of D": (_loss("discriminator_loss_fake"), "fault.loss_d"),
    "the loss of G": (_loss("generator_loss"), "fault.loss_g"),
    "a gradient of D": (_gradient("discriminator"), "fault.grad_norm_d"),
    "a gradient of G": (_gradient("generator"), "fault.grad_norm_g"),
}
"""Where NaN arises within a step, with what the run says of it."""


def _statistics(network: str) -> Callable[[TrainingState], Tensor]:
    return lambda state: next(
        tensor for name, tensor in getattr(state, network).named_buffers() if name.endswith("running_var")
    )


def _momentum(optimizer: str) -> Callable[[TrainingState], Tensor]:
    return lambda state: next(iter(getattr(state, optimizer).state.values()))["exp_avg"]


BETWEEN_STEPS: dict[str, tuple[Callable[[TrainingState], Tensor], float]] = {
    "batch norm of G": (_statistics("generator"), math.nan),
    "batch norm of D": (_statistics("discriminator"), math.nan),
    "Adam's momentum of G": (_momentum("optimizer_g"), math.inf),
    "Adam's momentum of D": (_momentum("optimizer_d"), math.inf),
    "a weight of G": (lambda state: next(state.generator.parameters()), math.inf),
    "a weight of D": (lambda state: next(state.discriminator.parameters()), math.nan),
    "the average of G": (lambda state: next(iter(state.generator_ema.state_dict().values())), math.nan),
}
"""What can only be spoilt between two steps: tensors of the state themselves."""


@dataclass
class Inspector:
    """Looks at all that a run holds, has written and gives away.

    Attributes:
        job: the run.
        is_spoilt: whether a test has put NaN into the state itself, so that it is no news there.
        files: how many files it looked into.
    """

    job: TrainingJob
    is_spoilt: bool = False
    files: int = 0
    _seen: dict[Path, int] = field(default_factory=dict)

    def look(self, event: TrainingEvent) -> None:
        """Assert at an event that nothing is NaN or infinite."""
        if self.job.trainer is not None and not self.is_spoilt:
            tensors = self.job.trainer.state.tensors()
            assert [name for name, tensor in tensors.items() if not torch.isfinite(tensor).all()] == [], event
        if isinstance(event, WeightsPublished):
            assert all(np.isfinite(array).all() for array in event.weights.values())
        for part in ("checkpoints", "snapshots"):
            for path in (self.job.request.place / part).glob("b*.safetensors"):
                self._look_into(path)

    def _look_into(self, path: Path) -> None:
        written = path.stat().st_mtime_ns
        if self._seen.get(path) != written:
            self._seen[path], self.files = written, self.files + 1
            arrays = read_tensor_file(path).arrays
            assert [name for name, array in arrays.items() if not np.isfinite(array).all()] == [], path
