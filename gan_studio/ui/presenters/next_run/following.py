"""Following: which settings of the next run its pictures decide, and what a person or a run has settled."""

from gan_studio.engine.config.presets import FOLLOWING, left_to_pictures, preset_or_default
from gan_studio.engine.config.schema import RunConfig, value_at, with_values
from gan_studio.engine.data.following import follow
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.looking import known_nature
from gan_studio.engine.nature import Nature
from gan_studio.engine.text.message import Message

OF_THE_SOURCE = {"data.classes": "", "data.leave_out": "", "data.member": "", "data.layout": "auto"}
"""Settings that describe one source, with the values they have for another."""


class Following:
    """What a person set wins, then the pictures, then the preset."""

    def __init__(self) -> None:
        self._by_hand: frozenset[str] = frozenset()
        self._settled_for = ""
        self._looked_at = ""
        self._nature: Nature | None = None

    def note_change(self, before: RunConfig, after: RunConfig) -> None:
        """Note what a person changed by hand."""
        changed = {path for path in FOLLOWING if value_at(before, path) != value_at(after, path)}
        self._by_hand = self._by_hand.union(changed)

    def keep_networks(self) -> None:
        """Keep size and channels as they are, because the networks of another run or file were taken."""
        self._by_hand = self._by_hand.union(FOLLOWING)

    def begin(self, stated: frozenset[str] = frozenset()) -> None:
        """Begin with another preset or file, which states these paths."""
        self._by_hand, self._settled_for = stated, ""

    def settle(self, config: RunConfig) -> None:
        """Keep the set-up of a run as it is, until other pictures are chosen."""
        self._settled_for = config.data.source

    def take(self, source: str, nature: Nature | None) -> None:
        """Take what the pictures of a source are like."""
        self._looked_at, self._nature = source, nature

    def other_source(self, config: RunConfig, source: str) -> RunConfig:
        """Return the set-up for other pictures, with the preset's own values where the pictures may decide anew."""
        preset = preset_or_default(config.preset).config
        anew = {path: value_at(preset, path) for path in FOLLOWING.difference(self._by_hand)}
        return with_values(config, {"data.source": source, **OF_THE_SOURCE, **anew})

    def followed(self, config: RunConfig) -> tuple[RunConfig, Message | None]:
        """Return the set-up once it follows its pictures, and what it took from them, as far as they are known."""
        source = config.data.source
        nature = known_nature(source) if source in KNOWN_SETS else self._nature if self._knows(source) else None
        return (config, None) if nature is None else follow(config, nature, self._left_to_pictures(config))

    def left_at_start(self, config: RunConfig) -> frozenset[str]:
        """Return the paths that the pictures still have to decide at the start, because nobody looked at them yet."""
        is_known = config.data.source in KNOWN_SETS or self._knows(config.data.source)
        return frozenset() if is_known else self._left_to_pictures(config)

    def _knows(self, source: str) -> bool:
        return source == self._looked_at and self._nature is not None

    def _left_to_pictures(self, config: RunConfig) -> frozenset[str]:
        if config.data.source == self._settled_for:
            return frozenset()
        return left_to_pictures(preset_or_default(config.preset), config.data.source, self._by_hand)
