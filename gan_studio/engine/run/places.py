"""Where the pictures of a run are: a whole path in run.toml, looked for again and written anew when they moved."""

import os
from typing import Any

from pydantic import ValidationError

from gan_studio.engine.config.files import config_fault
from gan_studio.engine.config.schema import RunConfig, with_values
from gan_studio.engine.data.listing import is_known
from gan_studio.engine.files.paths import absolute, path_of, text_of, working_folder
from gan_studio.engine.run.creation import rewrite
from gan_studio.engine.run.folder import RunFolder
from gan_studio.engine.text.message import EngineError, Message


def with_whole_path(config: RunConfig) -> RunConfig:
    """Return a set-up whose pictures have an absolute path, so that the run resumes from every working folder.

    Raises:
        EngineError: the path is relative, and the working folder was deleted.
    """
    source = config.data.source
    return config if is_known(source) else with_source(config, text_of(absolute(path_of(source))))


def with_source(config: RunConfig, source: str) -> RunConfig:
    """Return the set-up with another source of pictures; raises EngineError for a text that no source can have."""
    try:
        return with_values(config, {"data.source": source})
    except ValidationError as error:
        raise EngineError(
            Message("data.bad_source", reason=config_fault(error)),
            Message("kept.nothing_begun"),
            Message("todo.choose_source"),
        ) from error


def with_found_path(config: RunConfig, folder: RunFolder) -> RunConfig:
    """Return the set-up of a run with an absolute path to its pictures.

    Runs of earlier versions may hold a relative path. It is looked for in the working folder, then beside the run and
    in each folder above; what is found nowhere stays as it is.
    """
    source = config.data.source
    if is_known(source) or path_of(source).is_absolute():
        return config
    here = working_folder()
    for place in (*([here] if here else []), *folder.root.parents):
        if os.path.exists(place / source):  # noqa: PTH110  (Path.exists raises where a name is too long)
            return with_source(config, text_of(absolute(place / source)))
    return config


def is_found(config: RunConfig) -> bool:
    """Tell whether `with_found_path` knows in which folder to look."""
    return is_known(config.data.source) or path_of(config.data.source).is_absolute()


def note_source(folder: RunFolder, source: str) -> None:
    """Write the new place of the pictures into run.toml, all else unchanged; call it only under the run's lock.

    Raises:
        EngineError: run.toml cannot be read.
        OSError: it cannot be written.
    """

    def place_it(facts: dict[str, Any]) -> None:
        facts["config"]["data"]["source"] = source

    rewrite(folder, place_it)
