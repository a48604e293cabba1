"""Preview the pictures of a source; a newer request cancels the current preview."""

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.preview import Preview, preview_pictures
from gan_studio.engine.data.source import ShouldStop, StoppedError


def look(config: DataConfig, should_stop: ShouldStop) -> Preview | NotDone | None:
    """Preview a source of pictures; a fault comes back as NotDone, and a cancelled preview as None."""

    def preview(config: DataConfig) -> Preview | None:
        try:
            return preview_pictures(config, should_stop=should_stop)
        except StoppedError:
            return None

    return answer(preview, config)
