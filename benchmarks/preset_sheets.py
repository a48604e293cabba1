"""Train every preset on real data for the same time, and write docs/presets.md: a sample sheet and figures of each.

`python -m benchmarks.preset_sheets --work FOLDER --cifar10 SOURCE [--seconds 120] [--presets NAME ...]`
`python -m benchmarks.preset_sheets --only-pictures`

Each preset trains at 32 x 32 on Fashion-MNIST (the starter pictures) and on CIFAR-10; the clock stops while pictures
are read. A second, short run at the preset's own size shows how long all of its steps take on this machine. FOLDER
keeps the runs: a program that was interrupted continues where it stopped, and finished runs are not repeated.
The top left corner of a sheet becomes the picture of the preset in the window; --only-pictures cuts it anew.
"""

import argparse
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from gan_studio.engine.config.presets import Preset, load_preset, shipped_preset_names
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.events import MetricsLogged, RunFailed, RunOpened
from gan_studio.engine.machine.devices import environment, step_threads
from gan_studio.engine.run.folder import RunFolder, is_run
from gan_studio.engine.sheet import SHEET_COLUMNS
from gan_studio.engine.training.job import TrainingJob
from gan_studio.engine.training.request import RunRequest
from gan_studio.resources import resource

FASHION = "starter:fashion-mnist"
NEVER_ENDING = 1_000_000_000
RATE_SECONDS = 15.0
OWN = "-own"
"""Suffix of the key of a run at the preset's own size, which only shows how long the preset takes."""

IMAGES = Path("docs/images/presets")
CELLS = 4
"""Samples on a side of the picture of a preset."""


@dataclass(frozen=True)
class Result:
    """How far one run got.

    Attributes:
        seconds: training time, including sheets and checkpoints.
        steps: steps done in that time.
        pictures: real pictures shown to D in that time.
    """

    seconds: float
    steps: int
    pictures: int


