"""Every connection between widgets, presenters and the session, area by area.

Qt calls the slots of a signal in the order in which they were connected. Areas are therefore connected in the order
in which they must hear of a change; `connect_all` says where that matters.
"""

from functools import partial

from PySide6.QtCore import Qt

from gan_studio.ui.presenters.branches import BranchesPresenter
from gan_studio.ui.presenters.everyone import Presenters
from gan_studio.ui.presenters.explorer import ExplorerPresenter
from gan_studio.ui.presenters.faults import FaultPresenter
from gan_studio.ui.presenters.leaving import LeavingPresenter
from gan_studio.ui.presenters.library import LibraryPresenter
from gan_studio.ui.presenters.next_run.before_start import BeforeStartPresenter
from gan_studio.ui.presenters.next_run.origin import OriginPresenter
from gan_studio.ui.presenters.next_run.pictures import PicturesPresenter
from gan_studio.ui.presenters.next_run.setup import SetupPresenter
from gan_studio.ui.presenters.plots import PlotsPresenter
from gan_studio.ui.presenters.program import ProgramPresenter
from gan_studio.ui.presenters.run import RunPresenter
from gan_studio.ui.presenters.runs.earlier import EarlierRunsPresenter
from gan_studio.ui.presenters.runs.moments import MomentsPresenter
from gan_studio.ui.presenters.runs.transport import TransportPresenter
from gan_studio.ui.presenters.samples import SamplesPresenter
from gan_studio.ui.presenters.space import SpacePresenter
from gan_studio.ui.presenters.speed import SpeedPresenter
from gan_studio.ui.presenters.views import Views
from gan_studio.ui.session.studio_session import StudioSession


def connect_all(session: StudioSession, views: Views, presenters: Presenters) -> None:
    """Connect every area with its widgets and with the session.

    The run comes first: it empties the views before the other areas fill them. The faults come after it: while another
    program trains the run, their message replaces that of the run in the status line.
    """
    connect_run(session, views, presenters.run)
    connect_setup(session, views, presenters.setup)
    connect_transport(session, presenters.transport)
    connect_origin(session, views, presenters.origin)
    connect_pictures(session, views, presenters.pictures)
    connect_speed(session, presenters.speed)
    connect_before_start(session, views, presenters.before_start, presenters.run)
    connect_samples(session, views, presenters.samples, presenters.run)
    connect_explorer(session, views, presenters.explorer, presenters.run)
    connect_library(session, views, presenters.library)
    connect_moments(session, presenters.moments)
    connect_space(session, views, presenters.space)
    connect_faults(session, presenters.faults)
    connect_branches(session, views, presenters.branches, presenters.moments)
    connect_plots(session, views, presenters.plots)
    connect_program(session, views, presenters.program)
    connect_leaving(session, presenters.leaving)
    connect_earlier(session, views, presenters.earlier, presenters)
    presenters.setup.changed.connect(presenters.run.take_back_question)


def connect_run(session: StudioSession, views: Views, run: RunPresenter) -> None:
    """Connect starting, opening and leaving runs, and the phase and progress of the open run."""
    actions, training = views.actions, session.training
    actions["startAction"].triggered.connect(run.start)
    actions["pauseAction"].triggered.connect(training.pause)
    actions["stepAction"].triggered.connect(training.step_once)
    actions["stopAction"].triggered.connect(training.stop)
    actions["checkpointNowAction"].triggered.connect(training.checkpoint_now)
    actions["newRunAction"].triggered.connect(run.new_run)
    actions["openRunAction"].triggered.connect(run.choose_run)
    actions["showFolderAction"].triggered.connect(run.show_folder)
    actions["trainTabAction"].triggered.connect(partial(views.tabs.setCurrentWidget, views.train))
    views.welcome.starter_wanted.connect(run.start_starter)
    views.welcome.run_wanted.connect(run.choose_run)
    training.state_changed.connect(run.show_state)
    training.progressed.connect(run.follow_progress)
    training.loading.connect(run.show_loading)
    training.run_opened.connect(run.show_run_opened)
    training.metrics_logged.connect(views.train.append_metrics)
    training.checkpoint_saved.connect(run.show_checkpoint)
    training.noticed.connect(run.show_notice)
    session.contents_shown.connect(run.show_contents)
    session.refused.connect(run.show_refusal)


