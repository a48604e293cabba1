"""The layers and rooms of the program as tables, and what its files import."""

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
    "gan_studio.cli": ("gan_studio", "gan_studio.cli", "gan_studio.startup", "gan_studio.bench", ENGINE, RESOURCES),
    "gan_studio.bench": ("gan_studio.bench", ENGINE),
    UI: (UI, ENGINE, RESOURCES),
    ENGINE: (ENGINE, RESOURCES),
    RESOURCES: (),
    "gan_studio.api": (ENGINE, RESOURCES),
    "gan_studio": ("gan_studio.api", ENGINE, RESOURCES),
}
"""Each part of the program and the parts that it may import: app -> ui -> engine, cli -> engine."""

FREE_OF_QT = ("gan_studio", "gan_studio.api", "gan_studio.bench", "gan_studio.cli", ENGINE, RESOURCES)
QT = ("PySide6", "shiboken6", "pyqtgraph", "superqt")
TORCH = ("torch", "torchvision")

ENGINE_ROOMS = (
    "text",
    "randomness",
    "latent",
    "moment",
    "sheet",
    "nature",
    "answering",
    "files",
    "config",
    "models",
    "kernels",
    "machine",
    "events",
    "control",
    "mailbox",
    "data",
    "step",
    "replay",
    "run",
    "explore",
    "exchange",
    "training",
    "library",
    "support",
    "qt_threads",
)
"""The rooms of the engine, and the files that stand beside them: each imports itself and those above it."""

UI_ROOMS = (
    "widgets",
    "plots",
    "dialogs",
    "frame",
    "setup",
    "training",
    "explorer",
    "history",
    "session",
    "presenters",
    "connections",
    "first_paint",
    "qt_warnings",
    "main_window",
)
"""The rooms of the window, and the files that stand beside them: each imports itself and those above it."""

SHARED_ROOMS = ("widgets", "plots")
"""Rooms of the window that every other room may use."""
COMPOSING = ("presenters", "connections", "main_window")
"""What puts the rooms of the window together; no other room imports a room that is not shared."""

STEERS_TRAINING = (f"{ENGINE}.training.trainer", f"{ENGINE}.explore.sampler", f"{ENGINE}.control", QT_CROSSING)
"""What of the engine only the session may know, however light it is."""

MOST_FILES = 16
"""Python files in a room of the program, `__init__.py` among them: more than that nobody can survey."""


@dataclass(frozen=True)
class Import:
    """One import: the module as written out in full, and its line."""

    module: str
    line: int


def within(module: str, *parts: str) -> bool:
    """Whether a module is one of these parts or lies inside one."""
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def layer_of(module: str) -> str:
    """Name the row of LAYERS that a module belongs to."""
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
    yield from _faults_of_rooms(module, used)


def _faults_of_rooms(module: str, used: Import) -> Iterator[str]:
    for layer, rooms in ((ENGINE, ENGINE_ROOMS), (UI, UI_ROOMS)):
        here, there = room(layer, module), room(layer, used.module)
        if here is None or there is None or here == there:
            continue
        if here in rooms and there in rooms and rooms.index(there) > rooms.index(here):
            yield f"{here} stands above {there} and may not import {used.module}"
        if layer == UI and here not in COMPOSING and there not in SHARED_ROOMS:
            yield f"{here} may not import {used.module}: presenters put rooms together"


def room(layer: str, module: str) -> str | None:
    """Name the room of the engine or of the window that a module lies in, or its own name where it stands beside them.

    A folder within a room (data.kinds, training.samples) belongs to that room.
    """
    return module.removeprefix(f"{layer}.").partition(".")[0] if module.startswith(f"{layer}.") else None


def cycles(uses: Mapping[str, list[Import]]) -> list[str]:
    """Name the modules of the program that import each other in a ring."""
    left = {module: {used.module for used in found} & set(uses) - {module} for module, found in uses.items()}
    while True:
        needed = {need for needs in left.values() for need in needs}
        ring = {module: needs & set(left) for module, needs in left.items() if needs & set(left) and module in needed}
        if ring == left:
            return sorted(ring)
        left = ring
