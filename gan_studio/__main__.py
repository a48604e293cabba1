"""The one entry point: the window, or a command of the command line."""

import os
import sys

SPINS = "35000"
"""How long a thread of torch waits actively for the others, in turns of libgomp's loop, before it sleeps. Its own
default of 300 000 is no quicker, and at 5 000 they sleep and wake too often (docs/benchmarks.md). Beside other busy
programs either is ruinous: engine/machine/spinning.py."""


def main(arguments: list[str] | None = None) -> int:
    """Run `gan-studio`; returns the exit code.

    Args:
        arguments: None: those of this process, whose uncaught faults are then logged too.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when torch is loaded
    if arguments is None:
        _log_everything()
        arguments = sys.argv[1:]
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
        from gan_studio import app

        return app.main(arguments)
    except ImportError as error:
        from gan_studio.cli import not_loaded

        if not not_loaded.is_of_window(error):
            raise
        return not_loaded.tell_no_window(error)


def _log_everything() -> None:
    import faulthandler

    from gan_studio.engine.support import log as program_log

    program_log.begin()
    if sys.stderr is not None:
        faulthandler.enable()


if __name__ == "__main__":
    sys.exit(main())
