"""The command line: the same engine, the same TOML, without a window."""

import argparse
import json
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from pydantic import ValidationError

from gan_studio.cli_output import BUG, DONE, REFUSED, tell_error
from gan_studio.engine.config import FieldSpec, RunConfig, field_specs, with_values
from gan_studio.engine.config_files import config_fault, load_preset, preset_names, read_config, unknown_field
from gan_studio.engine.control import TrainingControl
from gan_studio.engine.messages import EngineError, Message
from gan_studio.engine.run_folder import new_run_place, runs_root

EXAMPLES = """examples:
  gan-studio                                   open the window
  gan-studio --run DIR                         open the window with a run
  gan-studio train                             quickstart on the starter pictures
  gan-studio train --data ~/pictures --steps 5000 --out my-run
  gan-studio train --preset tutorial --set training.batch_size=64
  gan-studio resume my-run --steps 20000
  gan-studio sample my-run --count 64 --out sheet.png
  gan-studio doctor --json
"""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    options = build_parser().parse_args(arguments)
    try:
        code: int = options.command(options)
        return code
    except EngineError as error:
        tell_error(error.happened, error.kept, error.todo)
        return REFUSED


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = argparse.ArgumentParser(
        prog="gan-studio",
        description="Train a DCGAN on real pictures, with or without a window.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--run", metavar="DIR", help="open the window with this run")
    commands = parser.add_subparsers(title="commands", required=True)

    train = commands.add_parser("train", help="begin a run", epilog=EXAMPLES, formatter_class=_RAW)
    train.add_argument("config", nargs="?", type=Path, metavar="RUN.toml", help="settings to begin with")
    train.add_argument("--preset", choices=preset_names(), help="set-up to begin with (default: quickstart)")
    train.add_argument("--data", metavar="SOURCE", help="starter:NAME, torchvision:NAME, a folder, .zip, .npz or video")
    train.add_argument("--out", type=Path, metavar="DIR", help="run folder to make (default: in your documents)")
    train.add_argument("--steps", type=int, help="where to stop")
    train.add_argument("--device", help="auto, cpu, cuda or cuda:N")
    train.add_argument("--seed", type=int, help="first weights, order and noise")
    train.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="any setting, such as model.width=32"
    )
    train.add_argument("--fine-tune", type=Path, metavar="DIR|FILE", help="begin with the weights of a run or file")
    train.add_argument("--accept", action="append", default=[], choices=QUESTIONS, help="start all the same")
    train.add_argument("--json", action="store_true", help="print one JSON object at the end instead of progress")
    train.set_defaults(command=train_command)

    resume = commands.add_parser("resume", help="go on with a run", epilog=EXAMPLES, formatter_class=_RAW)
    resume.add_argument("folder", type=Path, metavar="DIR", help="run folder")
    resume.add_argument("--steps", type=int, help="where to stop, in all")
    resume.add_argument("--device", help="another device than the run began on")
    resume.add_argument("--accept", action="append", default=[], choices=QUESTIONS, help="go on all the same")
    resume.add_argument("--json", action="store_true", help="print one JSON object at the end instead of progress")
    resume.set_defaults(command=resume_command)

    sample = commands.add_parser("sample", help="draw pictures by a run", epilog=EXAMPLES, formatter_class=_RAW)
    sample.add_argument("folder", type=Path, metavar="DIR", help="run folder")
    sample.add_argument("--count", type=int, default=64, help="how many (default: 64)")
    sample.add_argument("--seed", type=int, default=0, help="first sample seed (default: 0)")
    sample.add_argument("--checkpoint", default="last", metavar="last|STEP", help="which generator (default: last)")
    sample.add_argument("--class", dest="class_name", metavar="NAME", help="of a run by class: only this class")
    sample.add_argument("--real", action="store_true", help="the data as the networks see it, instead of samples")
    sample.add_argument("--out", type=Path, required=True, metavar="FILE.png|FILE.npz|FOLDER")
    sample.add_argument("--json", action="store_true", help="print what was written as JSON")
    sample.set_defaults(command=sample_command)

    doctor = commands.add_parser("doctor", help="tell whether this machine is ready", formatter_class=_RAW)
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.set_defaults(command=doctor_command)
    return parser


FLAGS = {"true": True, "false": False, "on": True, "off": False, "yes": True, "no": False, "1": True, "0": False}

