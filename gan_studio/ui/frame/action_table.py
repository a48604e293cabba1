"""The table of actions, from which menus, toolbar and shortcuts are made."""

from dataclasses import dataclass

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class ActionSpec:
    """One action of the window.

    Attributes:
        name: object name of the QAction.
        menu: object name of its menu.
        text, tip: English text and tooltip, translated where they are shown.
        icon: name of an icon, or "".
        shortcut: key sequence, or "".
        checkable: whether it can be switched on and off.
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
        _N("Actions", "Close the open run and set up a new one."),
        "file-plus-outline",
        "Ctrl+N",
    ),
    ActionSpec(
        "openRunAction",
        "fileMenu",
        _N("Actions", "&Open run…"),
        _N("Actions", "Open the folder of an earlier run, to view, explore or resume it."),
        "folder-open-outline",
        "Ctrl+O",
    ),
    ActionSpec(
        "openWeightsAction",
        "fileMenu",
        _N("Actions", "Open &weights…"),
        _N("Actions", "Explore a trained generator without a run: a .safetensors file, or PyTorch weights of a DCGAN."),
        "compass-outline",
        "Ctrl+Shift+O",
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
        _N("Actions", "Train the next run on the pictures in a .zip, an array, a table or a video."),
        "folder-zip-outline",
        "Ctrl+Shift+I",
    ),
    ActionSpec(
        "fineTuneAction",
        "fileMenu",
        _N("Actions", "Fine-&tune from a run…"),
        _N("Actions", "Start the next run from the weights of an earlier run or of a .safetensors file."),
        "source-branch",
    ),
    ActionSpec(
        "presetsAction",
        "fileMenu",
        _N("Actions", "P&resets…"),
        _N("Actions", "Compare the presets, and set up the next run from one: samples, purpose, source and cost."),
        "image-multiple-outline",
    ),
    ActionSpec(
        "savePresetAction",
        "fileMenu",
        _N("Actions", "Save as &preset…"),
        _N("Actions", "Save the set-up under a name. It joins the presets in the toolbar."),
        "bookmark-plus-outline",
        "Ctrl+Shift+S",
    ),
    ActionSpec(
        "importSetupAction",
        "fileMenu",
        _N("Actions", "&Import set-up…"),
        _N("Actions", "Load the set-up of the next run from a TOML file, such as the run.toml of a run."),
        "import",
    ),
    ActionSpec(
        "exportSetupAction",
        "fileMenu",
        _N("Actions", "&Export set-up…"),
        _N("Actions", "Save the set-up as a TOML file, for the command line or another computer."),
        "export",
    ),
    ActionSpec(
        "copyCommandAction",
        "fileMenu",
        _N("Actions", "Copy command &line"),
        _N("Actions", "Copy the gan-studio command that trains with this set-up."),
        "console-line",
        "Ctrl+Shift+C",
    ),
    ActionSpec(
        "saveSheetAction",
        "fileMenu",
        _N("Actions", "&Save sample sheet…"),
        _N("Actions", "Save the sample sheet on screen as a picture."),
        "content-save-outline",
        "Ctrl+S",
    ),
    ActionSpec(
        "showFolderAction",
        "fileMenu",
        _N("Actions", "Show run &folder"),
        _N("Actions", "Show the folder of the open run in the file manager."),
        "folder-outline",
    ),
    ActionSpec(
        "renameRunAction",
        "fileMenu",
        _N("Actions", "Rena&me run…"),
        _N("Actions", "Give the open run another name. Its folder keeps its own."),
        "pencil-outline",
        "F2",
    ),
    ActionSpec(
        "freeSpaceAction",
        "fileMenu",
        _N("Actions", "Free sp&ace…"),
        _N("Actions", "See which files the open run can do without, and delete them."),
        "broom",
    ),
    ActionSpec("quitAction", "fileMenu", _N("Actions", "&Quit"), _N("Actions", "Close the window."), "", "Ctrl+Q"),
    ActionSpec(
        "startAction",
        "runMenu",
        _N("Actions", "&Start"),
        _N("Actions", "Start a run with the set-up in the dock, resume the open run, or train it more at its end."),
        "play",
        "Ctrl+R",
    ),
    ActionSpec(
        "pauseAction",
        "runMenu",
        _N("Actions", "&Pause"),
        _N("Actions", "Pause after the current step. The networks stay in memory, and you can still explore."),
        "pause",
        "Ctrl+P",
    ),
    ActionSpec(
        "stepAction",
        "runMenu",
        _N("Actions", "S&tep"),
        _N("Actions", "Train one step while the run is paused."),
        "skip-next",
        "Ctrl+Right",
    ),
    ActionSpec(
        "stopAction",
        "runMenu",
        _N("Actions", "St&op"),
        _N("Actions", "Save a checkpoint and stop. The run can be resumed from there at any time."),
        "stop",
        "Ctrl+.",
    ),
    ActionSpec(
        "sampleNowAction",
        "runMenu",
        _N("Actions", "Sample &now"),
        _N("Actions", "Draw a sample sheet with the generator as it is now, and keep it."),
        "camera-outline",
        "F6",
    ),
    ActionSpec(
        "checkpointNowAction",
        "runMenu",
        _N("Actions", "Save &checkpoint now"),
        _N("Actions", "Save everything that is needed to resume the run from this step."),
        "content-save-check-outline",
        "F7",
    ),
    ActionSpec(
        "keepAwakeAction",
        "runMenu",
        _N("Actions", "Keep the computer &awake while training"),
        _N("Actions", "The computer does not go to sleep while a run trains. The screen may still turn off."),
        checkable=True,
    ),
    ActionSpec(
        "rollBackAction",
        "runMenu",
        _N("Actions", "Go &back…"),
        _N(
            "Actions",
            "Choose a checkpoint to go back to. A new branch begins there, and the checkpoints of the old one stay.",
        ),
        "history",
        "Ctrl+H",
    ),
    ActionSpec("trainTabAction", "viewMenu", _N("Actions", "&Train"), _N("Actions", "Watch the run."), "", "Ctrl+1"),
    ActionSpec(
        "exploreTabAction",
        "viewMenu",
        _N("Actions", "&Explore"),
        _N("Actions", "Walk through the latent space of the generator."),
        "",
        "Ctrl+2",
    ),
    ActionSpec(
        "findSettingAction",
        "viewMenu",
        _N("Actions", "&Find a setting"),
        _N("Actions", "Search all settings of the run set-up."),
        "magnify",
        "Ctrl+F",
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
        _N("Actions", "Like the &system"),
        _N("Actions", "Light or dark, whichever the desktop uses."),
        checkable=True,
    ),
    ActionSpec(
        "resetLayoutAction",
        "viewMenu",
        _N("Actions", "&Reset layout"),
        _N("Actions", "Return the window and its docks to their original sizes and places."),
    ),
    ActionSpec(
        "keysAction",
        "helpMenu",
        _N("Actions", "&Keys"),
        _N("Actions", "List every key and what it does."),
        "",
        "F1",
    ),
    ActionSpec(
        "createReportAction",
        "helpMenu",
        _N("Actions", "Create &report…"),
        _N("Actions", "Save a zip file that helps to fix a bug in the program. It contains no names and no pictures."),
        "bug-outline",
    ),
    ActionSpec("aboutAction", "helpMenu", _N("Actions", "&About GAN Studio"), _N("Actions", "Version and licence.")),
)
"""Every action, in the order of the menus."""

OTHER_KEYS: tuple[tuple[str, str], ...] = (
    (
        "Space",
        _N(
            "Actions",
            "Pause the run, or resume it, unless a field, a button or a list has the keyboard."
            " Among the samples and the neighbours: choose the picture in the frame.",
        ),
    ),
    ("R", _N("Actions", "In Explore: go to a random point, unless a field has the keyboard.")),
    ("Ctrl+Z", _N("Actions", "In Explore: return to the point before.")),
    ("Ctrl+Shift+Z", _N("Actions", "In Explore: go forward again.")),
    ("Tab", _N("Actions", "Go to the next control: the toolbar, the tab in front, then the docks.")),
    ("Shift+Tab", _N("Actions", "Go to the control before.")),
    ("Esc", _N("Actions", "Dismiss a notice, end a search, or take back what is being typed.")),
)
"""Keys that are in no menu, and what they do."""
