"""GAN Studio: train a DCGAN on real pictures, watch it, steer it and walk its latent space.

In a notebook:

    import gan_studio

    for event in gan_studio.train(preset="quickstart", steps=200, out="my-run"):
        print(event)
    pictures = gan_studio.load_run("my-run").sample(16)
    pictures = gan_studio.load_weights("netG.safetensors").sample(16)
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_LAZY = {
    "Run": "gan_studio.api",
    "LoadedWeights": "gan_studio.api",
    "load_run": "gan_studio.api",
    "load_weights": "gan_studio.api",
    "train": "gan_studio.api",
    "resume": "gan_studio.api",
    "RunConfig": "gan_studio.engine.config.schema",
    "TrainingControl": "gan_studio.engine.control",
    "EngineError": "gan_studio.engine.text.message",
}

__all__ = [
    "EngineError",
    "LoadedWeights",
    "Run",
    "RunConfig",
    "TrainingControl",
    "load_run",
    "load_weights",
    "resume",
    "train",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that `import gan_studio` costs nothing."""
    if name not in _LAZY:
        raise AttributeError(f"module 'gan_studio' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
