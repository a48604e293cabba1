"""Preview the pictures of a source; a newer request gives up the preview in hand."""

from gan_studio.engine.answering import NotDone, answer
from gan_studio.engine.config.schema import DataConfig
from gan_studio.engine.data.preview import Preview, preview_pictures
from gan_studio.engine.data.source import ShouldStop, StoppedError


def look(config: DataConfig, should_stop: ShouldStop) -> Preview | NotDone | None:
    """Preview a source of pictures; a fault comes back as NotDone, and a preview that was given up as None."""

    def preview(config: DataConfig) -> Preview | None:
        try:
            return preview_pictures(config, should_stop=should_stop)
        except StoppedError:
            return None

    return answer(preview, config)
