"""Adam: the optimizer of both networks."""

import torch
from torch import Tensor, nn
from torch.optim.adam import adam

EPSILON = 1e-8

ADAM_STATE = ("step", "exp_avg", "exp_avg_sq")
"""State of each parameter: number of updates, first and second moment."""


class Adam:
    """Adam (Kingma and Ba 2015, arXiv 1412.6980), computed by torch's fused kernel.

    It gives the same bits as torch.optim.Adam. That class loads torch's compiler, which takes as long as loading the
    rest of torch and is never used here.

    Attributes:
        learning_rate: learning rate of the next step: a number, or a scalar tensor on the same device.
        found_inf: a step does nothing if this float32 tensor is not 0; None: every step updates.
        state: ADAM_STATE of each parameter.
    """

    def __init__(self, network: nn.Module, learning_rate: float, betas: tuple[float, float]) -> None:
        self.learning_rate: float | Tensor = learning_rate
        self.found_inf: Tensor | None = None
        self.state: dict[nn.Parameter, dict[str, Tensor]] = {
            parameter: {
                "step": torch.zeros((), device=parameter.device),
                "exp_avg": torch.zeros_like(parameter, memory_format=torch.preserve_format, requires_grad=False),
                "exp_avg_sq": torch.zeros_like(parameter, memory_format=torch.preserve_format, requires_grad=False),
            }
            for parameter in network.parameters()
        }
        self._betas = betas

    def zero_grad(self) -> None:
        """Set every gradient to None."""
        for parameter in self.state:
            parameter.grad = None

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        moved = [parameter for parameter in self.state if parameter.grad is not None]
        steps, averages, squares = ([self.state[parameter][name] for parameter in moved] for name in ADAM_STATE)
        beta1, beta2 = self._betas
        with torch.no_grad():
            adam(
                list(moved),
                [parameter.grad for parameter in moved if parameter.grad is not None],
                averages,
                squares,
                max_exp_avg_sqs=[],
                state_steps=steps,
                fused=True,
                found_inf=self.found_inf,
                amsgrad=False,
                beta1=beta1,
                beta2=beta2,
                lr=self.learning_rate,
                weight_decay=0.0,
                eps=EPSILON,
                maximize=False,
            )
