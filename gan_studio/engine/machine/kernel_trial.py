"""Whether the project's own kernels work on a CUDA device: compiled, compared with torch's, then trusted."""

import importlib
import logging
import threading
from functools import cache

import torch

from gan_studio.engine.machine.devices import ACCELERATOR_ERRORS

logger = logging.getLogger(__name__)

_OF_THE_DRIVER = "[CUDA]"
"""In what Triton says of every error of the driver."""

_distrusted = threading.Event()


def distrust_kernels() -> None:
    """Remember that one of our own kernels failed in a run: from now on torch's do them all."""
    _distrusted.set()


def can_fuse(device: str) -> bool:
    """Tell whether our own kernels work on a CUDA device; the first time takes seconds, as they are compiled.

    Raises:
        RuntimeError: the device itself failed, or has no memory left.
    """
    return not _distrusted.is_set() and try_kernels(device)


@cache
def try_kernels(device: str) -> bool:
    """Compile our own kernels for a CUDA device and compare them with torch's; as can_fuse, from the first time on."""
    try:
        importlib.import_module("gan_studio.engine.kernels.fused").try_out(torch.device(device))
    except Exception as error:  # Triton, a compiler or a driver may raise anything
        if isinstance(error, (torch.OutOfMemoryError, *ACCELERATOR_ERRORS)):
            raise  # a fault of the device says nothing about kernels
        if _OF_THE_DRIVER in str(error):
            if "out of memory" in str(error):
                raise
            torch.cuda.synchronize(device)  # raises where the device failed, and not where it was given no good kernel
        logger.warning("Our own kernels do not work on %s: torch's are used, which take longer.", device, exc_info=True)
        return False
    return True
