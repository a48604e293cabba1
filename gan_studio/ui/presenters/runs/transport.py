"""TransportPresenter: the first button says what it does: start, resume, or train so many steps more."""

from PySide6.QtCore import QObject

from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession
from gan_studio.ui.widgets.number_text import grouped


class TransportPresenter(QObject):
    """Write the text of startAction."""

    def __init__(self, session: StudioSession, views: Views, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._views = session, views

    def follow_progress(self) -> None:
        """Follow the target of a run at rest; while it trains, nothing changes from step to step."""
        if not self._session.training.state.is_busy:
            self.show()

    def show(self) -> None:
        """Say what Start does now."""
        state = self._session.training.state
        more = state.config.training.steps
        start, resume = self.tr("&Start"), self.tr("&Resume")
        train_more = self.tr("Train {count} &more").format(count=grouped(more))
        texts = [text.replace("&", "") for text in (start, resume, train_more)]
        self._views.toolbar.keep_width_for(texts)
        words = self._views.actions.set_words
        if not state.has_run:
            words("startAction", start, self.tr("Start a run with the set-up in the dock."))
        elif state.is_at_its_end:
            tip = self.tr("The run is at its end, step {step}. Train {count} steps more, to step {target}.")
            numbers = {"step": state.step, "count": more, "target": state.step + more}
            words("startAction", train_more, tip.format(**{name: grouped(value) for name, value in numbers.items()}))
        else:
            tip = self.tr("Train on, to step {steps}.").format(steps=grouped(state.steps))
            words("startAction", resume, tip)
