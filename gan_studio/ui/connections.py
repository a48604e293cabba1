"""Every connection between widgets, what a person wants, and the session: one list, in parts."""

from functools import partial

from PySide6.QtCore import Qt

from gan_studio.ui.presenters.care_presenter import CarePresenter
from gan_studio.ui.presenters.fault_presenter import FaultPresenter
from gan_studio.ui.presenters.history_presenter import HistoryPresenter
from gan_studio.ui.presenters.run_intents import RunIntents
from gan_studio.ui.presenters.run_presenter import RunPresenter
from gan_studio.ui.presenters.setup_intents import SetupIntents
from gan_studio.ui.presenters.setup_presenter import SetupPresenter
from gan_studio.ui.presenters.space_intents import SpaceIntents
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession


def connect_views(
    session: StudioSession,
    views: Views,
    intents: RunIntents,
    presenter: RunPresenter,
    setup_intents: SetupIntents,
    setup_presenter: SetupPresenter,
) -> None:
    """Connect everything but what the window does with itself."""
    _connect_actions(session, views, intents)
    _connect_widgets(session, views, intents, presenter)
    _connect_training(session, views, presenter)
    _connect_others(session, views, presenter)
    _connect_setup(session, views, setup_intents, setup_presenter)
    _connect_space(session, views, presenter)


def _connect_actions(session: StudioSession, views: Views, intents: RunIntents) -> None:
    """Connect menus and toolbar buttons."""
    actions, training = views.actions, session.training
    actions["startAction"].triggered.connect(intents.start)
    actions["pauseAction"].triggered.connect(training.pause)
    actions["stepAction"].triggered.connect(training.step_once)
    actions["stopAction"].triggered.connect(training.stop)
    actions["sampleNowAction"].triggered.connect(training.sample_now)
    actions["checkpointNowAction"].triggered.connect(training.checkpoint_now)
    actions["newRunAction"].triggered.connect(intents.new_run)
    actions["openRunAction"].triggered.connect(intents.choose_run)
    actions["openPicturesAction"].triggered.connect(intents.choose_folder)
    actions["saveSheetAction"].triggered.connect(intents.save_sheet)
    actions["showFolderAction"].triggered.connect(intents.show_folder)
    actions["trainTabAction"].triggered.connect(partial(views.tabs.setCurrentWidget, views.train))
    actions["exploreTabAction"].triggered.connect(partial(views.tabs.setCurrentWidget, views.explore))


def _connect_widgets(session: StudioSession, views: Views, intents: RunIntents, presenter: RunPresenter) -> None:
    """Connect what a person does in a widget."""
    training, exploring = session.training, session.exploring
    toolbar, train, explore = views.toolbar, views.train, views.explore
    toolbar.preset_chosen.connect(intents.choose_preset)
    toolbar.source_chosen.connect(intents.choose_source)
    toolbar.folder_wanted.connect(intents.choose_folder)
    toolbar.device_chosen.connect(training.set_device)
    views.setup.config_changed.connect(intents.set_up)
    views.setup.knob_changed.connect(training.set_knob)
    views.setup.folder_wanted.connect(intents.choose_folder)
    views.notices.action_triggered.connect(intents.answer_notice)
    views.welcome.starter_wanted.connect(intents.start_starter)
    views.welcome.folder_wanted.connect(intents.choose_folder)
    views.welcome.run_wanted.connect(intents.choose_run)
    views.welcome.recent_wanted.connect(intents.open_run)
    train.sample_clicked.connect(intents.open_sample)
    train.sheet_requested.connect(presenter.ask_sheet)
    train.live_requested.connect(presenter.ask_newest_sheet)
    train.sample_now_requested.connect(training.sample_now)
    train.save_sheet_requested.connect(intents.save_sheet)
    explore.picture_wanted.connect(exploring.draw)
    explore.neighbours_wanted.connect(exploring.draw_neighbours)
    explore.source_chosen.connect(exploring.choose)
    explore.save_requested.connect(intents.save_picture)
    views.tabs.currentChanged.connect(presenter.follow_weights)


def _connect_training(session: StudioSession, views: Views, presenter: RunPresenter) -> None:
    """Connect what training tells."""
    training, train = session.training, views.train
    training.state_changed.connect(presenter.show_state)
    training.state_changed.connect(presenter.follow_weights)
    training.progressed.connect(presenter.follow_progress)
    training.loading.connect(presenter.show_loading)
    training.run_opened.connect(presenter.show_run_opened)
    training.metrics_logged.connect(train.append_metrics)
    training.samples_drawn.connect(presenter.show_samples)
    training.sheet_saved.connect(presenter.add_sheet)
    training.snapshot_saved.connect(presenter.add_snapshot)
    training.knob_changed.connect(views.setup.set_knob)
    training.checkpoint_saved.connect(views.status.set_checkpoint)
    training.noticed.connect(presenter.show_notice)


