"""A first look at pictures for a window: it is told what went wrong, and can give the look up."""

from PIL import Image

from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.preview import Preview, preview_pictures
from gan_studio.engine.data.stopping import ShouldStop, StoppedError
from gan_studio.engine.library.runs import NotRead, not_read
from gan_studio.engine.text.message import EngineError


def look(config: DataConfig, should_stop: ShouldStop) -> Preview | NotRead | None:
    """Look at a source of pictures; a fault comes back as NotRead, and a look that was given up as None."""
    try:
        return preview_pictures(config, should_stop=should_stop)
    except StoppedError:
        return None
    except EngineError as error:
        return NotRead(error.happened, error.kept, error.todo)
    except (OSError, Image.DecompressionBombError) as error:
        return not_read(error)
    except Exception as error:  # noqa: BLE001  (the thread that looks must live on; what it met is told)
        return not_read(f"{type(error).__name__}: {error}")
