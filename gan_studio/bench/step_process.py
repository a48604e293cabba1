"""StepProcess: a process that does training steps on request, so that each loop runs with its own settings."""

import multiprocessing
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Literal, Self

import torch

from gan_studio.bench.paired import best_threads
from gan_studio.bench.steps import Feed, OurStep, Setup, StockStep
from gan_studio.engine.machine.devices import prepare_thread, step_threads

Kind = Literal["ours", "stock"]

REST_SECONDS = 0.01
"""Pause before a step, because the threads of the other process spin for a few milliseconds after its step."""


class StepProcess:
    """One of the two loops in its own process; call the object to do a step. The precision is that of ours.

    Attributes:
        threads: torch threads of the process, at most `cores`: ours as in a run, stock at its best count.
    """

    def __init__(self, kind: Kind, setup: Setup, cores: int, precision: str = "float32") -> None:
        context = multiprocessing.get_context("spawn")
        self._end, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, kind, setup, cores, precision), daemon=True)
        self._process.start()
        theirs.close()
        self.threads: int = self._end.recv()

    def __call__(self) -> float:
        """Do one step; returns its seconds."""
        time.sleep(REST_SECONDS)
        self._end.send(True)
        seconds: float = self._end.recv()
        return seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.close()
        self._process.join()


def _serve(connection: Connection, kind: Kind, setup: Setup, cores: int, precision: str) -> None:
    device = torch.device("cpu")
    threads = min(cores, step_threads())
    prepare_thread(threads)
    feed = Feed(setup.config, device)
    is_ours = kind == "ours"
    step = OurStep(setup.config, feed, device, precision) if is_ours else StockStep(setup.config, feed, device)
    connection.send(threads if is_ours else best_threads(step, cores))
    try:
        while connection.recv():
            connection.send(step())
    except EOFError:
        return
