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
    "data.left_out_by_hand": QT_TRANSLATE_NOOP("Engine", "Left out by hand: {count} pictures."),
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
        "Engine",
        "{count} pictures of about {side} px: enough for a wide network, which a GPU trains in reasonable time.",
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
    "data.taken.one": QT_TRANSLATE_NOOP("Engine", "Taken from the pictures: {first}."),
    "data.taken.both": QT_TRANSLATE_NOOP("Engine", "Taken from the pictures: {first}, {second}."),
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
    "todo.put_back_or_name": QT_TRANSLATE_NOOP(
        "Engine", "Put them back there, or say where they are now (gan-studio resume DIR --data PLACE)."
    ),
    "todo.name_pictures": QT_TRANSLATE_NOOP(
        "Engine", "Name the place where the pictures of the run are now (gan-studio resume DIR --data PLACE)."
    ),
    # Arrays
    "array.unusable": QT_TRANSLATE_NOOP("Engine", "The arrays in {path} cannot be used: {reason}."),
    "array.unreadable": QT_TRANSLATE_NOOP("Engine", "it cannot be read ({error})"),
    "array.no_pictures": QT_TRANSLATE_NOOP(
        "Engine",
        "it holds no array [N, H, W], [N, H, W, C], [N, C, H, W], [H, W, C, N] or [N, H*W*C] with 1, 3 or 4 channels,"
        " but {found}",
    ),
    "array.nothing": QT_TRANSLATE_NOOP("Engine", "nothing"),
    "array.one_picture": QT_TRANSLATE_NOOP("Engine", "it holds one picture, of the shape {shape}, and not several"),
    "array.several": QT_TRANSLATE_NOOP("Engine", "several of its arrays may be the pictures: {names}"),
    "array.no_such_member": QT_TRANSLATE_NOOP("Engine", "it has no array called {name}, but {names}"),
    "array.member_fault": QT_TRANSLATE_NOOP("Engine", "{name} cannot be pictures: {reason}"),
    "array.other_layout": QT_TRANSLATE_NOOP("Engine", "the layout {layout} does not fit {found}"),
    "array.objects": QT_TRANSLATE_NOOP("Engine", "Python objects, which are never loaded"),
    "array.other_type": QT_TRANSLATE_NOOP("Engine", "no array of numbers or text, but {kind}"),
    "array.other_numbers": QT_TRANSLATE_NOOP(
        "Engine", "its numbers are {kind} from {low} to {high}; whole numbers must go from 0 to 255, or be 0 and 1"
    ),
    "array.other_range": QT_TRANSLATE_NOOP(
        "Engine", "its floats go from {low} to {high}; they must go from 0 to 1 or from -1 to 1"
    ),
    "array.too_large": QT_TRANSLATE_NOOP("Engine", "it needs {needed} of memory, and {available} are free"),
    "todo.convert_array": QT_TRANSLATE_NOOP("Engine", "Save the pictures as uint8 in a .npy or .npz file."),
    "todo.state_member": QT_TRANSLATE_NOOP(
        "Engine", "Name the array of pictures in the setting Array (--set data.member=NAME on the command line)."
    ),
    "todo.state_layout": QT_TRANSLATE_NOOP(
        "Engine",
        "Choose an array of several pictures, or set Array layout (--set data.layout=nhwc on the command line).",
    ),
    # How arrays were understood
    "array.pictures": QT_TRANSLATE_NOOP(
        "Engine", "Pictures: {name}, {kind} {shape}, read as {layout}: {count} of {width} × {height}."
    ),
    "array.guessed": QT_TRANSLATE_NOOP(
        "Engine",
        "This layout is a guess, because it makes the smoothest pictures. Array layout (data.layout) states it.",
    ),
    "array.held_out": QT_TRANSLATE_NOOP("Engine", "Held out: {name}, {count} pictures."),
    "array.classes": QT_TRANSLATE_NOOP("Engine", "Labels: {names}; {count} classes."),
    "array.binary": QT_TRANSLATE_NOOP("Engine", "All values are 0 or 1: 0 was read as black and 1 as white."),
    "array.taken_as": QT_TRANSLATE_NOOP("Engine", "The array was read with {low} as black and {high} as white."),
    "array.clipped": QT_TRANSLATE_NOOP("Engine", "Values just outside {low} to {high} were clipped: {values}."),
    "array.one_a_file": QT_TRANSLATE_NOOP("Engine", "Each .npy file was read as one picture, {kind}."),
    "array.one_class_a_file": QT_TRANSLATE_NOOP(
        "Engine", "Each .npy file was read as one class: {count} pictures of {width} × {height} in {classes} classes."
    ),
    "array.cifar": QT_TRANSLATE_NOOP(
        "Engine", "Read as CIFAR-10: {count} pictures to train on, and test_batch with {held_out} held out."
    ),
    "array.no_picture": QT_TRANSLATE_NOOP("Engine", "{kind} {shape} is not one picture of type {wanted}"),
    "array.choose_one": QT_TRANSLATE_NOOP("Engine", "it holds no picture files, but {names}"),
    "array.other_batches": QT_TRANSLATE_NOOP(
        "Engine", "its batches are Python pickles, which are read only if they are CIFAR-10 as published: {reason}"
    ),
    "todo.choose_one_file": QT_TRANSLATE_NOOP("Engine", "Choose one of these files instead of the folder."),
    "todo.choose_cifar": QT_TRANSLATE_NOOP("Engine", "Choose {name}, which downloads CIFAR-10."),
    "array.passed_over": QT_TRANSLATE_NOOP("Engine", "Passed over: {name} ({reason})."),
    "array.more_passed_over": QT_TRANSLATE_NOOP("Engine", "Passed over: {count} more arrays."),
    "array.not_chosen": QT_TRANSLATE_NOOP("Engine", "the pictures are {name}"),
    "array.not_used": QT_TRANSLATE_NOOP(
        "Engine", "Array and Array layout (data.member, data.layout) have no effect, because these are no arrays."
    ),
    "array.other_pictures": QT_TRANSLATE_NOOP("Engine", "its pictures have another type, size or number of channels"),
    "array.without_labels": QT_TRANSLATE_NOOP("Engine", "only one of the two parts has labels"),
    "array.other_labels": QT_TRANSLATE_NOOP(
        "Engine", "its shape {shape} is not one label a picture, or others fit as well"
    ),
    "labels.several": QT_TRANSLATE_NOOP("Engine", "{count} values a picture, and not one label"),
    "labels.not_whole": QT_TRANSLATE_NOOP("Engine", "numbers that are not whole are no labels"),
    "labels.all_differ": QT_TRANSLATE_NOOP(
        "Engine", "too many different values for classes, and its name says nothing"
    ),
    "labels.other_kind": QT_TRANSLATE_NOOP("Engine", "values of type {kind} are no labels"),
    "labels.long_names": QT_TRANSLATE_NOOP("Engine", "names of more than {most} bytes"),
    "labels.many_classes": QT_TRANSLATE_NOOP("Engine", "more than {most} classes"),
    "layout.nhwc": QT_TRANSLATE_NOOP("Engine", "[N, H, W, C]"),
    "layout.nchw": QT_TRANSLATE_NOOP("Engine", "[N, C, H, W]"),
    "layout.hwcn": QT_TRANSLATE_NOOP("Engine", "[H, W, C, N]"),
    "layout.nhw": QT_TRANSLATE_NOOP("Engine", "[N, H, W]"),
    "layout.hwn": QT_TRANSLATE_NOOP("Engine", "[H, W, N]"),
    "layout.columns": QT_TRANSLATE_NOOP("Engine", "flat pictures, one a column"),
    "layout.flat": QT_TRANSLATE_NOOP("Engine", "flat grey pictures"),
    "layout.flat_interleaved": QT_TRANSLATE_NOOP("Engine", "flat colour pictures, pixel by pixel"),
    "layout.flat_planar": QT_TRANSLATE_NOOP("Engine", "flat colour pictures, colour by colour"),
    # Tables
    "table.no_pixels": QT_TRANSLATE_NOOP("Engine", "its columns are not the pixels of square pictures"),
    "table.label_first": QT_TRANSLATE_NOOP(
        "Engine", "No header names the label, so the first column was taken as the label, which is a guess."
    ),
    "table.label_last": QT_TRANSLATE_NOOP(
        "Engine", "No header names the label, so the last column was taken as the label, which is a guess."
    ),
    "todo.table_of_pixels": QT_TRANSLATE_NOOP(
        "Engine",
        "Choose a table with one picture a row: a label and 784 pixels, for instance. If the table lists file names,"
        " choose the folder of these pictures.",
    ),
    "table.no_reader": QT_TRANSLATE_NOOP("Engine", "reading it needs {library}, which is not installed"),
    "todo.install_tables": QT_TRANSLATE_NOOP(
        "Engine", 'Run pip install "gan-studio[tables]", or save the pictures as uint8 in a .npy or .npz file.'
    ),
    "mat.version": QT_TRANSLATE_NOOP("Engine", "it is of MATLAB's version 7.3, which is not read"),
    "mat.zero_as_ten": QT_TRANSLATE_NOOP("Engine", "Label 10 was read as the digit 0, as SVHN is published."),
    "todo.older_mat": QT_TRANSLATE_NOOP(
        "Engine", "Save it with save(..., '-v7') in MATLAB, or save the pictures as uint8 in a .npz file."
    ),
    "parquet.pictures": QT_TRANSLATE_NOOP("Engine", "Pictures: the column {column}, {count} rows in {files} files."),
    "parquet.held_out": QT_TRANSLATE_NOOP("Engine", "Held out: {count} rows in files named as test or validation."),
    "parquet.other": QT_TRANSLATE_NOOP("Engine", "neither pictures nor their labels"),
    "parquet.no_pictures": QT_TRANSLATE_NOOP("Engine", "it has no column of encoded pictures, but {found}"),
    "labels.several_kinds": QT_TRANSLATE_NOOP("Engine", "some of its values are missing or of another type"),
    "todo.encoded_pictures": QT_TRANSLATE_NOOP(
        "Engine", "Choose a file with a column of PNG or JPEG pictures, or save the pictures as uint8 in a .npz file."
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
