"""Decide whether a CUDA device uses the fused kernels: compile them first, and compare them with torch's."""

import logging
import threading
from functools import cache

import torch

from gan_studio.engine.kernels.switch import fused_kernels
from gan_studio.engine.machine.devices import ACCELERATOR_ERRORS

logger = logging.getLogger(__name__)

_DRIVER_ERROR = "[CUDA]"
"""Part of the text of every driver error that Triton raises."""

_distrusted = threading.Event()


def distrust_kernels() -> None:
    """Stop using the fused kernels in this process, because one of them failed in a run."""
    _distrusted.set()


def can_fuse(device: str) -> bool:
    """Tell whether the fused kernels work on a CUDA device; the first call takes seconds, because it compiles them.

    Raises:
        RuntimeError: the device itself failed, or its memory ran out.
    """
    return not _distrusted.is_set() and try_kernels(device)


@cache
def try_kernels(device: str) -> bool:
    """Compile the fused kernels for a CUDA device and compare them with torch's; the result is cached.

    Raises:
        RuntimeError: the device itself failed, or its memory ran out.
    """
    try:
        fused_kernels().try_out(torch.device(device))
    except Exception as error:  # Triton, a compiler or a driver may raise anything
        if isinstance(error, (torch.OutOfMemoryError, *ACCELERATOR_ERRORS)):
            raise  # a fault of the device says nothing about the kernels
        if _DRIVER_ERROR in str(error):
            if "out of memory" in str(error):
                raise
            torch.cuda.synchronize(device)  # raises if the device failed, but not if the driver refused a kernel
        logger.warning("The fused kernels do not work on %s; torch's slower ones are used.", device, exc_info=True)
        return False
    return True
