"""What the knobs mean for one step: which operations it has, and the numbers that they are done with.

The first decide what a captured step holds, so that a change of them has it captured anew; the second may change under
it.
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
    """Which operations a step has: two steps of one structure differ in numbers alone.

    Attributes:
        batch_size: pictures of each D step.
        d_steps: updates of D before the one of G.
        trains_d, trains_g: whether a network learns at all.
        policy: what of DiffAugment is on.
        has_label_smoothing, has_instance_noise, has_r1, has_gradient_penalty: whether the knob is above 0.
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
    """The numbers of a step, faded as its place in the run asks: tensors without dimensions, on the device.

    Attributes:
        learning_rate_d, learning_rate_g: of Adam.
        label_smoothing: what the target of real pictures lacks to 1.
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
    """Read which operations the next step of a state has."""
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
    """The numbers of a step on a device, at an address of their own.

    On a CPU they are float64, with which Adam and the losses reckon as with numbers of Python; else float32.

    Attributes:
        table: that holds them.
        values: its elements, which change with every `fill`.
    """

    def __init__(self, device: torch.device) -> None:
        dtype = torch.float64 if device.type == "cpu" else torch.float32
        self.table = torch.zeros(len(StepValues._fields), dtype=dtype, device=device)
        self.values = StepValues(*self.table.unbind())

    def fill(self, state: TrainingState) -> None:
        """Take the numbers of the next step of a state, in one copy that nobody waits for."""
        knobs, share = state.knobs, state.faded(state.knobs["rate_half_life"])
        rates = (knobs["learning_rate_d"] * share, knobs["learning_rate_g"] * share)
        others = (knobs["label_smoothing"], _instance_noise(state), knobs["r1"], knobs["gradient_penalty"])
        copy_into(self.table, torch.tensor([*rates, *others], dtype=self.table.dtype))


def _instance_noise(state: TrainingState) -> float:
    return state.knobs["instance_noise"] * state.faded(state.knobs["instance_noise_half_life"])
