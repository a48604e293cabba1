"""Find the files that come with the program: presets, starter data sets and icons."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_resources"
_IN_CHECKOUT = _PACKAGE.parent / "resources"


def resource(*parts: str) -> Path:
    """Return the path of a file or folder in `resources/`.

    A wheel has `resources/` inside the package; an editable install (`pip install -e .`) has it beside the package.

    Args:
        parts: path below `resources/`, such as "starter", "fashion-mnist", "train.npz".

    Raises:
        FileNotFoundError: the program was installed without it.
    """
    folder = _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT
    path = folder.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"GAN Studio was installed without {path}")
    return path