QUESTIONS = ("bad-pictures", "other-pictures")
"""What a run may ask before it goes on (RunFailed.question, with a hyphen)."""

_RAW = argparse.RawDescriptionHelpFormatter


def train_command(options: argparse.Namespace) -> int:
    """Begin a run."""
    from gan_studio.cli_training import run_job
    from gan_studio.engine.jobs import TrainingJob

    config = chosen_config(options)
    place = options.out or new_run_place(config, runs_root())
    with stop_on_signals() as control:
        job = TrainingJob(place, config, accepts=_accepted(options), fine_tune=options.fine_tune)
        return run_job(job, control, as_json=options.json)


def resume_command(options: argparse.Namespace) -> int:
    """Go on with a run."""
    from gan_studio.cli_training import run_job
    from gan_studio.engine.jobs import TrainingJob

    _with_options(RunConfig(), {"training.steps": options.steps, "device": options.device})
    with stop_on_signals() as control:
        job = TrainingJob(options.folder, steps=options.steps, device=options.device, accepts=_accepted(options))
        return run_job(job, control, as_json=options.json)


def sample_command(options: argparse.Namespace) -> int:
    """Draw pictures by a run."""
    from gan_studio.cli_sampling import write_samples

    written = write_samples(
        options.folder,
        options.out,
        options.count,
        options.seed,
        options.checkpoint,
        class_name=options.class_name,
        real=options.real,
    )
    print(json.dumps(written) if options.json else f"{written['count']} pictures: {written['out']}")
    return DONE


def doctor_command(options: argparse.Namespace) -> int:
    """Tell whether this machine is ready."""
    from gan_studio.doctor import examine

    findings = examine()
    if options.json:
        print(json.dumps({finding.name: {"ok": finding.ok, "detail": finding.detail} for finding in findings}))
    else:
        for finding in findings:
            print(f"{'ok     ' if finding.ok else 'MISSING'}  {finding.name:<18} {finding.detail}")
    return DONE if all(finding.ok for finding in findings) else BUG


def _accepted(options: argparse.Namespace) -> frozenset[str]:
    return frozenset(answer.replace("-", "_") for answer in options.accept)


def chosen_config(options: argparse.Namespace) -> RunConfig:
    """Put file, preset and options together; raises EngineError for a wrong value."""
    config = read_config(options.config) if options.config else load_preset(options.preset or "quickstart").config
    named = {
        "data.source": options.data,
        "training.steps": options.steps,
        "device": options.device,
        "seed": options.seed,
    }
    return _with_options(config, named | dict(parse_assignment(text) for text in options.set))


def _with_options(config: RunConfig, named: Mapping[str, Any]) -> RunConfig:
    """Put what was named in place; raises EngineError for a value outside its limits."""
    try:
        return with_values(config, {path: value for path, value in named.items() if value is not None})
    except ValidationError as error:
        raise _refused(config_fault(error)) from error


def parse_assignment(text: str) -> tuple[str, Any]:
    """Read FIELD=VALUE, the value as that field has it: number or text; raises EngineError for an unknown field."""
    path, _, value = text.partition("=")
    fields = {spec.path: spec for spec in field_specs()}
    if path not in fields:
        raise _refused(unknown_field(path))
    try:
        return path, _typed(fields[path], value)
    except ValueError as error:
        raise _refused(Message("config.bad_value", name=path, value=value, reason=error)) from error


def _typed(spec: FieldSpec, value: str) -> Any:
    if spec.kind == "flag":
        if value.lower() not in FLAGS:
            raise ValueError(f"one of {', '.join(FLAGS)}")
        return FLAGS[value.lower()]
    return type(spec.default)(value)


def _refused(reason: Message) -> EngineError:
    return EngineError(
        Message("config.refused", path="the command line", reason=reason),
        Message("kept.nothing_begun"),
        Message("todo.see_help"),
    )


@contextmanager
def stop_on_signals() -> Iterator[TrainingControl]:
    """Let Ctrl-C and SIGTERM stop a run with a checkpoint; a second one ends the program at once."""
    control = TrainingControl()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if control.is_stopping:
            raise KeyboardInterrupt
        control.stop()

    before: list[tuple[int, Callable[[int, FrameType | None], Any] | int | None]] = []
    for number in (int(signal.SIGINT), int(signal.SIGTERM)):
        before.append((number, signal.signal(number, on_signal)))
    try:
        yield control
    finally:
        for number, handler in before:
            signal.signal(number, handler)
