"""The command line: same engine and same TOML as the window."""

import argparse
import difflib
import json
import os
import sys
from pathlib import Path
from typing import Any

from gan_studio import __version__, startup
from gan_studio.cli.bench import add_bench
from gan_studio.cli.branches import add_history
from gan_studio.cli.imports import add_import
from gan_studio.cli.machine import add_machine_commands
from gan_studio.cli.output import DONE, REFUSED, allow_any_text, left_lines, tell_error
from gan_studio.cli.presets import add_presets
from gan_studio.cli.signals import stop_on_signals
from gan_studio.cli.space import add_free_space
from gan_studio.cli.values import chosen_config, fine_tune_from, parse_knob, step_or_last, with_options
from gan_studio.engine.config.schema import RunConfig
from gan_studio.engine.moment import Moment
from gan_studio.engine.run.folder import new_run_place, open_run, runs_root
from gan_studio.engine.run.naming import clean_name
from gan_studio.engine.support.keep_awake import Wakefulness
from gan_studio.engine.text.message import EngineError, Message
from gan_studio.engine.training.request import RunRequest

Commands = Any
"""The type of argparse's subparsers, which has no public name."""

EXAMPLES = """examples:
  gan-studio                                   open the window
  gan-studio --run DIR                         open the window with a run
  gan-studio train                             quickstart on the starter data set
  gan-studio resume my-run --steps 20000
  gan-studio sample my-run --count 64 --out sheet.png
  gan-studio COMMAND --help                    options and examples of a command
"""

TRAIN_EXAMPLES = """examples:
  gan-studio train                             quickstart on the starter data set
  gan-studio train --data ~/pictures --steps 5000 --out my-run
  gan-studio train --preset tutorial --set training.batch_size=64
  gan-studio train --data ~/frogs --name "Frogs, second try"
  gan-studio train --fine-tune my-run --data ~/other-pictures
  gan-studio train --fine-tune my-run --fine-tune-step 4000
"""

RESUME_EXAMPLES = """examples:
  gan-studio resume my-run                     to the step that the run says
  gan-studio resume my-run --steps 20000
  gan-studio resume my-run --back-to 4000 --knob learning_rate_g=1e-4
  gan-studio resume my-run --data ~/moved/pictures
"""

SAMPLE_EXAMPLES = """examples:
  gan-studio sample my-run --count 64 --out sheet.png
  gan-studio sample my-run --count 1000 --out samples.npz
  gan-studio sample my-run --checkpoint 4000 --out folder
  gan-studio sample netG.safetensors --count 64 --out sheet.png
"""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    allow_any_text()
    parser = build_parser()
    if "" in arguments:  # as an unset variable of a shell leaves it
        parser.error("an argument is empty; leave the option out, or give it a value")
    options = parser.parse_args(arguments)
    try:
        code: int = options.command(options)
        return code
    except EngineError as error:
        tell_error(error.happened, error.kept, error.todo)
        return REFUSED
    except BrokenPipeError:  # the reader has seen enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python fails to flush at its end
        return DONE