def main(arguments: list[str] | None = None) -> int:
    """Train the missing runs and write the page; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("build/preset-sheets"), help="folder that keeps the runs")
    parser.add_argument(
        "--cifar10", default="torchvision:cifar10", metavar="SOURCE", help="torchvision:cifar10, or an .npz with labels"
    )
    parser.add_argument("--only-pictures", action="store_true", help="train nothing")
    parser.add_argument("--seconds", type=float, default=120.0, help="training time of each run (120)")
    parser.add_argument("--presets", nargs="+", default=list(shipped_preset_names()), metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path("docs/presets.md"))
    options = parser.parse_args(arguments)
    IMAGES.mkdir(parents=True, exist_ok=True)
    results: dict[str, Result] = {}
    if options.only_pictures:
        for name in options.presets:
            cut_picture(load_preset(name))
        return 0
    for name in options.presets:
        preset = load_preset(name)
        for key, config, seconds in _runs(preset, options.cifar10, options.seconds):
            results[key] = _trained(options.work / key, config, seconds)
            if not key.endswith(OWN):
                copy_sheet(options.work / key, key)
            print(f"{key}: {results[key].steps} steps", flush=True)
        cut_picture(preset)
    options.out.write_text(_page(options.presets, results, options.seconds), encoding="utf-8")
    return 0


def _runs(preset: Preset, cifar10: str, seconds: float) -> Iterator[tuple[str, RunConfig, float]]:
    """Yield the runs of a preset: key, set-up, training time in seconds."""
    endless = {"training.steps": NEVER_ENDING, "device": "cpu", "record.checkpoint_seconds": 30.0}
    small = {**endless, "data.image_size": 32}
    fashion = {"data.source": FASHION, "data.channels": 1, "data.flip": False}
    yield f"{preset.name}-fashion-mnist", with_values(preset.config, {**small, **fashion}), seconds
    yield (
        f"{preset.name}-cifar10",
        with_values(preset.config, {**small, "data.source": cifar10, "data.channels": 3}),
        seconds,
    )
    own = {"data.source": cifar10} if preset.config.data.source == "torchvision:cifar10" else {}
    yield f"{preset.name}{OWN}", with_values(preset.config, {**endless, **own}), min(RATE_SECONDS, seconds)


def _trained(place: Path, config: RunConfig, seconds: float) -> Result:
    """Train a run until it has had its seconds, and continue an interrupted one; a finished run is only read."""
    record = place.with_suffix(".json")
    before = Result(**json.loads(record.read_text(encoding="utf-8"))) if record.exists() else Result(0.0, 0, 0)
    if before.seconds >= seconds and is_run(place):
        return before
    if before.seconds == 0 and place.exists():  # interrupted before its result was written
        shutil.rmtree(place)
    job = TrainingJob(RunRequest(place, config)) if not is_run(place) else TrainingJob(RunRequest(place))
    result = _train(job, seconds - before.seconds, before.seconds)
    record.write_text(json.dumps(asdict(result)), encoding="utf-8")
    return result


def _train(job: TrainingJob, seconds: float, before: float) -> Result:
    control, begun = TrainingControl(), 0.0
    for event in job.run(control):
        if isinstance(event, RunFailed):
            raise RuntimeError(f"{event.happened} {event.traceback}")
        if isinstance(event, RunOpened):
            begun = time.monotonic()
        if isinstance(event, MetricsLogged) and time.monotonic() - begun >= seconds:
            control.stop()
    if job.trainer is None:
        raise RuntimeError(f"{job.request.place} did not train")
    return Result(before + time.monotonic() - begun, job.trainer.state.step, job.trainer.state.pictures_seen)


def _page(names: list[str], results: dict[str, Result], seconds: float) -> str:
    machine = environment()
    lines = [
        "# Presets",
        "",
        f"Every preset after {seconds:.0f} s of training on two CPU cores, at 32 x 32: Fashion-MNIST (the starter",
        "pictures) on the left, CIFAR-10 on the right. The samples are of fixed z by the EMA generator, and none was",
        "picked by hand. A preset that needs a GPU or a night looks unfinished here. Made by",
        f"`python -m benchmarks.preset_sheets --work FOLDER --cifar10 SOURCE --seconds {seconds:.0f}`",
        f"(torch {machine['torch']}, {step_threads()} threads, {machine['cpu_capability']}).",
        "",
        "| preset | steps, Fashion-MNIST | steps, CIFAR-10 | img/s at its own size | time for all its steps |",
        "|---|---|---|---|---|",
        *(_row(name, results) for name in names),
        "",
    ]
    for name in names:
        preset = load_preset(name)
        lines += [f"## {preset.title} (`{name}`)", "", preset.summary, "", f"Source: {preset.source}", ""]
        lines += [" ".join(_picture(name, data) for data in ("fashion-mnist", "cifar10")), ""]
    return "\n".join(lines)


def minutes_of(preset: Preset, own: Result) -> float:
    """Estimate from a short run of a preset how long all its steps take: the figure in its file."""
    return preset.config.training.steps * own.seconds / own.steps / 60


def _row(name: str, results: dict[str, Result]) -> str:
    own = results[f"{name}{OWN}"]
    rate, minutes = own.pictures / own.seconds, minutes_of(load_preset(name), own)
    steps = " | ".join(str(results[f"{name}-{data}"].steps) for data in ("fashion-mnist", "cifar10"))
    return f"| {name} | {steps} | {rate:.0f} | {_duration(minutes)} |"


def _duration(minutes: float) -> str:
    hours = minutes / 60
    if minutes < 100:
        return f"{minutes:.0f} min"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"


def _picture(name: str, data: str) -> str:
    return f"![{name} on {data}](images/presets/{name}-{data}.png)"


def copy_sheet(place: Path, name: str) -> None:
    """Copy the newest sheet of a run to the images of the page."""
    folder = RunFolder(place)
    shutil.copyfile(folder.sheet(folder.sheets()[-1]), IMAGES / f"{name}.png")


def cut_picture(preset: Preset) -> None:
    """Cut CELLS x CELLS samples out of a sheet of a preset: of CIFAR-10 if it trains in colour, else of Fashion-MNIST.

    A sheet by class has one class in each row, so its rows show more than its columns.
    """
    data = "fashion-mnist" if preset.config.data.channels == 1 else "cifar10"
    with Image.open(IMAGES / f"{preset.name}-{data}.png") as sheet:
        side = sheet.width * CELLS // SHEET_COLUMNS
        sheet.crop((0, 0, side, side)).save(resource("presets") / f"{preset.name}.png", optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