def connect_setup(session: StudioSession, views: Views, setup: SetupPresenter) -> None:
    """Connect the set-up of the next run, and the live settings of the open one."""
    actions, training, library = views.actions, session.training, session.library
    actions["savePresetAction"].triggered.connect(setup.save_preset)
    actions["importSetupAction"].triggered.connect(setup.import_setup)
    actions["exportSetupAction"].triggered.connect(setup.export_setup)
    actions["copyCommandAction"].triggered.connect(setup.copy_command)
    views.toolbar.preset_chosen.connect(setup.choose_preset)
    views.toolbar.device_chosen.connect(training.set_device)
    views.setup.config_changed.connect(setup.set_up_by_hand)
    views.setup.knob_changed.connect(training.set_knob)
    views.setup.part_folded.connect(setup.keep_fold)
    training.state_changed.connect(setup.show_state)
    training.pictures_followed.connect(setup.show_taken)
    training.run_opened.connect(setup.show_run_opened)
    training.knob_changed.connect(views.setup.set_knob)
    training.target_moved.connect(partial(views.setup.set_knob, "steps"))
    for listed in (library.engine_loaded, library.devices_listed):
        listed.connect(setup.show_devices)
    library.device_missed.connect(setup.show_device_missed)
    library.setup_read.connect(setup.take_setup)
    library.setup_written.connect(setup.show_written)
    library.preset_saved.connect(setup.show_saved_preset)
    session.contents_shown.connect(setup.show_contents)


def connect_transport(session: StudioSession, transport: TransportPresenter) -> None:
    """Connect what the first button says."""
    session.training.state_changed.connect(transport.show)
    session.training.target_moved.connect(transport.show)
    session.training.progressed.connect(transport.follow_progress)


def connect_origin(session: StudioSession, views: Views, origin: OriginPresenter) -> None:
    """Connect what the next run fine-tunes from."""
    session.library.starts_read.connect(origin.show_starts)
    session.library.kept_read.connect(origin.show_kept)
    session.library.run_renamed.connect(origin.show_renamed)
    session.training.state_changed.connect(origin.show_state)
    views.actions["fineTuneAction"].triggered.connect(origin.choose)
    views.setup.fine_tune_removed.connect(origin.forget)


def connect_pictures(session: StudioSession, views: Views, pictures: PicturesPresenter) -> None:
    """Connect the pictures of the next run."""
    actions, library = views.actions, session.library
    actions["openPicturesAction"].triggered.connect(pictures.choose_folder)
    actions["openPictureFileAction"].triggered.connect(pictures.choose_file)
    views.toolbar.source_chosen.connect(pictures.choose_source)
    views.toolbar.folder_wanted.connect(pictures.choose_folder)
    views.toolbar.file_wanted.connect(pictures.choose_file)
    views.setup.folder_wanted.connect(pictures.choose_folder)
    views.setup.file_wanted.connect(pictures.choose_file)
    views.welcome.folder_wanted.connect(pictures.choose_folder)
    session.training.data_ready.connect(pictures.show_data_ready)
    library.preview_read.connect(pictures.show_preview)
    library.not_read.connect(pictures.show_not_done)


def connect_before_start(session: StudioSession, views: Views, before: BeforeStartPresenter, run: RunPresenter) -> None:
    """Connect the page with a person's own pictures, before the start."""
    page, library = views.pictures, session.library
    page.left_out.connect(before.leave_out)
    page.copies_left_out.connect(before.leave_copies_out)
    page.brought_back.connect(before.bring_back)
    page.fit_chosen.connect(before.choose_fit)
    page.preset_wanted.connect(before.use_recommended)
    page.presets_wanted.connect(before.choose_preset)
    page.start_wanted.connect(run.start)
    page.others_wanted.connect(before.choose_others)
    views.actions["presetsAction"].triggered.connect(before.choose_preset)
    session.training.state_changed.connect(before.show_state)
    library.preview_read.connect(before.show_preview)
    library.copies_found.connect(before.show_copies)
    library.not_read.connect(before.show_refusal)
    for listed in (library.engine_loaded, library.devices_listed):
        listed.connect(before.note_devices)
    library.speed_measured.connect(before.show_set_up)


def connect_speed(session: StudioSession, speed: SpeedPresenter) -> None:
    """Connect the measured training speed of this machine."""
    session.training.state_changed.connect(speed.show_state)
    session.training.progressed.connect(speed.follow_run)
    session.training.data_ready.connect(speed.take_data)
    session.library.engine_loaded.connect(speed.take_engine)
    session.library.speed_measured.connect(speed.show_measured)