class _Parser(argparse.ArgumentParser):
    """Names the nearest command when a command is misspelt."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action.choices, dict) and value not in action.choices:
            nearest = difflib.get_close_matches(str(value), action.choices, 1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"choose from {', '.join(action.choices)}"
            raise argparse.ArgumentError(None, f"there is no command {value}; {hint}")
        super()._check_value(action, value)


def build_parser() -> argparse.ArgumentParser:
    """Describe every command and option."""
    parser = _Parser(
        prog="gan-studio",
        description="Train a DCGAN on real pictures, with or without a window.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--run", metavar="DIR|FILE", help="open the window with this run, or file of weights")
    parser.add_argument("--version", action="version", version=f"gan-studio {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_train(commands)
    _add_resume(commands)
    add_history(commands)
    _add_sample(commands)
    add_free_space(commands)
    add_presets(commands)
    add_bench(commands)
    add_import(commands)
    add_machine_commands(commands)
    return parser


def _add_train(commands: Commands) -> None:
    train = commands.add_parser("train", help="start a run", epilog=TRAIN_EXAMPLES, formatter_class=_RAW)
    train.add_argument("config", nargs="?", type=Path, metavar="RUN.toml", help="TOML file with the settings")
    train.add_argument("--preset", metavar="NAME", help=_PRESET)
    files = "a .zip, an array (.npz, .npy, .mat, IDX), a table (.csv, .parquet), or a video"
    sources = f"starter:NAME, torchvision:NAME, a folder, {files}"
    train.add_argument("--data", metavar="SOURCE", help=sources)
    train.add_argument(
        "--out", type=Path, metavar="DIR", help="run folder to create (default: a new one in your documents)"
    )
    train.add_argument("--steps", type=int, help="step to stop at")
    train.add_argument("--device", help="auto, cpu, cuda or cuda:N")
    train.add_argument("--seed", type=int, help="seed of first weights, picture order and noise")
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="any setting, such as model.width=32; may be given several times",
    )
    train.add_argument("--fine-tune", type=Path, metavar="DIR|FILE", help="start from the weights of a run or file")
    train.add_argument("--fine-tune-step", type=step_or_last, metavar="last|STEP", help=_FINE_TUNE_STEP)
    train.add_argument("--fine-tune-branch", type=int, metavar="BRANCH", help=_FINE_TUNE_BRANCH)
    train.add_argument("--name", default="", help="what the run is called (default: its pictures and their number)")
    train.add_argument("--accept", action="append", default=[], choices=QUESTIONS, help=_ACCEPT)
    train.add_argument("--json", action="store_true", help="print one JSON object at the end instead of progress")
    train.set_defaults(command=train_command)


def _add_resume(commands: Commands) -> None:
    resume = commands.add_parser("resume", help="resume a run", epilog=RESUME_EXAMPLES, formatter_class=_RAW)
    resume.add_argument("folder", type=Path, metavar="DIR", help="run folder")
    resume.add_argument("--steps", type=int, help="step to stop at, counted from the start of the run")
    resume.add_argument(
        "--data", metavar="PLACE", help="where the pictures of the run are now (default: where they were)"
    )
    resume.add_argument("--device", help="device to train on (default: the one that the run started on)")
    resume.add_argument("--back-to", type=int, metavar="STEP", help="go back to this checkpoint first, in a new branch")
    resume.add_argument(
        "--branch", type=int, help="branch of that checkpoint (default: the branch that leads to the newest checkpoint)"
    )
    resume.add_argument(
        "--knob",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a live setting first, such as batch_size=32; may be given several times",
    )
    resume.add_argument("--accept", action="append", default=[], choices=QUESTIONS, help=_ACCEPT)
    resume.add_argument("--json", action="store_true", help="print one JSON object at the end instead of progress")
    resume.set_defaults(command=resume_command)


def _add_sample(commands: Commands) -> None:
    sample = commands.add_parser(
        "sample", help="draw samples of a run or of a file of weights", epilog=SAMPLE_EXAMPLES, formatter_class=_RAW
    )
    sample.add_argument(
        "folder",
        type=Path,
        metavar="DIR|FILE",
        help="run folder, or .safetensors file (gan-studio import makes one)",
    )
    sample.add_argument("--count", type=int, default=64, help="number of pictures, at most a million (default: 64)")
    sample.add_argument("--seed", type=int, default=0, help="seed of the first picture (default: 0)")
    sample.add_argument(
        "--checkpoint", default="last", metavar="last|STEP", help="generator to draw with (default: last)"
    )
    sample.add_argument(
        "--class", dest="class_name", metavar="NAME", help="draw only this class (class-conditional runs)"
    )
    sample.add_argument(
        "--real", action="store_true", help="write real pictures, as the networks see them, instead of samples"
    )
    sample.add_argument("--out", type=Path, required=True, metavar="FILE.png|FILE.npz|FOLDER", help=_SAMPLE_OUT)
    sample.add_argument("--json", action="store_true", help="print what was written as JSON")
    sample.set_defaults(command=sample_command)


QUESTIONS = ("bad-pictures", "other-pictures")
"""Questions that a run may ask before it trains (RunFailed.question, with hyphens)."""

_PRESET = "preset to start from (default: quickstart); gan-studio presets lists them"
_ACCEPT = "train although many pictures cannot be used, or although the pictures have changed since the run started"
_FINE_TUNE_STEP = "step of that run to start from (default: last); from a snapshot, D starts from random weights"
_FINE_TUNE_BRANCH = "branch of that step (default: the branch that leads to the newest checkpoint)"
_SAMPLE_OUT = "one sheet, the arrays, or a folder with a PNG for each picture"

_RAW = argparse.RawDescriptionHelpFormatter


def train_command(options: argparse.Namespace) -> int:
    """Start a run."""
    config, left = chosen_config(options)
    if options.name:
        clean_name(options.name)
    place = options.out or new_run_place(config, runs_root())
    with stop_on_signals() as control, Wakefulness():
        with startup.imports():
            from gan_studio.cli.training import run_job
            from gan_studio.engine.training.job import TrainingJob

        request = RunRequest(
            place,
            config,
            accepts=_accepted(options),
            fine_tune=options.fine_tune,
            fine_tune_from=fine_tune_from(options),
            name=options.name,
            left_to_pictures=left,
        )
        job = TrainingJob(request)
        is_preset_open = not (options.preset or options.config)
        return run_job(job, control, as_json=options.json, is_preset_open=is_preset_open)


def resume_command(options: argparse.Namespace) -> int:
    """Resume a run."""
    named = {"training.steps": options.steps, "device": options.device, "data.source": options.data}
    with_options(RunConfig(), named)
    with stop_on_signals() as control, Wakefulness():
        with startup.imports():
            from gan_studio.cli.training import run_job
            from gan_studio.engine.training.job import TrainingJob

        request = RunRequest(
            options.folder,
            steps=options.steps,
            device=options.device,
            accepts=_accepted(options),
            back_to=_back_to(options),
            data=options.data,
        )
        _refuse_target_behind(request)
        job = TrainingJob(request)
        for name, value in map(parse_knob, options.knob):
            control.set_knob(name, value)
        return run_job(job, control, as_json=options.json)


def sample_command(options: argparse.Namespace) -> int:
    """Draw samples of a run and write them."""
    with startup.imports():
        from gan_studio.cli.sampling import write_samples

    written = write_samples(
        options.folder,
        options.out,
        options.count,
        options.seed,
        options.checkpoint,
        class_name=options.class_name,
        real=options.real,
        quiet=options.json,
    )
    if options.json:
        print(json.dumps(written))
        return DONE
    print(f"{written['count']} pictures: {written['out']}")
    for line in (*written.get("notes", ()), *left_lines(written.get("not_used", {}))):
        print(line)
    return DONE


def _accepted(options: argparse.Namespace) -> frozenset[str]:
    return frozenset(answer.replace("-", "_") for answer in options.accept)


def _refuse_target_behind(request: RunRequest) -> None:
    """Raise EngineError if the run is already past the step at which it should stop."""
    kept = open_run(request.place).checkpoints()
    start = request.back_to or (kept[-1] if kept else None)
    if request.steps is not None and start is not None and request.steps < start.step:
        raise EngineError(
            Message("run.target_behind", steps=request.steps, step=start.step),
            Message("kept.file_untouched"),
            Message("todo.target_ahead"),
        )


def _back_to(options: argparse.Namespace) -> Moment | None:
    """Find the checkpoint to go back to, or None for the newest; raises EngineError if nothing was kept there."""
    if options.back_to is None:
        return None
    folder = open_run(options.folder)
    if options.branch is not None:
        kept = [moment for moment in folder.checkpoints() if moment.branch == options.branch]
        moment = Moment(options.branch, options.back_to)
        if moment not in kept:
            steps = ", ".join(str(at.step) for at in kept) or Message("branch.no_steps")
            raise EngineError(
                Message("branch.no_such_step", step=options.back_to, branch=options.branch),
                Message("kept.file_untouched"),
                Message("todo.choose_branch_step", steps=steps),
            )
        return moment
    from gan_studio.engine.run.branches import kept_checkpoint

    return kept_checkpoint(folder, options.back_to)
