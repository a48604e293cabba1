"""Reading sources in tests: what a run reads, what is told of it, and why a source is refused."""

from pathlib import Path

import pytest

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.picture_set import PictureSet
from gan_studio.engine.data.preview import preview_pictures
from gan_studio.engine.text.message import EngineError
from tests.engine.pictures import load


def read(source: Path, **changes: object) -> PictureSet:
    """Load a source as a run does, after a check that its preview tells the same."""
    config = DataConfig.model_validate({"source": str(source), **changes})
    pictures, _ = load(config)
    assert preview_pictures(config).notes == pictures.notes
    return pictures


def told(pictures: PictureSet) -> str:
    """Return the notes on a source, one a line."""
    return "\n".join(map(str, pictures.notes))


def refusal(source: Path, **changes: object) -> str:
    """Return why a run refuses a source, and what to do."""
    with pytest.raises(EngineError) as caught:
        load(DataConfig.model_validate({"source": str(source), **changes}))
    return f"{caught.value.happened} {caught.value.todo}"
