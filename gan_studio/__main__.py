"""The one entry point: the window, or a command of the command line."""

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run `gan-studio`; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0].startswith("--run"):
        from gan_studio import app

        return app.main(arguments)
    from gan_studio import cli

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