def _connect_others(session: StudioSession, views: Views, presenter: RunPresenter) -> None:
    """Connect what the explorer and the library tell."""
    exploring, library, explore = session.exploring, session.library, views.explore
    exploring.model_opened.connect(presenter.show_model)
    exploring.picture_drawn.connect(explore.show_picture)
    exploring.neighbours_drawn.connect(explore.show_neighbours)
    exploring.failed.connect(presenter.show_not_drawn)
    library.engine_loaded.connect(presenter.show_devices)
    library.sheet_read.connect(presenter.show_past_sheet)
    library.disk_read.connect(presenter.show_disk)
    library.recent_read.connect(presenter.show_recent)
    library.picture_saved.connect(presenter.show_saved)
    library.not_read.connect(presenter.show_not_read)
    session.contents_shown.connect(presenter.show_contents)
    session.refused.connect(presenter.show_refusal)


def _connect_setup(session: StudioSession, views: Views, intents: SetupIntents, presenter: SetupPresenter) -> None:
    """Connect what concerns set-ups as a whole, and the pictures of the next run."""
    actions, library = views.actions, session.library
    actions["openPictureFileAction"].triggered.connect(intents.choose_file)
    actions["fineTuneAction"].triggered.connect(intents.choose_origin)
    actions["savePresetAction"].triggered.connect(intents.save_preset)
    actions["importSetupAction"].triggered.connect(intents.import_setup)
    actions["exportSetupAction"].triggered.connect(intents.export_setup)
    actions["copyCommandAction"].triggered.connect(intents.copy_command)
    views.toolbar.file_wanted.connect(intents.choose_file)
    views.setup.file_wanted.connect(intents.choose_file)
    views.setup.fine_tune_removed.connect(intents.forget_origin)
    views.notices.action_triggered.connect(intents.answer_notice)
    session.training.state_changed.connect(presenter.show_state)
    session.training.data_ready.connect(presenter.show_data_ready)
    session.training.progressed.connect(presenter.follow_speed)
    library.preview_read.connect(presenter.show_preview)
    library.engine_loaded.connect(presenter.take_engine)
    library.speed_measured.connect(presenter.show_speed)
    views.setup.part_folded.connect(presenter.keep_fold)
    library.setup_read.connect(intents.take_setup)
    library.setup_written.connect(presenter.show_written)
    library.preset_saved.connect(presenter.show_presets)
    library.preset_saved.connect(intents.take_saved_preset)


def _connect_space(session: StudioSession, views: Views, presenter: RunPresenter) -> None:
    """Connect what concerns the room that a run takes."""
    library, space = session.library, SpaceIntents(session, views, views.tabs.window())
    views.actions["freeSpaceAction"].triggered.connect(space.open)
    session.training.state_changed.connect(space.show_state)
    library.spare_read.connect(space.show_spare)
    library.space_freed.connect(space.show_freed)
    library.space_freed.connect(presenter.show_freed)
    library.not_read.connect(space.show_not_read)


def connect_history(session: StudioSession, views: Views, presenter: HistoryPresenter) -> None:
    """Connect the history of the run, and going back in it."""
    training, library = session.training, session.library
    views.actions["rollBackAction"].triggered.connect(views.history.reveal)
    views.history.panel.checkpoint_wanted.connect(presenter.go_back)
    training.state_changed.connect(presenter.show_state)
    training.progressed.connect(presenter.show_now)
    training.run_opened.connect(presenter.show_run_opened)
    training.branch_begun.connect(presenter.show_branch)
    training.checkpoint_saved.connect(presenter.read_soon)
    training.noticed.connect(presenter.show_refused)
    training.became_not_finite.connect(presenter.show_not_finite)
    library.history_read.connect(presenter.show_history)
    library.way_read.connect(presenter.show_way)
    library.space_freed.connect(presenter.read_soon)
    session.contents_shown.connect(presenter.show_contents)


def connect_faults(session: StudioSession, presenter: FaultPresenter) -> None:
    """Connect what disk, machine and arithmetic do to a run; after connect_views, whose words on its state it mends."""
    training = session.training
    training.state_changed.connect(presenter.show_state)
    training.saving_failed.connect(presenter.show_saving_failed)
    training.saving_recovered.connect(presenter.show_saving_recovered)
    training.became_not_finite.connect(presenter.show_not_finite)
    training.failed.connect(presenter.show_failure)


def connect_care(session: StudioSession, views: Views, presenter: CarePresenter) -> None:
    """Connect what concerns the program itself: faults, crashes, reports, sleep."""
    care, actions = session.care, views.actions
    actions["createReportAction"].triggered.connect(presenter.choose_report)
    actions["keepAwakeAction"].toggled.connect(presenter.choose_awake)
    views.notices.action_triggered.connect(presenter.answer_notice)
    session.training.state_changed.connect(presenter.follow_run)
    care.fault_met.connect(presenter.show_fault, Qt.ConnectionType.QueuedConnection)  # it may be met amid a painting
    care.crashes_found.connect(presenter.show_crashes)
    care.report_written.connect(presenter.show_written)
    care.not_written.connect(presenter.show_not_written)
