"""What is said about sources of pictures: folders, archives, arrays, videos, data sets and downloads."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

PICTURE_TEMPLATES: dict[str, str] = {
    # Why a picture is left out
    "picture.not_a_picture": QT_TRANSLATE_NOOP("Engine", "not a picture that GAN Studio can read"),
    "picture.heif": QT_TRANSLATE_NOOP(
        "Engine", 'a HEIC or HEIF picture; to read it, run pip install "gan-studio[heic]"'
    ),
    "picture.other_compression": QT_TRANSLATE_NOOP(
        "Engine", "a TIFF compressed by {name}; save it with LZW or deflate compression"
    ),
    "picture.other_range": QT_TRANSLATE_NOOP(
        "Engine", "its values go from {low} to {high}; they must go from 0 to {most}"
    ),
    "picture.not_a_file": QT_TRANSLATE_NOOP("Engine", "not a regular file"),
    "picture.other_packing": QT_TRANSLATE_NOOP("Engine", "compressed by a method other than deflate"),
    "picture.encrypted": QT_TRANSLATE_NOOP("Engine", "encrypted"),
    "picture.unreadable": QT_TRANSLATE_NOOP("Engine", "no permission to read it"),
    "picture.too_many_bytes": QT_TRANSLATE_NOOP("Engine", "larger than {most}"),
    "picture.too_large": QT_TRANSLATE_NOOP("Engine", "more than {most} million pixels"),
    "picture.not_read": QT_TRANSLATE_NOOP("Engine", "could not be read: {error}"),
    "picture.damaged": QT_TRANSLATE_NOOP("Engine", "damaged: {error}"),
    "picture.no_such_frame": QT_TRANSLATE_NOOP("Engine", "the video ends before this frame"),
    "picture.folder_unreadable": QT_TRANSLATE_NOOP("Engine", "a folder that cannot be read: {error}"),
    # What was found in the pictures that were decoded
    "picture.converted": QT_TRANSLATE_NOOP(
        "Engine",
        "Converted to sRGB, because they have another colour profile or gamma: {count} of the {total} pictures read.",
    ),
    "picture.bad_profile": QT_TRANSLATE_NOOP(
        "Engine",
        "A colour profile that is damaged or does not fit was ignored in {count} of the {total} pictures read.",
    ),
    "picture.first_frame": QT_TRANSLATE_NOOP(
        "Engine", "Only the first frame or page is used where there are several: {count} of the {total} pictures read."
    ),
    "picture.opaque": QT_TRANSLATE_NOOP(
        "Engine", "Read as opaque, because their opacity is 0 everywhere: {count} of the {total} pictures read (BMP)."
    ),
    "picture.masks": QT_TRANSLATE_NOOP(
        "Engine", "Every picture read holds only the values 0 and 1, which were taken as black and white."
    ),
    # What lies in a folder or in an archive
    "data.parts": QT_TRANSLATE_NOOP(
        "Engine", "Pictures in {train} are trained on; those in {held_out} ({count}) are held out."
    ),
    "data.beside_parts": QT_TRANSLATE_NOOP(
        "Engine", "Not used, because they lie outside the folders {parts}: {count} pictures (the first: {name})."
    ),
    "data.held_out_without_class": QT_TRANSLATE_NOOP(
        "Engine", "Not used, because they are in none of the classes to train on: {count} pictures in {parts}."
    ),
    "data.names_guessed": QT_TRANSLATE_NOOP(
        "Engine", "The archive does not say how its names are encoded; {charset} was guessed."
    ),
    "data.not_read": QT_TRANSLATE_NOOP("Engine", "Not read, because the endings are not a picture's: {endings}."),
    "data.not_read_picture": QT_TRANSLATE_NOOP(
        "Engine", "Not read, because the formats are unknown: {endings}. Save these pictures as PNG or JPEG."
    ),
    "data.not_read_heif": QT_TRANSLATE_NOOP(
        "Engine", 'Not read: {endings}. To read these pictures, run pip install "gan-studio[heic]".'
    ),
    "data.no_ending": QT_TRANSLATE_NOOP("Engine", "Not read, because their names have no ending: {count} files."),
    "data.unread_folders": QT_TRANSLATE_NOOP(
        "Engine", "Folders without a picture that can be read are no classes: {names}."
    ),
    "data.empty_folders": QT_TRANSLATE_NOOP("Engine", "Empty folders are no classes: {names}."),
    "data.archives_inside": QT_TRANSLATE_NOOP(
        "Engine", "Not opened, because an archive is only read as the source itself: {names}."
    ),
    "data.runs_inside": QT_TRANSLATE_NOOP(
        "Engine", "Passed over, because they are the folders of runs and hold samples: {names}."
    ),
    "data.dead_links": QT_TRANSLATE_NOOP("Engine", "Links to what does not exist: {names}."),
    "data.ring_links": QT_TRANSLATE_NOOP(
        "Engine", "Not followed, because they are links to a folder that holds the link itself: {names}."
    ),
    "data.known_links": QT_TRANSLATE_NOOP(
        "Engine", "Not followed, because they lead to a folder that is read already: {names}."
    ),
    "data.archive_links": QT_TRANSLATE_NOOP("Engine", "Links in an archive are not followed: {names}."),
    "data.classes_without_pictures": QT_TRANSLATE_NOOP("Engine", "Classes without a picture to train on: {names}."),
    # Sources
    "data.no_such_folder": QT_TRANSLATE_NOOP("Engine", "There is no folder {folder}."),
    "data.no_such_file": QT_TRANSLATE_NOOP("Engine", "There is no file {path}."),
    "data.unknown_kind": QT_TRANSLATE_NOOP(
        "Engine", "{path} is not a kind of file that GAN Studio takes pictures from."
    ),
    "data.no_picture_files": QT_TRANSLATE_NOOP("Engine", "{source} holds no picture that GAN Studio can read."),
    "data.no_picture_files_because": QT_TRANSLATE_NOOP(
        "Engine", "{source} holds no picture that GAN Studio can read. {reason}"
    ),
    "data.too_few": QT_TRANSLATE_NOOP("Engine", "{source} holds fewer than two pictures to train on."),
    "data.none_read": QT_TRANSLATE_NOOP(
        "Engine", "Fewer than two of the {count} pictures in {source} could be read. The first fault: {reason}."
    ),
    "data.many_left_out": QT_TRANSLATE_NOOP(
        "Engine", "{bad} of {total} pictures cannot be used, which is more than a tenth. The first: {name} ({reason})."
    ),
    "data.bad_archive": QT_TRANSLATE_NOOP("Engine", "The archive {path} cannot be read: {error}."),
    "data.overlapping": QT_TRANSLATE_NOOP("Engine", "its members overlap, as in a decompression bomb"),
    "data.too_many_members": QT_TRANSLATE_NOOP("Engine", "it holds more than {most} members"),
    "todo.choose_source": QT_TRANSLATE_NOOP(
        "Engine",
        "Choose a folder of pictures, a .zip, an array (.npz, .npy, .mat, IDX), a table (.csv, .parquet) or a video.",
    ),
    "todo.choose_file": QT_TRANSLATE_NOOP("Engine", "Choose a file that exists."),
    "todo.other_source": QT_TRANSLATE_NOOP("Engine", "Choose other pictures, or repair the file."),
    "todo.more_pictures": QT_TRANSLATE_NOOP(
        "Engine", "Choose a source with more pictures, allow more classes, or raise the picture limit."
    ),
    "data.left_out_by_hand": QT_TRANSLATE_NOOP("Engine", "Pictures left out by hand: {count}."),
    "data.not_there": QT_TRANSLATE_NOOP("Engine", "{name} should be left out, but no picture has this name."),
    # What to expect before a start
    "advice.few": QT_TRANSLATE_NOOP(
        "Engine",
        "{count} pictures are few: D would learn them by heart, and G would learn nothing more. This preset changes every"
        " picture that D sees, so that it cannot.",
    ),
    "advice.cpu": QT_TRANSLATE_NOOP(
        "Engine", "{count} pictures are enough for plain training. This preset shows results on a CPU within minutes."
    ),
    "advice.gpu_small": QT_TRANSLATE_NOOP(
        "Engine", "{count} small pictures are enough for a wide network, which a GPU trains in reasonable time."
    ),
    "advice.gpu": QT_TRANSLATE_NOOP(
        "Engine", "{count} pictures are enough for the networks that most published results use, at 64 × 64 on a GPU."
    ),
    "advice.preset": QT_TRANSLATE_NOOP("Engine", "Recommended: --preset {name}. {reason}"),
    "advice.long": QT_TRANSLATE_NOOP(
        "Engine",
        "On this machine all {steps} steps will take about {time}, and the first samples about {first} (estimated)."
        " --preset quickstart is made for a CPU.",
    ),
    # What the set-up takes from the pictures
    "data.taken.pictures": QT_TRANSLATE_NOOP("Engine", "Taken from the pictures: {settings}."),
    "data.taken.origin": QT_TRANSLATE_NOOP("Engine", "Taken from {path}, so that its weights fit: {settings}."),
    "data.taken.both": QT_TRANSLATE_NOOP("Engine", "{first}, {second}"),
    "data.taken.channels.1": QT_TRANSLATE_NOOP("Engine", "grey, 1 channel"),
    "data.taken.channels.3": QT_TRANSLATE_NOOP("Engine", "colour, 3 channels"),
    "data.taken.channels.4": QT_TRANSLATE_NOOP("Engine", "colour and transparency, 4 channels"),
    "data.taken.size": QT_TRANSLATE_NOOP("Engine", "{size} × {size} px"),
    # Classes
    "data.no_classes": QT_TRANSLATE_NOOP("Engine", "The pictures of {source} have no classes to choose from."),
    "data.no_such_class": QT_TRANSLATE_NOOP("Engine", "{source} has no class called {name}."),
    "data.one_beside": QT_TRANSLATE_NOOP(
        "Engine", "The folders are not taken as classes, because {name} lies beside them."
    ),
    "data.many_beside": QT_TRANSLATE_NOOP(
        "Engine", "The folders are not taken as classes, because {count} pictures lie beside them (the first: {name})."
    ),
    "data.no_labels": QT_TRANSLATE_NOOP(
        "Engine", "A class-conditional run needs labels, and the pictures of {source} have none."
    ),
    "data.no_labels_because": QT_TRANSLATE_NOOP(
        "Engine", "A class-conditional run needs labels, and the pictures of {source} have none. {note}"
    ),
    "todo.no_class_filter": QT_TRANSLATE_NOOP("Engine", "Leave the setting Classes empty."),
    # Other pictures than at the start of the run
    "data.other_pictures": QT_TRANSLATE_NOOP("Engine", "the pictures of {source}"),
    "data.changed": QT_TRANSLATE_NOOP(
        "Engine", "The pictures of {source} are not those that the run began with: {differences}."
    ),
    "data.difference.count": QT_TRANSLATE_NOOP("Engine", "{now} instead of {before} pictures"),
    "data.difference.classes": QT_TRANSLATE_NOOP("Engine", "the classes {now} instead of {before}"),
    "data.difference.pixels": QT_TRANSLATE_NOOP("Engine", "the same number of pictures, but other pixels or labels"),
    # Pictures that were moved
    "data.moved": QT_TRANSLATE_NOOP("Engine", "The pictures of this run can no longer be read. {reason}"),
    "data.bad_source": QT_TRANSLATE_NOOP("Engine", "The pictures cannot have this place: {reason}"),
    "data.nowhere": QT_TRANSLATE_NOOP(
        "Engine", "No {source} was found in the working folder, beside the run or in a folder above it."
    ),
    "data.place_noted": QT_TRANSLATE_NOOP("Engine", "The pictures were at {before} and are now read from {now}."),
    "data.place_not_noted": QT_TRANSLATE_NOOP(
        "Engine", "The new place of the pictures could not be written to run.toml ({error}). Name it again next time."
    ),
    "todo.choose_place": QT_TRANSLATE_NOOP(
        "Engine",
        "To resume the run, put them back there or choose where they are now. It can be explored without them.",
    ),
    "todo.choose_other_place": QT_TRANSLATE_NOOP(
        "Engine",
        "Choose where the pictures of the run are now. Without a choice they are looked for where the run had them.",
    ),
    "todo.choose_place_or_go_on": QT_TRANSLATE_NOOP(
        "Engine",
        "Choose where the pictures of the run are now, put them back where the run had them and start, or go on with"
        " these.",
    ),
    "todo.go_on_or_begin": QT_TRANSLATE_NOOP("Engine", "Go on with the pictures as they are now, or begin a new run."),
    "todo.put_back_or_name": QT_TRANSLATE_NOOP(
        "Engine", "Put them back there, or say where they are now (gan-studio resume DIR --data PLACE)."
    ),
    "todo.name_pictures": QT_TRANSLATE_NOOP(
        "Engine", "Name the place where the pictures of the run are now (gan-studio resume DIR --data PLACE)."
    ),
    # Videos
    "video.no_reader": QT_TRANSLATE_NOOP("Engine", "Reading a video needs PyAV, which is not installed."),
    "video.unreadable": QT_TRANSLATE_NOOP("Engine", "The video {path} cannot be read: {error}."),
    "video.no_pictures": QT_TRANSLATE_NOOP("Engine", "it has no pictures"),
    "todo.install_video": QT_TRANSLATE_NOOP(
        "Engine", 'Run pip install "gan-studio[video]", or choose a folder of pictures.'
    ),
    # The cache of decoded pictures
    "cache.not_written": QT_TRANSLATE_NOOP("Engine", "The decoded pictures could not be saved in {folder} ({error})."),
    "cache.in_memory": QT_TRANSLATE_NOOP(
        "Engine",
        "The decoded pictures could not be saved in {folder} ({error}). They are kept in memory, because they take less than {most}, and are decoded again at the next start.",
    ),
    "cache.too_large": QT_TRANSLATE_NOOP(
        "Engine",
        "The decoded pictures could not be saved in {folder} ({error}), and they take {size}; up to {most} would be kept in memory.",
    ),
    "todo.other_cache": QT_TRANSLATE_NOOP("Engine", "Set GAN_STUDIO_CACHE to a folder that you can write to."),
    "todo.free_cache": QT_TRANSLATE_NOOP(
        "Engine", "Free {size} there, or set GAN_STUDIO_CACHE to a folder on a disk with that much free space."
    ),
    # Data sets: titles
    "known.starter.fashion-mnist": QT_TRANSLATE_NOOP("Engine", "Fashion-MNIST (starter set)"),
    "known.starter.mnist": QT_TRANSLATE_NOOP("Engine", "MNIST digits (starter set)"),
    "known.starter.emoji": QT_TRANSLATE_NOOP("Engine", "Noto emoji, colour (starter set)"),
    "known.torchvision.mnist": QT_TRANSLATE_NOOP("Engine", "MNIST, all (12 MB download)"),
    "known.torchvision.fashion-mnist": QT_TRANSLATE_NOOP("Engine", "Fashion-MNIST, all (31 MB download)"),
    "known.torchvision.cifar10": QT_TRANSLATE_NOOP("Engine", "CIFAR-10, colour (170 MB download)"),
    # Data sets: faults
    "known.no_such_set": QT_TRANSLATE_NOOP("Engine", "There is no data set called {source}."),
    "known.not_to_be_had": QT_TRANSLATE_NOOP(
        "Engine", "{source} is not on this machine and could not be downloaded: {reason}"
    ),
    "known.not_saved": QT_TRANSLATE_NOOP(
        "Engine", "{source} was downloaded but could not be saved in {folder}: {error}."
    ),
    "known.starter_damaged": QT_TRANSLATE_NOOP(
        "Engine", "{source}, which comes with GAN Studio, cannot be read: {error}."
    ),
    "known.two_faults": QT_TRANSLATE_NOOP("Engine", "{first} {last}"),
    "known.no_mirror": QT_TRANSLATE_NOOP("Engine", "no server offers it."),
    "known.mirror_failed": QT_TRANSLATE_NOOP("Engine", "{host} could not be read ({error})."),
    "known.mirror_other_content": QT_TRANSLATE_NOOP("Engine", "what {host} sent is not the published {name}."),
    "known.copy_other_content": QT_TRANSLATE_NOOP("Engine", "{path} is not the file that was published."),
    "known.copy_unreadable": QT_TRANSLATE_NOOP("Engine", "{path} cannot be read ({error})."),
    "todo.choose_known": QT_TRANSLATE_NOOP("Engine", "Choose one of: {names}."),
    "todo.connect_or_put_files": QT_TRANSLATE_NOOP(
        "Engine", "Connect to the network and try again, or put {files} into {folder} by hand."
    ),
    "todo.free_disk": QT_TRANSLATE_NOOP(
        "Engine", "Free disk space there, or name another folder in the environment variable GAN_STUDIO_DATASETS."
    ),
    "todo.install_again": QT_TRANSLATE_NOOP("Engine", "Reinstall GAN Studio."),
}
