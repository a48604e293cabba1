"""The live settings as a step needs them: its structure (which operations) and its values (their numbers).

Changing the structure forces a recapture; changing values does not.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gan_studio.engine.machine.to_device import copy_into
from gan_studio.engine.step.augment import Policy
from gan_studio.engine.step.state import TrainingState


@dataclass(frozen=True)
class StepStructure:
    """Which operations a step has; two steps with equal structures differ only in numbers.

    Attributes:
        batch_size: pictures of each D step.
        d_steps: updates of D before the one of G.
        trains_d, trains_g: whether the network is updated.
        policy: which kinds of DiffAugment are on.
        has_label_smoothing, has_instance_noise, has_r1, has_gradient_penalty: whether that setting is above 0.
    """

    batch_size: int
    d_steps: int
    trains_d: bool
    trains_g: bool
    policy: Policy
    has_label_smoothing: bool
    has_instance_noise: bool
    has_r1: bool
    has_gradient_penalty: bool


class StepValues(NamedTuple):
    """The numbers of a step after their decay: scalar tensors on the device.

    Attributes:
        learning_rate_d, learning_rate_g: Adam's learning rates.
        label_smoothing: 1 minus the target of real pictures.
        instance_noise: standard deviation of the noise on pictures.
        r1, gradient_penalty: weights in D's loss.
    """

    learning_rate_d: Tensor
    learning_rate_g: Tensor
    label_smoothing: Tensor
    instance_noise: Tensor
    r1: Tensor
    gradient_penalty: Tensor


def structure_of(state: TrainingState) -> StepStructure:
    """Return the structure of the next step of a state."""
    knobs = state.knobs
    trains_d = bool(knobs["train_d"])
    return StepStructure(
        int(knobs["batch_size"]),
        int(knobs["d_steps"]) if trains_d else 1,
        trains_d,
        bool(knobs["train_g"]),
        Policy(*(bool(knobs[f"augment_{kind}"]) for kind in ("color", "translation", "cutout"))),
        knobs["label_smoothing"] > 0,
        _instance_noise(state) > 0,
        knobs["r1"] > 0,
        knobs["gradient_penalty"] > 0,
    )


class ValueBuffer:
    """The values of a step in one tensor that never moves.

    It is float64 on a CPU, so that Adam and the losses compute as with Python numbers; else float32.

    Attributes:
        table: the tensor.
        values: its elements; every `fill` changes them.
    """

    def __init__(self, device: torch.device) -> None:
        dtype = torch.float64 if device.type == "cpu" else torch.float32
        self.table = torch.zeros(len(StepValues._fields), dtype=dtype, device=device)
        self.values = StepValues(*self.table.unbind())

    def fill(self, state: TrainingState) -> None:
        """Copy the values of the next step of a state to the device, in one asynchronous copy."""
        knobs, share = state.knobs, state.faded(state.knobs["rate_half_life"])
        rates = (knobs["learning_rate_d"] * share, knobs["learning_rate_g"] * share)
        others = (knobs["label_smoothing"], _instance_noise(state), knobs["r1"], knobs["gradient_penalty"])
        copy_into(self.table, torch.tensor([*rates, *others], dtype=self.table.dtype))


def _instance_noise(state: TrainingState) -> float:
    return state.knobs["instance_noise"] * state.faded(state.knobs["instance_noise_half_life"])
