"""The layers of docs/adr/0001 as a table, and what the files of the program import."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

ENGINE, UI, SESSION, RESOURCES = "gan_studio.engine", "gan_studio.ui", "gan_studio.ui.session", "gan_studio.resources"
QT_CROSSING = "gan_studio.engine.qt_threads"

LAYERS: Mapping[str, tuple[str, ...]] = {
    "gan_studio.__main__": ("gan_studio.app", "gan_studio.startup", "gan_studio.cli", ENGINE),
    "gan_studio.app": ("gan_studio", "gan_studio.startup", UI, ENGINE, RESOURCES),
    "gan_studio.startup": (),
    "gan_studio.cli": (
        "gan_studio.cli",
        "gan_studio.startup",
        "gan_studio.doctor",
        "gan_studio.bench",
        ENGINE,
        RESOURCES,
    ),
    "gan_studio.bench": ("gan_studio.bench", ENGINE),
    "gan_studio.doctor": (ENGINE, RESOURCES),
    UI: (UI, "gan_studio.doctor", ENGINE, RESOURCES),
    ENGINE: (ENGINE, RESOURCES),
    RESOURCES: (),
    "gan_studio.api": (ENGINE, RESOURCES),
    "gan_studio": ("gan_studio.api", ENGINE, RESOURCES),
}
"""Each part of the program and the parts that it may import: app -> ui -> engine, cli -> engine."""

FREE_OF_QT = (
    "gan_studio",
    "gan_studio.api",
    "gan_studio.bench",
    "gan_studio.cli",
    "gan_studio.doctor",
    ENGINE,
    RESOURCES,
)
QT = ("PySide6", "shiboken6", "pyqtgraph", "superqt")
TORCH = ("torch", "torchvision")

STEERS_TRAINING = tuple(f"{ENGINE}.{name}" for name in ("trainer", "sampler", "control", "qt_threads"))
"""What of the engine only the session may know, however light it is."""


@dataclass(frozen=True)
class Import:
    """One import: the module as written out in full, and its line."""

    module: str
    line: int


def within(module: str, *parts: str) -> bool:
    """Whether a module is one of these parts or lies inside one."""
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def layer_of(module: str) -> str:
    """Name the row of LAYERS that a module belongs to; cli_training and the like belong to the command line."""
    if module.startswith("gan_studio.cli_"):
        return "gan_studio.cli"
    return max((layer for layer in LAYERS if within(module, layer)), key=len)


def program_files() -> dict[str, Path]:
    """Map every module of the program to its file."""
    return {_module_name(file): file for file in sorted((ROOT / "gan_studio").rglob("*.py"))}


def _module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(module: str, source: str, is_package: bool = False) -> Iterator[Import]:
    """Yield what a module imports anywhere in it: relative, inside functions, for types, by `import_module`.

    `from a import b` yields both a and a.b, because b may be a module.
    """
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (Import(alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(module=name, names=names, level=level):
                base = [*package[: len(package) + 1 - level], *([name] if name else [])] if level else [name or ""]
                yield Import(".".join(base), node.lineno)
                yield from (Import(".".join([*base, alias.name]), node.lineno) for alias in names)
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _imports_by_name(node):
                yield Import(name, node.lineno)


def _imports_by_name(call: ast.Call) -> bool:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return called in ("import_module", "__import__")


def program_imports() -> dict[str, list[Import]]:
    """Map every module of the program to all that it imports."""
    return {
        module: list(imports(module, file.read_text(encoding="utf-8"), file.name == "__init__.py"))
        for module, file in program_files().items()
    }


def loads(uses: Mapping[str, list[Import]], libraries: tuple[str, ...]) -> set[str]:
    """Name the modules that load one of these libraries, themselves or through each other.

    Importing a.b runs a too, so a module inside a heavy package is heavy.
    """
    heavy = {name for name, found in uses.items() if any(within(used.module, *libraries) for used in found)}
    while True:
        more = {name for name, found in uses.items() if any(within(used.module, *heavy) for used in found)} - heavy
        if not more:
            return heavy
        heavy |= more


def faults(module: str, used: Import, heavy: set[str]) -> Iterator[str]:
    """Say what is wrong with one import.

    Args:
        module: who imports.
        used: what is imported.
        heavy: modules of the engine that load torch or Qt.
    """
    is_view = within(module, UI) and not within(module, SESSION)
    layer = layer_of(module)
    if within(used.module, "gan_studio") and used.module != "gan_studio" and layer_of(used.module) not in LAYERS[layer]:
        yield f"{layer} may not import {used.module}"
    if layer in FREE_OF_QT and within(used.module, *QT):
        if module != QT_CROSSING:
            yield f"{layer} is free of Qt and imports {used.module}"
        elif used.module != "PySide6" and not within(used.module, "PySide6.QtCore"):
            yield f"threads need QtCore alone, not {used.module}"
    if is_view and within(used.module, *TORCH):
        yield f"a view imports {used.module}"
    if is_view and within(used.module, ENGINE) and within(used.module, *heavy, *STEERS_TRAINING):
        yield f"only {SESSION} may import {used.module}, which loads torch or Qt or steers training"
    if _room(module) and within(used.module, UI) and _room(used.module) not in (None, _room(module)):
        yield f"{_room(module)} may not import {used.module}: a window puts rooms together"


def _room(module: str) -> str | None:
    """Name the folder of the window that a module lies in (ui/training, ui/session, ...), if it does."""
    name = module.removeprefix(f"{UI}.").partition(".")[0]
    return name if within(module, UI) and (ROOT / "gan_studio" / "ui" / name).is_dir() else None


def cycles(uses: Mapping[str, list[Import]]) -> list[str]:
    """Name the modules of the program that import each other in a ring."""
    left = {module: {used.module for used in found} & set(uses) - {module} for module, found in uses.items()}
    while True:
        needed = {need for needs in left.values() for need in needs}
        ring = {module: needs & set(left) for module, needs in left.items() if needs & set(left) and module in needed}
        if ring == left:
            return sorted(ring)
        left = ring
