"""BeforeStartPresenter: what was found in a person's pictures, which preset suits them, and what to expect."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gan_studio.engine.answering import NotDone
from gan_studio.engine.config.presets import DEFAULT, Preset, all_presets, load_preset, preset_or_default
from gan_studio.engine.config.schema import DataConfig, with_values
from gan_studio.engine.data.copies import Copies
from gan_studio.engine.data.known.known_sets import KNOWN_SETS
from gan_studio.engine.data.preview import Preview
from gan_studio.engine.data.split import leaving_out, left_out_by_hand
from gan_studio.engine.library.advice import Advice, advise, expect
from gan_studio.engine.machine.device import Device
from gan_studio.engine.text.units import duration_text
from gan_studio.ui.pictures.presets_dialog import AskPreset
from gan_studio.ui.presenters.next_run.pictures import name_of
from gan_studio.ui.presenters.next_run.setup import SetupPresenter
from gan_studio.ui.presenters.preferences import Preferences
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped
from gan_studio.ui.widgets.translate import translate

MOST_CLASSES = 6
"""Classes that are named; of more, only the number is told."""


class BeforeStartPresenter(QObject):
    """Fill the page before the start, and do what a person decides there."""

    def __init__(
        self, session: StudioSession, views: Views, preferences: Preferences, setup: SetupPresenter, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._views, self._preferences = session, views, preferences
        self._setup, self._window = setup, window
        self._preview: Preview | None = None
        self._copies: Copies | None = None
        self._compared: DataConfig | None = None
        self._has_gpu = False

    # What was found

    def show_preview(self, preview: Preview) -> None:
        """Show what was found, and look for near-duplicates unless that was done."""
        state = self._session.training.state
        if state.has_run or preview.source != state.config.data.source:
            return
        self._preview = preview
        self._views.pictures.show_preview(preview)
        wanted = without_what_changes_nothing(state.config.data)
        if self._compared != wanted and preview.source not in KNOWN_SETS and not state.is_busy:
            self._copies = None
            self._session.library.find_copies(state.config.data)
        self.show_set_up()

    def show_copies(self, copies: Copies) -> None:
        """Show how many near-duplicates were found."""
        data = self._session.training.state.config.data
        if copies.source == data.source:
            self._copies, self._compared = copies, without_what_changes_nothing(data)
            self._show_found()

    def show_refusal(self, kind: str, _fault: NotDone) -> None:
        """Forget the pictures that cannot be read; the pictures presenter tells why."""
        if kind == "preview":
            self._forget()

    def _forget(self) -> None:
        self._preview = self._copies = self._compared = None
        self._views.pictures.clear()

    def note_devices(self, devices: tuple[Device, ...]) -> None:
        """Note whether a GPU can train, which decides what is recommended."""
        self._has_gpu = any(device.name.startswith("cuda") for device in devices)
        self.show_set_up()

    def show_state(self) -> None:
        """Show the page while a person's own pictures wait for a start, and otherwise the welcome."""
        state = self._session.training.state
        is_own = state.config.data.source not in KNOWN_SETS
        self._views.rest.setCurrentIndex(1 if is_own else 0)
        self._views.train.show_rest(is_at_rest=not state.has_run)
        self._views.pictures.setEnabled(not state.is_busy)
        self.show_set_up()

    def show_set_up(self) -> None:
        """Show how the set-up of the next run meets the pictures."""
        state, page = self._session.training.state, self._views.pictures
        config = state.config
        if self._preview is not None and self._preview.source != config.data.source:
            self._forget()
        if state.has_run or config.data.source in KNOWN_SETS:
            return  # the page is hidden
        page.show_source(name_of(config.data.source), config.data.source)
        page.show_config(config)
        by_hand = len(left_out_by_hand(config.data))
        text = self.tr("Use {count} pictures again") if by_hand > 1 else self.tr("Use 1 picture again")
        page.offer_back(text.format(count=grouped(by_hand)) if by_hand else "")
        self._show_found()
        self._show_advice()
        self._show_expected()

    def _show_found(self) -> None:
        preview = self._preview
        if preview is None:
            return
        count = len(self._copies_left())
        text = self.tr("Leave out {count} near-duplicates") if count > 1 else self.tr("Leave out 1 near-duplicate")
        self._views.pictures.offer_copies(text.format(count=grouped(count)) if count else "")
        self._views.pictures.show_facts([*self._found(preview), *self._about_copies()])

    def _found(self, preview: Preview) -> list[str]:
        """Write what was found, a sentence a line."""
        parts = [self._count(preview.count)]
        if preview.sizes is not None:
            text = self.tr("{width} × {height} px")
            smallest, largest = preview.sizes[:2], preview.sizes[2:]
            first, last = (text.format(width=size[0], height=size[1]) for size in (smallest, largest))
            parts.append(first if smallest == largest else self.tr("{first} to {last}").format(first=first, last=last))
        if preview.nature is not None:
            colours = {1: self.tr("grey"), 3: self.tr("in colour"), 4: self.tr("in colour, with transparency")}
            parts.append(colours[preview.nature.channels])
        if preview.class_names:
            parts.append(self._classes(preview))
        lines = [" · ".join(parts)]
        if preview.left_out:
            many = self.tr("{count} files left out; they are listed in the set-up under Data.")
            one = self.tr("1 file left out; it is named in the set-up under Data.")
            lines.append(one if len(preview.left_out) == 1 else many.format(count=grouped(len(preview.left_out))))
        said = preview.notes if self._setup.taken is None else (self._setup.taken, *preview.notes)
        return lines + [translate(note) for note in said]

    def _count(self, count: int) -> str:
        return self.tr("1 picture") if count == 1 else self.tr("{count} pictures").format(count=grouped(count))

    def _classes(self, preview: Preview) -> str:
        text = self.tr("{count} classes").format(count=grouped(len(preview.class_names)))
        names = ", ".join(preview.class_names)
        return f"{text} ({names})" if len(preview.class_names) <= MOST_CLASSES else text

    def _about_copies(self) -> list[str]:
        if self._copies is None:
            return []
        compared, copies = self._copies.compared, len(self._copies_left())
        if not self._copies.groups:
            text = self.tr("No near-duplicates among the {compared} pictures that were compared.")
        elif not copies:
            text = self.tr("All near-duplicates among the {compared} pictures that were compared are left out.")
        else:
            many = self.tr("{copies} near-duplicates among the {compared} pictures that were compared.")
            one = self.tr("1 near-duplicate among the {compared} pictures that were compared.")
            text = one if copies == 1 else many
        return [text.format(copies=grouped(copies), compared=grouped(compared))]

    def _copies_left(self) -> tuple[str, ...]:
        """Return the names of the near-duplicates that could still be left out."""
        gone = left_out_by_hand(self._session.training.state.config.data)
        return self._copies.besides(gone) if self._copies is not None else ()

    # What is recommended and expected

    def _advice(self) -> Advice | None:
        if self._preview is None or self._preview.nature is None:
            return None
        device = self._session.training.device
        on_gpu = device.startswith("cuda") or (device == "auto" and self._has_gpu)
        return advise(self._preview.count, self._preview.nature, on_gpu=on_gpu)

    def _show_advice(self) -> None:
        advice = self._advice()
        if advice is None:
            return
        is_chosen = advice.preset == self._session.training.state.config.preset
        heading = self.tr("This preset suits these pictures") if is_chosen else self.tr("Recommended preset")
        wish = "" if is_chosen else self.tr("Click to use it.")
        self._views.pictures.recommend(load_preset(advice.preset), heading, translate(advice.reason), wish)

    def _show_expected(self) -> None:
        state = self._session.training.state
        preset = preset_or_default(state.config.preset)
        lines = [self._about_preset(preset)]
        is_long, speed = False, self._preferences.speed
        if speed:
            expected = expect(state.config, speed, self._classes_in_model())
            text = self.tr("On this machine: first samples after about {first}, all {steps} steps in about {time}.")
            first, time = duration_text(expected.first_seconds), duration_text(expected.all_seconds)
            lines.append(text.format(first=first, steps=grouped(state.config.training.steps), time=time))
            is_long = expected.is_long
        else:
            lines.append(self.tr("The time is estimated as soon as this machine has been measured."))
        if is_long and preset.name != DEFAULT:
            lines.append(self.tr("The preset Quickstart takes minutes on two CPU cores."))
        if preset.picture is not None:
            lines.append(self.tr("The samples show what this preset drew on other pictures after two minutes."))
        self._views.pictures.show_expected(preset, lines, is_long=is_long)

    def _about_preset(self, preset: Preset) -> str:
        config = self._session.training.state.config
        colours = {1: self.tr("grey"), 4: self.tr("colour with transparency")}.get(
            config.data.channels, self.tr("colour")
        )
        text = self.tr("Preset {title}, {size} × {size} px in {colours}.")
        return text.format(title=preset.title, size=config.data.image_size, colours=colours)

    def _classes_in_model(self) -> int:
        is_conditional = self._session.training.state.config.model.conditional
        return len(self._preview.class_names) if is_conditional and self._preview is not None else 0

    # What a person wants

    def use_recommended(self) -> None:
        """Choose the recommended preset."""
        advice = self._advice()
        if advice is not None:
            self._setup.choose_preset(advice.preset)

    def choose_preset(self) -> None:
        """Show every preset with its cost, and choose one."""
        rows = [(preset, self._cost(preset)) for preset in all_presets()]
        name = AskPreset.ask(self._window, rows, self._session.training.state.config.preset)
        if name is not None:
            self._setup.choose_preset(name)

    def _cost(self, preset: Preset) -> str:
        """Write what a preset costs here; before this machine is measured, what it cost where it was measured."""
        steps = grouped(preset.config.training.steps)
        if self._preferences.speed:
            time = duration_text(expect(preset.config, self._preferences.speed).all_seconds)
            return self.tr("{steps} steps, about {time} on this machine (estimated).").format(steps=steps, time=time)
        if preset.minutes:
            time = duration_text(60 * preset.minutes)
            return self.tr(
                "{steps} steps; they took about {time} on the two CPU cores where this was measured."
            ).format(steps=steps, time=time)
        return self.tr("{steps} steps.").format(steps=steps)

    def choose_fit(self, fit: str) -> None:
        """Choose how the pictures become square."""
        config = self._session.training.state.config
        self._setup.show_and_set_up(with_values(config, {"data.fit": fit}))

    def leave_out(self, *names: str) -> None:
        """Train without the pictures that have these names."""
        config = self._session.training.state.config
        self._setup.show_and_set_up(with_values(config, {"data.leave_out": leaving_out(config.data, names)}))

    def leave_copies_out(self) -> None:
        """Train without the near-duplicates that were found."""
        self.leave_out(*self._copies_left())

    def bring_back(self) -> None:
        """Train again on what was left out by hand."""
        config = self._session.training.state.config
        self._setup.show_and_set_up(with_values(config, {"data.leave_out": ""}))

    def choose_others(self) -> None:
        """Go back to pictures that come with the program: those of the preset, if it has such pictures."""
        own = preset_or_default(self._session.training.state.config.preset).config.data.source
        self._setup.choose_source(own if own in KNOWN_SETS else load_preset(DEFAULT).config.data.source)


def without_what_changes_nothing(data: DataConfig) -> DataConfig:
    """Return the settings that decide which pictures are compared: near-duplicates stay the same under the others."""
    kept = DataConfig(source=data.source)
    chosen = {name: getattr(data, name) for name in ("classes", "most", "member", "layout")}
    return kept.model_copy(update=chosen)
