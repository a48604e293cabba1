"""What is said about arrays and tables: which of them hold pictures, how they were understood, why they are refused."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

ARRAY_TEMPLATES: dict[str, str] = {
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
        "Engine",
        "its numbers are {kind} from {low} to {high}; whole numbers must go from 0 to 255, or (of 16 bits) to 65535",
    ),
    "array.other_range": QT_TRANSLATE_NOOP(
        "Engine", "its floats go from {low} to {high}; they must go from 0 to 1, from -1 to 1 or from 0 to 255"
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
    "array.stated_in_vain": QT_TRANSLATE_NOOP(
        "Engine", "The stated array and layout have no effect, because each file holds one picture."
    ),
    "array.one_class_a_file": QT_TRANSLATE_NOOP(
        "Engine", "Each .npy file was read as one class: {count} pictures of {width} × {height} in {classes} classes."
    ),
    "array.cifar": QT_TRANSLATE_NOOP(
        "Engine", "Read as CIFAR-10: {count} pictures to train on, and test_batch with {held_out} held out."
    ),
    "array.no_picture": QT_TRANSLATE_NOOP("Engine", "{kind} {shape} is not one picture of type {wanted}"),
    "array.choose_one": QT_TRANSLATE_NOOP("Engine", "it holds no picture files, but {names}"),
    "array.other_batches": QT_TRANSLATE_NOOP(
        "Engine", "The batches in {path} are not used, because they are not CIFAR-10 as published: {reason}"
    ),
    "array.others_beside": QT_TRANSLATE_NOOP(
        "Engine", "Not read, because the pictures are in other files: {names}. To read one of these, choose it alone."
    ),
    "todo.readable_file": QT_TRANSLATE_NOOP(
        "Engine", "Make sure that the file is still there and that you may read it, or choose other pictures."
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
    "array.pictures_unused": QT_TRANSLATE_NOOP("Engine", "its pictures are passed over"),
    "labels.other_part": QT_TRANSLATE_NOOP("Engine", "the labels of another part cannot be used"),
    "labels.none": QT_TRANSLATE_NOOP("Engine", "there are no labels that can be used"),
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
    "table.parts": QT_TRANSLATE_NOOP(
        "Engine", "The column {name} says which rows are trained on and which are held out."
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
    "parquet.not_pictures": QT_TRANSLATE_NOOP("Engine", "the column {name} holds no encoded pictures, but {kind}"),
    "parquet.layout_in_vain": QT_TRANSLATE_NOOP(
        "Engine", "Array layout (data.layout) has no effect, because these are encoded pictures."
    ),
    "labels.several_kinds": QT_TRANSLATE_NOOP("Engine", "some of its values are missing or of another type"),
    "todo.encoded_pictures": QT_TRANSLATE_NOOP(
        "Engine", "Choose a file with a column of PNG or JPEG pictures, or save the pictures as uint8 in a .npz file."
    ),
}
