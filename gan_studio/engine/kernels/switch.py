"""Switching networks to the fused kernels; Triton is imported only then."""

from importlib import import_module
from types import ModuleType

from torch import nn


def fused_kernels() -> ModuleType:
    """Import and return the module of fused kernels; raises ImportError where there is no Triton."""
    return import_module("gan_studio.engine.kernels.fused")


def use_fused_kernels(*networks: nn.Module) -> None:
    """Let networks on a CUDA device use the fused kernels in train mode."""
    fused = fused_kernels()
    for module in (module for network in networks for module in network.modules()):
        if hasattr(type(module), "fused"):
            setattr(module, "fused", fused)  # noqa: B010  (for mypy: a Python module as attribute of a torch module)
