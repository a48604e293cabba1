"""The table of actions: it feeds the menus, the toolbar and the shortcuts."""

from dataclasses import dataclass

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class ActionSpec:
    """One thing that a person can do.

    Attributes:
        name: object name of the QAction.
        menu: name of the menu it stands in.
        text, tip: English, translated where they are shown.
        icon: name of an icon, or "".
        shortcut: key sequence, or "".
        checkable: whether it is on or off.
    """

    name: str
    menu: str
    text: str
    tip: str
    icon: str = ""
    shortcut: str = ""
    checkable: bool = False


_N = QT_TRANSLATE_NOOP

MENUS: tuple[tuple[str, str], ...] = (
    ("fileMenu", _N("Actions", "&File")),
    ("runMenu", _N("Actions", "&Run")),
    ("viewMenu", _N("Actions", "&View")),
    ("helpMenu", _N("Actions", "&Help")),
)
"""Object name and English title of each menu, in order."""

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "newRunAction",
        "fileMenu",
        _N("Actions", "&New run"),
        _N("Actions", "Let go of the open run and set up another."),
        "file-plus-outline",
        "Ctrl+N",
    ),
    ActionSpec(
        "openRunAction",
        "fileMenu",
        _N("Actions", "&Open run…"),
        _N("Actions", "Open the folder of an earlier run, to look at it, explore it or go on with it."),
        "folder-open-outline",
        "Ctrl+O",
    ),
    ActionSpec(
        "openPicturesAction",
        "fileMenu",
        _N("Actions", "&Choose pictures…"),
        _N("Actions", "Train the next run on a folder of your own pictures."),
        "image-multiple-outline",
        "Ctrl+I",
    ),
    ActionSpec(
        "openPictureFileAction",
        "fileMenu",
        _N("Actions", "Choose a file of pict&ures…"),
        _N("Actions", "Train the next run on the pictures in a .zip, an array (.npz, .npy) or a video."),
        "folder-zip-outline",
        "Ctrl+Shift+I",
    ),
    ActionSpec(
        "fineTuneAction",
        "fileMenu",
        _N("Actions", "Fine-&tune from a run…"),
        _N("Actions", "Begin the next run with the weights of an earlier one, or of a .safetensors file."),
        "source-branch",
    ),
    ActionSpec(
        "savePresetAction",
        "fileMenu",
        _N("Actions", "Save as &preset…"),
        _N("Actions", "Keep the set-up in the dock under a name, among the presets of the toolbar."),
        "bookmark-plus-outline",
        "Ctrl+Shift+S",
    ),
    ActionSpec(
        "importSetupAction",
        "fileMenu",
        _N("Actions", "&Import set-up…"),
        _N("Actions", "Take the set-up of the next run from a TOML file, such as the run.toml of a run."),
        "import",
    ),
    ActionSpec(
        "exportSetupAction",
        "fileMenu",
        _N("Actions", "&Export set-up…"),
        _N("Actions", "Write the set-up in the dock into a TOML file, for the command line or another machine."),
        "export",
    ),
    ActionSpec(
        "copyCommandAction",
        "fileMenu",
        _N("Actions", "Copy command &line"),
        _N("Actions", "Copy the gan-studio command that trains by the set-up in the dock."),
        "console-line",
        "Ctrl+Shift+C",
    ),
    ActionSpec(
        "saveSheetAction",
        "fileMenu",
        _N("Actions", "&Save sample sheet…"),
        _N("Actions", "Save the sheet in sight as a PNG picture."),
        "content-save-outline",
        "Ctrl+S",
    ),
    ActionSpec(
        "showFolderAction",
        "fileMenu",
        _N("Actions", "Show run &folder"),
        _N("Actions", "Show the files of the open run in the file manager."),
        "folder-outline",
    ),
    ActionSpec(
        "freeSpaceAction",
        "fileMenu",
        _N("Actions", "Free sp&ace…"),
        _N("Actions", "See what of the open run can go, and delete it."),
        "broom",
    ),
    ActionSpec("quitAction", "fileMenu", _N("Actions", "&Quit"), _N("Actions", "Close the window."), "", "Ctrl+Q"),
    ActionSpec(
        "startAction",
        "runMenu",
        _N("Actions", "&Start"),
        _N("Actions", "Begin a run, or go on with the open one."),
        "play",
        "Ctrl+R",
    ),
    ActionSpec(
        "pauseAction",
        "runMenu",
        _N("Actions", "&Pause"),
        _N("Actions", "Hold after the step in hand. The networks stay in memory, and exploring goes on."),
        "pause",
        "Ctrl+P",
    ),
    ActionSpec(
        "stepAction",
        "runMenu",
        _N("Actions", "S&tep"),
        _N("Actions", "Do one single step while paused."),
        "skip-next",
        "Ctrl+Right",
    ),
    ActionSpec(
        "stopAction",
        "runMenu",
        _N("Actions", "St&op"),
        _N("Actions", "Save a checkpoint and end. Start goes on from it at any time."),
        "stop",
        "Ctrl+.",
    ),
    ActionSpec(
        "sampleNowAction",
        "runMenu",
        _N("Actions", "Sample &now"),
        _N("Actions", "Draw and keep a sample sheet of the present generator."),
        "camera-outline",
        "F6",
    ),
    ActionSpec(
        "checkpointNowAction",
        "runMenu",
        _N("Actions", "Save &checkpoint now"),
        _N("Actions", "Write everything that going on needs to the disk."),
        "content-save-check-outline",
        "F7",
    ),
    ActionSpec(
        "keepAwakeAction",
        "runMenu",
        _N("Actions", "Keep the computer &awake while training"),
        _N("Actions", "The computer does not go to sleep by itself while a run trains; its screen may."),
        checkable=True,
    ),
    ActionSpec(
        "rollBackAction",
        "runMenu",
        _N("Actions", "Go &back…"),
        _N("Actions", "Choose a kept checkpoint to go back to. A new branch begins there, and nothing is lost."),
        "history",
        "Ctrl+H",
    ),
    ActionSpec("trainTabAction", "viewMenu", _N("Actions", "&Train"), _N("Actions", "Watch the run."), "", "Ctrl+1"),
    ActionSpec(
        "exploreTabAction",
        "viewMenu",
        _N("Actions", "&Explore"),
        _N("Actions", "Walk the latent space."),
        "",
        "Ctrl+2",
    ),
    ActionSpec(
        "lightThemeAction",
        "viewMenu",
        _N("Actions", "&Light"),
        _N("Actions", "Dark text on a light window."),
        checkable=True,
    ),
    ActionSpec(
        "darkThemeAction",
        "viewMenu",
        _N("Actions", "&Dark"),
        _N("Actions", "Light text on a dark window."),
        checkable=True,
    ),
    ActionSpec(
        "systemThemeAction",
        "viewMenu",
        _N("Actions", "As the &system"),
        _N("Actions", "Light or dark as the desktop is."),
        checkable=True,
    ),
    ActionSpec(
        "resetLayoutAction",
        "viewMenu",
        _N("Actions", "&Reset layout"),
        _N("Actions", "Put the set-up dock and the window back where they were at first."),
    ),
    ActionSpec(
        "createReportAction",
        "helpMenu",
        _N("Actions", "Create &report…"),
        _N("Actions", "Write what is needed to mend a mistake of the program into a zip, without names or pictures."),
        "bug-outline",
    ),
    ActionSpec("aboutAction", "helpMenu", _N("Actions", "&About GAN Studio"), _N("Actions", "Version and licence.")),
)
"""Every action, in the order of the menus."""
