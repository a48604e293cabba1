"""What is said about the networks in a file of weights: what was found, changed and assumed, and what was left."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

WEIGHT_TEMPLATES: dict[str, str] = {
    # Why tensors are no network
    "import.no_layer": QT_TRANSLATE_NOOP("Engine", "it belongs to no layer."),
    "import.no_layers": QT_TRANSLATE_NOOP("Engine", "none of its tensors belongs to a layer."),
    "import.no_weight": QT_TRANSLATE_NOOP("Engine", "the layer {name} has no weight."),
    "import.no_statistics": QT_TRANSLATE_NOOP("Engine", "the norm {name} has no running mean and variance."),
    "import.odd_norm": QT_TRANSLATE_NOOP("Engine", "the parts of the batch norm {name} differ in length."),
    "import.odd_bias": QT_TRANSLATE_NOOP("Engine", "the bias of {name} does not have one number for each channel."),
    "import.no_spectral_vectors": QT_TRANSLATE_NOOP(
        "Engine", "the spectral norm of {name} lacks a singular vector (u or v)."
    ),
    "import.other_layer": QT_TRANSLATE_NOOP(
        "Engine", "{name} is no convolution of pictures: its weight has the shape {shape}."
    ),
    "import.layer_count": QT_TRANSLATE_NOOP(
        "Engine", "it has {count} convolutions, and a network for pictures of {sizes} pixels has {fewest} to {most}."
    ),
    "import.no_chain": QT_TRANSLATE_NOOP("Engine", "{name} has {one} channels where the layer next to it has {other}."),
    "import.picture_channels": QT_TRANSLATE_NOOP(
        "Engine", "{name} has {count} channels on the side of the picture, and pictures here have 1, 3 or 4."
    ),
    "import.not_one_logit": QT_TRANSLATE_NOOP("Engine", "{name}, the last layer, has {count} outputs instead of one."),
    "import.kernel": QT_TRANSLATE_NOOP("Engine", "{name} has a kernel of {kernel}, and {needed} is needed there."),
    "import.image_size": QT_TRANSLATE_NOOP(
        "Engine", "its pictures have {size} pixels on a side, and the sizes here are {sizes}."
    ),
    "import.norm_count": QT_TRANSLATE_NOOP(
        "Engine", "batch norms: {count}; needed: {needed} (none at the picture and at the logit)."
    ),
    "import.norm_channels": QT_TRANSLATE_NOOP(
        "Engine", "the batch norm {name} has {count} channels, and its layer has {needed}."
    ),
    "import.too_wide": QT_TRANSLATE_NOOP(
        "Engine", "its widths are so uneven that a network here with room for them would be over eight times as large."
    ),
    "import.only_discriminator": QT_TRANSLATE_NOOP("Engine", "the file holds a discriminator alone."),
    "import.second": QT_TRANSLATE_NOOP("Engine", "another network of its kind was taken: {prefix}."),
    "import.other_pictures": QT_TRANSLATE_NOOP(
        "Engine", "this discriminator judges pictures of another size than the generator draws."
    ),
    "import.not_taken": QT_TRANSLATE_NOOP("Engine", "no generator of the file can be built here."),
    # What is told of networks that were found
    "import.more_left": QT_TRANSLATE_NOOP(
        "Engine", "{count} more tensors belong to no network. The converted file does not keep their names."
    ),
    "import.average": QT_TRANSLATE_NOOP("Engine", "Pictures are drawn with the averaged generator, {prefix}."),
    "import.trained_too": QT_TRANSLATE_NOOP("Engine", "Training goes on from the generator {prefix}."),
    "import.folded": QT_TRANSLATE_NOOP(
        "Engine", "Biases before batch norms ({count}) were folded into the running means of the norms: same pictures."
    ),
    "import.divided": QT_TRANSLATE_NOOP(
        "Engine",
        "Weights with spectral norm ({count}) were divided by it: same pictures, but training here"
        " does not go on normalising them.",
    ),
    "import.widened": QT_TRANSLATE_NOOP(
        "Engine", "Channels of zeros were added to the {kind}: {found} became {planned}. Same pictures, but slower."
    ),
    "import.assumed_activation": QT_TRANSLATE_NOOP(
        "Engine",
        "Assumed, because weights do not tell: ReLU in the generator"
        " (otherwise: gan-studio import FILE --set model.generator_activation=leaky_relu).",
    ),
    "import.assumed_prior": QT_TRANSLATE_NOOP(
        "Engine",
        "Assumed, because weights do not tell: normal z (otherwise: gan-studio import FILE --set model.prior=uniform).",
    ),
    "import.told_by_weights": QT_TRANSLATE_NOOP("Engine", "{name} cannot be set, because the weights decide it."),
    "todo.set_assumed": QT_TRANSLATE_NOOP("Engine", "Only these can be set: {names}."),
    # Files of weights that are drawn with
    "weights.other_kind": QT_TRANSLATE_NOOP("Engine", "{path} is neither a run folder nor a .safetensors file."),
    "weights.bad_notes": QT_TRANSLATE_NOOP("Engine", "{path} holds notes that no import wrote."),
    "weights.bad_model": QT_TRANSLATE_NOOP("Engine", "{path} states a model that cannot be built: {reason}"),
    "weights.do_not_fit": QT_TRANSLATE_NOOP(
        "Engine", "The tensors in {path} are not those of the model that it states ({difference})."
    ),
    "sample.no_run": QT_TRANSLATE_NOOP(
        "Engine", "{path} is a file of weights: it has neither checkpoints to choose from nor real pictures."
    ),
    "sample.too_many": QT_TRANSLATE_NOOP("Engine", "{count} pictures are too many: at most {most} are drawn at once."),
    "sample.sheet_too_large": QT_TRANSLATE_NOOP(
        "Engine",
        "A sheet of {count} pictures is too large: at this size it holds {most}. An .npz file or a folder holds more.",
    ),
    "open.weights_busy": QT_TRANSLATE_NOOP("Engine", "Weights cannot be opened while a run is training."),
    "todo.import_again": QT_TRANSLATE_NOOP(
        "Engine", "Import the original file once more (gan-studio import FILE), or choose another file."
    ),
    "import.no_generator": QT_TRANSLATE_NOOP("Engine", "No generator that can be built here was found: {reason}"),
    "todo.see_pattern": QT_TRANSLATE_NOOP(
        "Engine",
        "A DCGAN generator of the published pattern is needed: transposed convolutions with kernels of 4 × 4 and a"
        " batch norm after each but the last.",
    ),
}
