"""Titles and help of every setting, by its place in RunConfig."""

from gan_studio.engine.translate import QT_TRANSLATE_NOOP

FIELD_TEMPLATES: dict[str, str] = {
    "config.preset.title": QT_TRANSLATE_NOOP("Engine", "Preset"),
    "config.preset.help": QT_TRANSLATE_NOOP("Engine", "The set-up this run started from."),
    "config.seed.title": QT_TRANSLATE_NOOP("Engine", "Seed"),
    "config.seed.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Decides the first weights, the order of the pictures and the noise. The same seed gives the same run.",
    ),
    "config.device.title": QT_TRANSLATE_NOOP("Engine", "Device"),
    "config.device.help": QT_TRANSLATE_NOOP(
        "Engine", "Where the networks train: auto takes the first CUDA device, else the CPU."
    ),
    "config.precision.title": QT_TRANSLATE_NOOP("Engine", "Precision"),
    "config.precision.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Number format of the arithmetic. Auto is bfloat16 on a CUDA device that has it and float32 on the CPU.",
    ),
    "config.precision.auto": QT_TRANSLATE_NOOP("Engine", "automatic"),
    "config.precision.float32": QT_TRANSLATE_NOOP("Engine", "float32"),
    "config.precision.bfloat16": QT_TRANSLATE_NOOP("Engine", "bfloat16"),
    "config.data.source.title": QT_TRANSLATE_NOOP("Engine", "Pictures"),
    "config.data.source.help": QT_TRANSLATE_NOOP(
        "Engine", "starter:fashion-mnist, or a folder of PNG, JPEG, WebP or BMP files."
    ),
    "config.data.image_size.title": QT_TRANSLATE_NOOP("Engine", "Image size"),
    "config.data.image_size.help": QT_TRANSLATE_NOOP(
        "Engine", "Height and width in pixels. 64 shows more detail and costs about four times the time of 32."
    ),
    "config.data.channels.title": QT_TRANSLATE_NOOP("Engine", "Channels"),
    "config.data.channels.help": QT_TRANSLATE_NOOP("Engine", "1 trains in grey, 3 in colour (red, green, blue)."),
    "config.model.latent_dim.title": QT_TRANSLATE_NOOP("Engine", "Latent size"),
    "config.model.latent_dim.help": QT_TRANSLATE_NOOP(
        "Engine", "How many numbers z holds: the sliders of the Explore tab. The paper uses 100."
    ),
    "config.model.prior.title": QT_TRANSLATE_NOOP("Engine", "Prior of z"),
    "config.model.prior.help": QT_TRANSLATE_NOOP(
        "Engine", "Where z is drawn from: normal is N(0, 1), uniform is U(-1, 1) as in the paper and the tutorial."
    ),
    "config.model.prior.normal": QT_TRANSLATE_NOOP("Engine", "normal"),
    "config.model.prior.uniform": QT_TRANSLATE_NOOP("Engine", "uniform"),
    "config.model.width.title": QT_TRANSLATE_NOOP("Engine", "Width"),
    "config.model.width.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Channels of the narrowest hidden layer. Twice the width is about four times the work and the parameters.",
    ),
    "config.model.generator_activation.title": QT_TRANSLATE_NOOP("Engine", "Activation of G"),
    "config.model.generator_activation.help": QT_TRANSLATE_NOOP(
        "Engine", "ReLU as in the paper, or LeakyReLU with slope 0.2 as in the tutorial."
    ),
    "config.model.generator_activation.relu": QT_TRANSLATE_NOOP("Engine", "ReLU"),
    "config.model.generator_activation.leaky_relu": QT_TRANSLATE_NOOP("Engine", "LeakyReLU"),
    "config.training.loss.title": QT_TRANSLATE_NOOP("Engine", "Loss"),
    "config.training.loss.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Non-saturating: G maximises log D(G(z)). Minimax: G minimises log(1 - D(G(z))), the tutorial's formula,"
        " whose gradient fades when D wins.",
    ),
    "config.training.loss.non_saturating": QT_TRANSLATE_NOOP("Engine", "non-saturating"),
    "config.training.loss.minimax": QT_TRANSLATE_NOOP("Engine", "minimax"),
    "config.training.batch_size.title": QT_TRANSLATE_NOOP("Engine", "Batch size"),
    "config.training.batch_size.help": QT_TRANSLATE_NOOP("Engine", "Pictures in one step."),
    "config.training.learning_rate_g.title": QT_TRANSLATE_NOOP("Engine", "Learning rate of G"),
    "config.training.learning_rate_g.help": QT_TRANSLATE_NOOP(
        "Engine",
        "How far the generator moves each step. Raise it when G falls behind, lower it when samples jump about.",
    ),
    "config.training.learning_rate_d.title": QT_TRANSLATE_NOOP("Engine", "Learning rate of D"),
    "config.training.learning_rate_d.help": QT_TRANSLATE_NOOP(
        "Engine", "How far the discriminator moves each step. Lower it when D(x) stays near 1 and D(G(z)) near 0."
    ),
    "config.training.beta1.title": QT_TRANSLATE_NOOP("Engine", "Adam beta 1"),
    "config.training.beta1.help": QT_TRANSLATE_NOOP(
        "Engine", "Memory of Adam's mean gradient. The paper found 0.9 unstable and uses 0.5."
    ),
    "config.training.beta2.title": QT_TRANSLATE_NOOP("Engine", "Adam beta 2"),
    "config.training.beta2.help": QT_TRANSLATE_NOOP("Engine", "Memory of Adam's mean squared gradient."),
    "config.training.ema_half_life.title": QT_TRANSLATE_NOOP("Engine", "EMA half-life"),
    "config.training.ema_half_life.help": QT_TRANSLATE_NOOP(
        "Engine",
        "The samples come from a running average of the generator; after this many pictures an old weight counts half."
        " 0 shows the generator itself.",
    ),
    "config.training.steps.title": QT_TRANSLATE_NOOP("Engine", "Steps"),
    "config.training.steps.help": QT_TRANSLATE_NOOP(
        "Engine", "Where the run stops. It can be moved at any time without changing the run."
    ),
    "config.record.sample_every.title": QT_TRANSLATE_NOOP("Engine", "Sheet every"),
    "config.record.sample_every.help": QT_TRANSLATE_NOOP(
        "Engine", "Steps between two sample sheets; the first steps have more. At most 200 sheets of a run are kept."
    ),
    "config.record.snapshot_every.title": QT_TRANSLATE_NOOP("Engine", "Snapshot every"),
    "config.record.snapshot_every.help": QT_TRANSLATE_NOOP(
        "Engine", "Steps between two kept copies of the generator, which Explore can go back to. At most 200 are kept."
    ),
    "config.record.checkpoint_seconds.title": QT_TRANSLATE_NOOP("Engine", "Checkpoint every"),
    "config.record.checkpoint_seconds.help": QT_TRANSLATE_NOOP(
        "Engine", "Seconds between two checkpoints: the most that a crash can cost."
    ),
}
"""Message key to English template."""
