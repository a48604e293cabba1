"""English templates of what the known sets of pictures say: titles, faults, what to do."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

KNOWN_SETS_TEMPLATES: dict[str, str] = {
    # Titles
    "known.starter.fashion-mnist": QT_TRANSLATE_NOOP("Engine", "Fashion-MNIST (starter set)"),
    "known.starter.mnist": QT_TRANSLATE_NOOP("Engine", "MNIST digits (starter set)"),
    "known.starter.emoji": QT_TRANSLATE_NOOP("Engine", "Noto emoji, colour (starter set)"),
    "known.torchvision.mnist": QT_TRANSLATE_NOOP("Engine", "MNIST, all (12 MB download)"),
    "known.torchvision.fashion-mnist": QT_TRANSLATE_NOOP("Engine", "Fashion-MNIST, all (31 MB download)"),
    "known.torchvision.cifar10": QT_TRANSLATE_NOOP("Engine", "CIFAR-10, colour (170 MB download)"),
    # Faults
    "known.no_such_set": QT_TRANSLATE_NOOP("Engine", "There is no set of pictures called {source}."),
    "known.not_to_be_had": QT_TRANSLATE_NOOP(
        "Engine", "{source} is not on this machine and could not be downloaded: {reason}"
    ),
    "known.not_saved": QT_TRANSLATE_NOOP(
        "Engine", "{source} was downloaded but could not be saved in {folder}: {error}."
    ),
    "known.starter_damaged": QT_TRANSLATE_NOOP(
        "Engine", "{source}, which comes with the program, cannot be read: {error}."
    ),
    "known.two_faults": QT_TRANSLATE_NOOP("Engine", "{first} {last}"),
    "known.no_mirror": QT_TRANSLATE_NOOP("Engine", "no server offers it."),
    "known.mirror_failed": QT_TRANSLATE_NOOP("Engine", "{host} could not be read ({error})."),
    "known.mirror_other_content": QT_TRANSLATE_NOOP("Engine", "what {host} sent is not {name} as it was published."),
    "known.copy_other_content": QT_TRANSLATE_NOOP("Engine", "{path} is not the file that was published."),
    "known.copy_unreadable": QT_TRANSLATE_NOOP("Engine", "{path} cannot be read ({error})."),
    # What to do
    "todo.choose_known": QT_TRANSLATE_NOOP("Engine", "Choose one of: {names}."),
    "todo.connect_or_put_files": QT_TRANSLATE_NOOP(
        "Engine", "Connect to the network and try again, or put {files} into {folder} by hand."
    ),
    "todo.free_disk": QT_TRANSLATE_NOOP(
        "Engine", "Make room there, or name another folder in the environment variable GAN_STUDIO_DATASETS."
    ),
    "todo.install_again": QT_TRANSLATE_NOOP("Engine", "Install GAN Studio again."),
}
"""Message key to English template."""
