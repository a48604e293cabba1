"""Spectral normalisation: a weight divided by its largest singular value (Miyato et al. 2018, arXiv 1802.05957)."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils.parametrize import register_parametrization

FIRST_ITERATIONS = 15
"""Power iterations for a new weight."""


class SpectralNorm(nn.Module):
    """Divides a weight by its largest singular value, updated by one power iteration in each forward pass of training.

    Unlike torch's own spectral norm, it computes in float32 under autocast (torch issue 125544) and draws nothing from
    torch's global generator. The names of its buffers do not depend on the torch version.

    Attributes:
        u: left singular vector, float32 [rows].
        v: right singular vector, float32 [columns].
    """

    u: Tensor
    v: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        rows, columns = _matrix(weight).shape
        self.register_buffer("u", torch.zeros(rows))
        self.register_buffer("v", torch.zeros(columns))

    def forward(self, weight: Tensor) -> Tensor:
        """Return the weight, scaled to a largest singular value of 1."""
        with torch.autocast(weight.device.type, enabled=False):
            matrix = _matrix(weight)
            if self.training:
                self._iterate(matrix)
            # Cloned, because the next forward pass overwrites them before this one's gradient is known.
            return weight / torch.dot(self.u.clone(), matrix @ self.v.clone())

    @torch.no_grad()
    def start(self, weight: Tensor, u: Tensor) -> None:
        """Find the singular vectors of a new weight, starting from a random u."""
        self.u.copy_(u)
        for _ in range(FIRST_ITERATIONS):
            self._iterate(_matrix(weight))

    @torch.no_grad()
    def _iterate(self, matrix: Tensor) -> None:
        self.v.copy_(normalize(matrix.T @ self.u, dim=0))
        self.u.copy_(normalize(matrix @ self.v, dim=0))


def add_spectral_norm(layer: nn.Module) -> None:
    """Add spectral norm to a layer. The weight itself stays the trained parameter.

    Raises:
        TypeError: the layer has no weight.
    """
    weight = layer.weight
    if not isinstance(weight, Tensor):
        raise TypeError("a layer without a weight has no spectral norm")
    # unsafe=True skips torch's trial division, which would divide by the zeros that `start` replaces.
    register_parametrization(layer, "weight", SpectralNorm(weight), unsafe=True)


def spectral_norms(network: nn.Module) -> Iterator[tuple[SpectralNorm, Tensor]]:
    """Yield every spectral norm of a network together with its weight."""
    for name, parameter in network.named_parameters():
        if name.endswith(".original"):
            norm = network.get_submodule(name.removesuffix("original") + "0")
            if isinstance(norm, SpectralNorm):
                yield norm, parameter


def _matrix(weight: Tensor) -> Tensor:
    """View a weight as [outputs, inputs], without a copy if it is channels last in memory."""
    return weight if weight.dim() == 2 else weight.permute(0, 2, 3, 1).flatten(1)
