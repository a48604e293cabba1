"""The entry point: opens the window, or runs a command."""

import os
import sys

SPINS = "35000"
"""GOMP_SPINCOUNT: how many times a thread of torch spins in libgomp while it waits for the others, before it sleeps.

The default of 300 000 is no faster, and at 5 000 threads sleep and wake too often (docs/benchmarks.md). While other
programs are busy, any spinning is ruinous; engine/machine/spinning.py prevents it."""


def main(arguments: list[str] | None = None) -> int:
    """Run `gan-studio`; returns the exit code.

    Args:
        arguments: command and options. None: take those of this process, and log its uncaught faults.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when torch is loaded
    if arguments is None:
        _log_everything()
        arguments = sys.argv[1:]
    if not _has_working_folder():
        from gan_studio.cli import output

        return output.tell_no_working_folder()
    if not arguments or arguments[0].startswith("--run"):
        return _open_window(arguments)
    try:
        from gan_studio.cli import main as cli

        return cli.main(arguments)
    except (ImportError, OSError) as error:
        from gan_studio.cli import not_loaded

        if not not_loaded.is_of_torch(error):
            raise
        return not_loaded.tell_no_torch(error)


def _open_window(arguments: list[str]) -> int:
    try:
        from gan_studio import startup

        startup.begin()  # app.py ends it once the engine is loaded
        from gan_studio.engine.support.display import check_display
        from gan_studio.engine.text.message import EngineError

        try:
            check_display()
        except EngineError as error:
            from gan_studio.cli import not_loaded

            return not_loaded.tell_no_display(error)
        from gan_studio import app

        return app.main(arguments)
    except ImportError as error:
        from gan_studio.cli import not_loaded

        if not not_loaded.is_of_window(error):
            raise
        return not_loaded.tell_no_window(error)


def _has_working_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109  (pathlib would be loaded for it)
    except OSError:
        return False
    return True


def _log_everything() -> None:
    import faulthandler

    from gan_studio.engine.support import log as program_log

    program_log.begin()
    if sys.stderr is not None:
        faulthandler.enable()


if __name__ == "__main__":
    sys.exit(main())
