"""The one entry point: the window, or a command of the command line."""

import os
import sys

SPINS = "5000"
"""How long a thread of torch waits actively for the others, in turns of libgomp's loop, before it sleeps. Its own
default of 300 000 is ruinous beside any other busy program, because two threads then mostly wait for each other
(docs/benchmarks.md)."""


def main(arguments: list[str] | None = None) -> int:
    """Run `gan-studio`; returns the exit code."""
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when torch is loaded
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0].startswith("--run"):
        from gan_studio import app

        return app.main(arguments)
    from gan_studio import cli

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
