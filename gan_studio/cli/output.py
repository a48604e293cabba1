"""What every command prints in the same way: exit codes and errors in three parts."""

from rich.console import Console

DONE, BUG, REFUSED = 0, 1, 2
"""Exit codes: done (also when stopped by Ctrl-C, the run is resumable); a fault of the program; a refusal."""


def tell_error(happened: object, kept: object, todo: object) -> None:
    """Print what happened, what was kept and what to do."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print("[bold red]Error:[/] ", end="")
    for part in (happened, kept, todo):
        console.print(str(part), markup=False)