def connect_samples(session: StudioSession, views: Views, samples: SamplesPresenter, run: RunPresenter) -> None:
    """Connect the sample sheets."""
    training, train = session.training, views.train
    views.actions["sampleNowAction"].triggered.connect(training.sample_now)
    views.actions["saveSheetAction"].triggered.connect(samples.save_sheet)
    train.sheet_requested.connect(samples.ask_sheet)
    train.live_requested.connect(samples.ask_newest_sheet)
    train.sample_now_requested.connect(training.sample_now)
    train.save_sheet_requested.connect(samples.save_sheet)
    train.save_sample_requested.connect(samples.save_sample)
    run.emptied.connect(samples.clear)
    training.state_changed.connect(samples.show_state)
    training.run_opened.connect(samples.show_run_opened)
    training.samples_drawn.connect(samples.show_sheet)
    training.sheet_saved.connect(samples.add_sheet)
    session.library.sheet_read.connect(samples.show_past_sheet)
    session.library.space_freed.connect(samples.show_freed)
    session.contents_shown.connect(samples.show_contents)


def connect_explorer(session: StudioSession, views: Views, explorer: ExplorerPresenter, run: RunPresenter) -> None:
    """Connect the Explore tab."""
    training, exploring, explore = session.training, session.exploring, views.explore
    views.actions["exploreTabAction"].triggered.connect(partial(views.tabs.setCurrentWidget, explore))
    views.tabs.currentChanged.connect(explorer.follow_weights)
    views.train.sample_clicked.connect(explorer.open_sample)
    explore.picture_wanted.connect(exploring.draw)
    explore.neighbours_wanted.connect(exploring.draw_neighbours)
    explore.source_chosen.connect(exploring.choose)
    explore.save_requested.connect(explorer.save_picture)
    run.emptied.connect(explorer.clear)
    training.state_changed.connect(explorer.follow_weights)
    training.snapshot_saved.connect(explorer.add_snapshot)
    training.saving_failed.connect(explorer.stop_waiting)
    exploring.model_opened.connect(explorer.show_model)
    exploring.picture_drawn.connect(explore.show_picture)
    exploring.neighbours_drawn.connect(explore.show_neighbours)
    exploring.failed.connect(explorer.show_not_done)
    session.library.space_freed.connect(explorer.show_freed)
    session.contents_shown.connect(explorer.show_contents)
    session.weights_opened.connect(explorer.show_weights)
    session.weights_given_up.connect(explorer.show_given_up)
    session.library.not_read.connect(explorer.show_not_opened)
    session.refused.connect(explorer.show_given_up)
    views.actions["openWeightsAction"].triggered.connect(explorer.choose_weights)


def connect_earlier(
    session: StudioSession, views: Views, earlier: EarlierRunsPresenter, presenters: Presenters
) -> None:
    """Connect earlier runs and the names of runs. Last of all, a run that was opened for it is trained or explored."""
    views.menus.recent_opening.connect(earlier.list_in_menu)
    views.menus.recent_cleared.connect(earlier.forget)
    views.menus.recent_wanted.connect(earlier.open)
    views.welcome.recent_wanted.connect(earlier.open)
    views.welcome.card_wanted.connect(earlier.do)
    views.actions["renameRunAction"].triggered.connect(earlier.rename_open_run)
    earlier.fine_tune_wanted.connect(presenters.origin.choose_step)
    earlier.start_wanted.connect(presenters.run.start)
    session.training.run_opened.connect(earlier.remember_run)
    session.library.recent_read.connect(earlier.show_read)
    session.library.not_read.connect(earlier.show_not_read)
    session.refused.connect(earlier.forget_opening)
    session.library.run_renamed.connect(earlier.show_renamed)
    session.contents_shown.connect(earlier.remember_run)
    session.contents_shown.connect(earlier.follow_contents)


def connect_moments(session: StudioSession, moments: MomentsPresenter) -> None:
    """Connect what is known of the checkpoints of the run."""
    session.training.state_changed.connect(moments.show_state)
    session.contents_shown.connect(moments.show_contents)
    session.library.history_read.connect(moments.follow)
    session.library.kept_read.connect(moments.take)
    session.library.not_read.connect(moments.give_up)


