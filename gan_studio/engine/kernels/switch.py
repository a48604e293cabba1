"""Switch networks to the Triton kernels of fused.py, which is imported only where they are used."""

from importlib import import_module
from types import ModuleType

from torch import nn


def fused_kernels() -> ModuleType:
    """Return fused.py; raises ImportError where there is no Triton."""
    return import_module("gan_studio.engine.kernels.fused")


def use_fused_kernels(*networks: nn.Module) -> None:
    """Let networks on a CUDA device use the kernels of fused.py while they train."""
    fused = fused_kernels()
    for module in (module for network in networks for module in network.modules()):
        if hasattr(type(module), "fused"):
            setattr(module, "fused", fused)  # noqa: B010  (a module of Python, where torch expects one of its own)
