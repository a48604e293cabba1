"""Measure how long the explorer waits for a picture on a device, at rest and while a run trains in another thread."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.gpu_loops import RunSteps, best_kernels
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.events import WeightsPublished
from gan_studio.engine.explore.requests import Drawn, DrawPicture, OpenModel
from gan_studio.engine.explore.sampler import Sampler
from gan_studio.engine.latent import draw_point
from gan_studio.engine.machine.devices import prepare_thread
from gan_studio.engine.machine.training_device import arithmetic, own_stream
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import RunFolder

BUDGET_MS = 8.0
WARM_UP_PICTURES = 20
HAND_SECONDS = 1 / 60
"""Pause between two pictures: a hand moves a slider as often as the screen is refreshed."""


@dataclass(frozen=True)
class Explorer:
    """Milliseconds from the request of one picture to its pixels in main memory.

    Attributes:
        at_rest_p95: 95th percentile while nothing trains.
        p50, p95, worst: while a run trains.
        steps: steps that the run did during the measurement.
    """

    at_rest_p95: float
    p50: float
    p95: float
    worst: float
    steps: int

    def line(self) -> str:
        """Return the figures as one line."""
        training = f"p50 {self.p50:.2f}, p95 {self.p95:.2f}, worst {self.worst:.2f} ms in {self.steps} steps"
        return f"explorer, one picture: at rest p95 {self.at_rest_p95:.2f} ms; while training {training}"


def measure_explorer(
    config: RunConfig, pictures: PictureSet, device: torch.device, precision: str, count: int
) -> Explorer:
    """Draw `count` pictures one by one with the engine's Sampler, first at rest, then while a thread trains."""
    step = RunSteps(config, pictures, device, precision, captured=True, kernels=best_kernels(device))
    sampler = Sampler()
    sampler.handle(OpenModel(config, RunFolder(Path()), str(device), live=True))
    sampler.handle(WeightsPublished(Moment(0, 0), step.state.copy_ema()))
    at_rest = _waits(sampler, config, count)
    with _training(step, device, precision) as done:
        while done[0] < WARM_UP_PICTURES:
            time.sleep(HAND_SECONDS)
        first = done[0]
        busy = _waits(sampler, config, count)
        steps = done[0] - first
    return Explorer(_p95(at_rest), statistics.median(busy), _p95(busy), max(busy), steps)


@contextmanager
def _training(step: RunSteps, device: torch.device, precision: str) -> Iterator[list[int]]:
    """Train in a separate thread meanwhile; yields a list whose one number counts the steps."""
    done, is_over, faults = [0], threading.Event(), list[BaseException]()

    def train() -> None:
        prepare_thread(1)
        try:
            with own_stream(device), arithmetic(device, precision):
                while not is_over.is_set():
                    step()
                    done[0] += 1
        except Exception as error:  # noqa: BLE001  (a kernel compiler may raise anything)
            faults.append(error)
            done[0] += WARM_UP_PICTURES

    thread = threading.Thread(target=train)
    thread.start()
    try:
        yield done
    finally:
        is_over.set()
        thread.join()
    if faults:
        raise faults[0]


def _waits(sampler: Sampler, config: RunConfig, count: int) -> list[float]:
    waits = []
    for seed in range(WARM_UP_PICTURES + count):
        point = draw_point(seed, config.model.latent_dim, config.model.prior)
        begun = time.perf_counter()
        if not isinstance(sampler.handle(DrawPicture(point)), Drawn):
            raise RuntimeError("the sampler did not draw")
        waits.append(1000 * (time.perf_counter() - begun))
        time.sleep(HAND_SECONDS)
    return waits[WARM_UP_PICTURES:]


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20, method="inclusive")[-1]