def connect_library(session: StudioSession, views: Views, library: LibraryPresenter) -> None:
    """Connect sizes on disk, saved and copied pictures, and errors of reading and writing."""
    views.pictures.copied.connect(library.show_copied)
    for shown in (views.train, views.explore):
        shown.copied.connect(library.show_copied)
        shown.smooth_chosen.connect(partial(library.keep_smooth, shown.objectName()))
        shown.share_chosen.connect(partial(library.keep_share, shown.objectName()))
    session.training.run_opened.connect(library.measure)
    session.library.disk_read.connect(library.show_disk)
    session.library.picture_saved.connect(library.show_saved)
    session.library.not_read.connect(library.show_not_done)
    session.library.space_freed.connect(library.measure)
    session.contents_shown.connect(library.measure)


def connect_space(session: StudioSession, views: Views, space: SpacePresenter) -> None:
    """Connect freeing disk space."""
    views.actions["freeSpaceAction"].triggered.connect(space.open)
    session.training.state_changed.connect(space.show_state)
    session.library.spare_read.connect(space.show_spare)
    session.library.space_freed.connect(space.show_freed)
    session.library.not_read.connect(space.show_not_done)


def connect_faults(session: StudioSession, faults: FaultPresenter) -> None:
    """Connect the faults of a run."""
    training = session.training
    training.state_changed.connect(faults.show_state)
    training.saving_failed.connect(faults.show_saving_failed)
    training.saving_recovered.connect(faults.show_saving_recovered)
    training.became_not_finite.connect(faults.show_not_finite)
    training.failed.connect(faults.show_failure)


def connect_branches(
    session: StudioSession, views: Views, branches: BranchesPresenter, moments: MomentsPresenter
) -> None:
    """Connect the branches of the run, and going back."""
    training, library = session.training, session.library
    views.actions["rollBackAction"].triggered.connect(views.history.reveal)
    views.history.panel.checkpoint_wanted.connect(branches.ask_to_go_back)
    training.state_changed.connect(branches.show_state)
    training.progressed.connect(branches.show_now)
    training.run_opened.connect(branches.show_run_opened)
    training.branch_begun.connect(branches.show_branch)
    training.checkpoint_saved.connect(branches.read_soon)
    training.noticed.connect(branches.show_refused)
    training.became_not_finite.connect(branches.show_not_finite)
    moments.known.connect(branches.follow_kept)
    library.history_read.connect(branches.show_history)
    library.way_read.connect(branches.show_way)
    library.space_freed.connect(branches.read_soon)
    session.contents_shown.connect(branches.show_contents)


def connect_plots(session: StudioSession, views: Views, plots: PlotsPresenter) -> None:
    """Connect what the plots show beside the metrics, and what is saved of them."""
    training, library = session.training, session.library
    views.train.plot_choice_made.connect(plots.keep_choice)
    views.train.plot_table_wanted.connect(plots.save_table)
    views.train.plot_picture_wanted.connect(plots.save_picture)
    for changed in (training.run_opened, training.knob_changed, training.target_moved):
        changed.connect(plots.read_soon)
    training.branch_begun.connect(plots.follow_branch)
    training.noticed.connect(plots.read_soon)
    training.became_not_finite.connect(plots.read_soon)
    training.saving_failed.connect(plots.note_saving_failed)
    training.saving_recovered.connect(plots.note_saving_recovered)
    training.failed.connect(plots.note_failure)
    library.marks_read.connect(plots.show_marks)
    library.not_read.connect(plots.show_not_read)
    library.table_written.connect(plots.show_written)
    session.contents_shown.connect(plots.show_contents)


def connect_program(session: StudioSession, views: Views, program: ProgramPresenter) -> None:
    """Connect the program itself: faults, crashes, reports, sleep."""
    watched, actions = session.program, views.actions
    actions["createReportAction"].triggered.connect(program.choose_report)
    actions["keepAwakeAction"].toggled.connect(program.choose_awake)
    session.training.state_changed.connect(program.follow_run)
    watched.fault_met.connect(program.show_fault, Qt.ConnectionType.QueuedConnection)  # a fault may come while painting
    watched.crashes_found.connect(program.show_crashes)
    watched.report_written.connect(program.show_written)
    watched.not_written.connect(program.show_not_done)


def connect_leaving(session: StudioSession, leaving: LeavingPresenter) -> None:
    """Connect closing the window while a run is in training."""
    session.training.run_opened.connect(leaving.note_safe)
    session.training.checkpoint_saved.connect(leaving.note_safe)
    session.training.saving_failed.connect(leaving.stay_where_not_saved)
    session.training.state_changed.connect(leaving.leave_when_ended)
