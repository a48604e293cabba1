"""Titles and help of every setting, by its place in RunConfig."""

from gan_studio.engine.text.mark import QT_TRANSLATE_NOOP

FIELD_TEMPLATES: dict[str, str] = {
    "config.preset.title": QT_TRANSLATE_NOOP("Engine", "Preset"),
    "config.preset.help": QT_TRANSLATE_NOOP("Engine", "The preset that this set-up started from."),
    "config.seed.title": QT_TRANSLATE_NOOP("Engine", "Seed"),
    "config.seed.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Decides the first weights, the order of the pictures and the noise. With the same settings on the same machine,"
        " the same seed gives the same run.",
    ),
    "config.device.title": QT_TRANSLATE_NOOP("Engine", "Device"),
    "config.device.help": QT_TRANSLATE_NOOP(
        "Engine", "Where the networks train. auto takes the first GPU (CUDA), or the CPU where there is none."
    ),
    "config.precision.title": QT_TRANSLATE_NOOP("Engine", "Precision"),
    "config.precision.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Number format of the arithmetic. Automatic is bfloat16 on a GPU that supports it, and float32 on most CPUs;"
        " a CPU with AMX takes bfloat16 for networks that it makes at least 1.5 times as fast."
        " TF32 (GPU only) multiplies float32 in fewer digits: faster than float32 and closer to it than bfloat16.",
    ),
    "config.precision.auto": QT_TRANSLATE_NOOP("Engine", "automatic"),
    "config.precision.float32": QT_TRANSLATE_NOOP("Engine", "float32"),
    "config.precision.tf32": QT_TRANSLATE_NOOP("Engine", "TF32"),
    "config.precision.bfloat16": QT_TRANSLATE_NOOP("Engine", "bfloat16"),
    "config.capture_step.title": QT_TRANSLATE_NOOP("Engine", "Captured step"),
    "config.capture_step.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Records a whole training step once and replays it from then on, on a GPU as a CUDA graph: the same results,"
        " faster. Turn it off if a driver or another version of torch causes trouble.",
    ),
    "config.fused_kernels.title": QT_TRANSLATE_NOOP("Engine", "Fused kernels"),
    "config.fused_kernels.help": QT_TRANSLATE_NOOP(
        "Engine",
        "On a GPU, uses kernels written for these networks. Each replaces many of torch's, so that a step takes"
        " less time. They need Triton and a C compiler; where these are missing, torch's own kernels are used.",
    ),
    "config.data.source.title": QT_TRANSLATE_NOOP("Engine", "Pictures"),
    "config.data.source.help": QT_TRANSLATE_NOOP(
        "Engine",
        "A starter or torchvision data set (starter:mnist, torchvision:cifar10), a folder of pictures, a .zip, an"
        " array (.npz, .npy, .mat, IDX), a table (.csv, .parquet), or a video.",
    ),
    "config.data.member.title": QT_TRANSLATE_NOOP("Engine", "Array"),
    "config.data.member.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Name of the array that holds the pictures, where a file holds several. Empty finds it by names and shapes.",
    ),
    "config.data.layout.title": QT_TRANSLATE_NOOP("Engine", "Array layout"),
    "config.data.layout.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Order of the axes of an array: N pictures, H rows, W columns, C channels. Auto decides by the shape, and"
        " takes the smoother pictures where several layouts fit.",
    ),
    "config.data.layout.auto": QT_TRANSLATE_NOOP("Engine", "auto"),
    "config.data.layout.nhwc": QT_TRANSLATE_NOOP("Engine", "N, H, W, C"),
    "config.data.layout.nchw": QT_TRANSLATE_NOOP("Engine", "N, C, H, W"),
    "config.data.layout.hwcn": QT_TRANSLATE_NOOP("Engine", "H, W, C, N"),
    "config.data.layout.flat_interleaved": QT_TRANSLATE_NOOP("Engine", "flat, pixel by pixel"),
    "config.data.layout.flat_planar": QT_TRANSLATE_NOOP("Engine", "flat, colour by colour"),
    "config.data.image_size.title": QT_TRANSLATE_NOOP("Engine", "Picture size (px)"),
    "config.data.image_size.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Height and width. Twice the size shows more detail and takes about four times as long. 28 is the size of"
        " MNIST.",
    ),
    "config.data.channels.title": QT_TRANSLATE_NOOP("Engine", "Channels"),
    "config.data.channels.help": QT_TRANSLATE_NOOP(
        "Engine", "1 trains in greyscale, 3 in colour (RGB), 4 in colour with transparency (RGBA)."
    ),
    "config.data.leave_out.title": QT_TRANSLATE_NOOP("Engine", "Leave out"),
    "config.data.leave_out.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Pictures that are never used: their names as they are shown, with | between them (cat.png|dogs/2.png). A name that"
        " itself holds | stands in quotation marks.",
    ),
    "config.data.fit.title": QT_TRANSLATE_NOOP("Engine", "Fit"),
    "config.data.fit.help": QT_TRANSLATE_NOOP(
        "Engine",
        "How pictures become square: crop cuts out the middle, border adds a border, stretch changes the proportions.",
    ),
    "config.data.fit.crop": QT_TRANSLATE_NOOP("Engine", "crop"),
    "config.data.fit.border": QT_TRANSLATE_NOOP("Engine", "border"),
    "config.data.fit.stretch": QT_TRANSLATE_NOOP("Engine", "stretch"),
    "config.data.background.title": QT_TRANSLATE_NOOP("Engine", "Background"),
    "config.data.background.help": QT_TRANSLATE_NOOP(
        "Engine", "Colour of borders and behind transparent pictures, as #rrggbb."
    ),
    "config.data.flip.title": QT_TRANSLATE_NOOP("Engine", "Mirror at random"),
    "config.data.flip.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Mirrors half of the pictures left to right: twice the data, where left and right do not matter. Leave it"
        " off for letters and digits.",
    ),
    "config.data.classes.title": QT_TRANSLATE_NOOP("Engine", "Classes"),
    "config.data.classes.help": QT_TRANSLATE_NOOP(
        "Engine", "Trains on these classes only: names or numbers, separated by commas. Empty takes all."
    ),
    "config.data.most.title": QT_TRANSLATE_NOOP("Engine", "Picture limit"),
    "config.data.most.help": QT_TRANSLATE_NOOP(
        "Engine", "Takes at most this many pictures, spread evenly over the source. 0 takes all."
    ),
    "config.data.held_out.title": QT_TRANSLATE_NOOP("Engine", "Held-out share"),
    "config.data.held_out.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Share of the pictures that is never trained on, to judge results by later. The content of a picture decides"
        " whether it is held out.",
    ),
    "config.model.architecture.title": QT_TRANSLATE_NOOP("Engine", "Architecture"),
    "config.model.architecture.help": QT_TRANSLATE_NOOP(
        "Engine", "DCGAN is convolutional. The GAN of 2014 is fully connected: it shows what convolutions changed."
    ),
    "config.model.architecture.dcgan": QT_TRANSLATE_NOOP("Engine", "DCGAN"),
    "config.model.architecture.vanilla": QT_TRANSLATE_NOOP("Engine", "GAN of 2014"),
    "config.model.latent_dim.title": QT_TRANSLATE_NOOP("Engine", "Latent size"),
    "config.model.latent_dim.help": QT_TRANSLATE_NOOP(
        "Engine", "How many numbers z holds, one slider for each in the Explore tab. The DCGAN paper uses 100."
    ),
    "config.model.prior.title": QT_TRANSLATE_NOOP("Engine", "Prior of z"),
    "config.model.prior.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Distribution of z: normal is N(0, 1); uniform is U(-1, 1), as in the paper and the tutorial; sphere is a"
        " random direction of fixed length.",
    ),
    "config.model.prior.normal": QT_TRANSLATE_NOOP("Engine", "normal"),
    "config.model.prior.uniform": QT_TRANSLATE_NOOP("Engine", "uniform"),
    "config.model.prior.sphere": QT_TRANSLATE_NOOP("Engine", "sphere"),
    "config.model.width.title": QT_TRANSLATE_NOOP("Engine", "Width"),
    "config.model.width.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Channels of the narrowest hidden layer. Twice the width has about four times the parameters and takes about"
        " four times the work.",
    ),
    "config.model.generator_activation.title": QT_TRANSLATE_NOOP("Engine", "Activation of G"),
    "config.model.generator_activation.help": QT_TRANSLATE_NOOP(
        "Engine", "ReLU as in the paper, or LeakyReLU with slope 0.2 as in the tutorial."
    ),
    "config.model.generator_activation.relu": QT_TRANSLATE_NOOP("Engine", "ReLU"),
    "config.model.generator_activation.leaky_relu": QT_TRANSLATE_NOOP("Engine", "LeakyReLU"),
    "config.model.upsampling.title": QT_TRANSLATE_NOOP("Engine", "Upsampling"),
    "config.model.upsampling.help": QT_TRANSLATE_NOOP(
        "Engine",
        "How G enlarges its feature maps: by transposed convolutions, as in the paper, or by resizing before each"
        " convolution, which avoids checkerboard patterns.",
    ),
    "config.model.upsampling.transposed": QT_TRANSLATE_NOOP("Engine", "transposed"),
    "config.model.upsampling.resize": QT_TRANSLATE_NOOP("Engine", "resize"),
    "config.model.discriminator_norm.title": QT_TRANSLATE_NOOP("Engine", "Normalisation in D"),
    "config.model.discriminator_norm.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Batch norm as in the paper; spectral norm, which limits D and stabilises most losses; or none, as is usual"
        " with a gradient penalty.",
    ),
    "config.model.discriminator_norm.batch": QT_TRANSLATE_NOOP("Engine", "batch"),
    "config.model.discriminator_norm.spectral": QT_TRANSLATE_NOOP("Engine", "spectral"),
    "config.model.discriminator_norm.none": QT_TRANSLATE_NOOP("Engine", "none"),
    "config.model.outer_bias.title": QT_TRANSLATE_NOOP("Engine", "Bias without norm"),
    "config.model.outer_bias.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Adds a bias where no batch norm follows: in the last layer of G, and in the first and the last layer of D."
        " Weights of other programs often have one there.",
    ),
    "config.model.conditional.title": QT_TRANSLATE_NOOP("Engine", "Class-conditional"),
    "config.model.conditional.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Both networks are told the class of each picture, so that pictures of a chosen class can be drawn. The"
        " pictures need labels: a folder for each class, or a data set with labels.",
    ),
    "config.training.loss.title": QT_TRANSLATE_NOOP("Engine", "Loss"),
    "config.training.loss.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Non-saturating: G maximises log D(G(z)). Minimax: the formula of the tutorial, whose gradient vanishes when"
        " D wins. Least squares, hinge and Wasserstein use D's scores without a sigmoid; Wasserstein needs a"
        " gradient penalty.",
    ),
    "config.training.loss.non_saturating": QT_TRANSLATE_NOOP("Engine", "non-saturating"),
    "config.training.loss.minimax": QT_TRANSLATE_NOOP("Engine", "minimax"),
    "config.training.loss.least_squares": QT_TRANSLATE_NOOP("Engine", "least squares"),
    "config.training.loss.hinge": QT_TRANSLATE_NOOP("Engine", "hinge"),
    "config.training.loss.wasserstein": QT_TRANSLATE_NOOP("Engine", "Wasserstein"),
    "config.training.batch_size.title": QT_TRANSLATE_NOOP("Engine", "Batch size"),
    "config.training.batch_size.help": QT_TRANSLATE_NOOP(
        "Engine", "Pictures in one batch. A training step takes one batch for each step of D."
    ),
    "config.training.learning_rate_g.title": QT_TRANSLATE_NOOP("Engine", "Learning rate of G"),
    "config.training.learning_rate_g.help": QT_TRANSLATE_NOOP(
        "Engine",
        "How far Adam moves the generator's weights in one step. Raise it when G falls behind, lower it when samples"
        " change abruptly.",
    ),
    "config.training.learning_rate_d.title": QT_TRANSLATE_NOOP("Engine", "Learning rate of D"),
    "config.training.learning_rate_d.help": QT_TRANSLATE_NOOP(
        "Engine",
        "How far Adam moves the discriminator's weights in one step. Lower it when D(x) stays near 1 and D(G(z))"
        " near 0.",
    ),
    "config.training.rate_half_life.title": QT_TRANSLATE_NOOP("Engine", "Learning rate decay"),
    "config.training.rate_half_life.help": QT_TRANSLATE_NOOP(
        "Engine",
        "In pictures: both learning rates halve each time this many more pictures have been seen. 0 keeps them"
        " constant.",
    ),
    "config.training.beta1.title": QT_TRANSLATE_NOOP("Engine", "Adam beta1"),
    "config.training.beta1.help": QT_TRANSLATE_NOOP(
        "Engine", "Decay rate of Adam's running mean of the gradient. The DCGAN paper found 0.9 unstable and uses 0.5."
    ),
    "config.training.beta2.title": QT_TRANSLATE_NOOP("Engine", "Adam beta2"),
    "config.training.beta2.help": QT_TRANSLATE_NOOP(
        "Engine", "Decay rate of Adam's running mean of the squared gradient."
    ),
    "config.training.d_steps.title": QT_TRANSLATE_NOOP("Engine", "D steps per G step"),
    "config.training.d_steps.help": QT_TRANSLATE_NOOP(
        "Engine", "How often D learns before G learns once. Wasserstein with gradient penalty uses 5."
    ),
    "config.training.train_d.title": QT_TRANSLATE_NOOP("Engine", "Train D"),
    "config.training.train_d.help": QT_TRANSLATE_NOOP(
        "Engine", "Off: the discriminator stays as it is while the generator goes on learning."
    ),
    "config.training.train_g.title": QT_TRANSLATE_NOOP("Engine", "Train G"),
    "config.training.train_g.help": QT_TRANSLATE_NOOP(
        "Engine", "Off: the generator stays as it is while the discriminator goes on learning."
    ),
    "config.training.gradient_penalty.title": QT_TRANSLATE_NOOP("Engine", "Gradient penalty"),
    "config.training.gradient_penalty.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Weight of the WGAN-GP penalty, which pulls the norm of D's gradient between real and generated pictures"
        " towards 1. Wasserstein uses 10; 0 turns it off. A step takes about twice as long.",
    ),
    "config.training.r1.title": QT_TRANSLATE_NOOP("Engine", "R1 penalty"),
    "config.training.r1.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Weight of the penalty on D's gradient at real pictures, which stabilises training near its end. 1 to 10 is"
        " usual; 0 turns it off.",
    ),
    "config.training.label_smoothing.title": QT_TRANSLATE_NOOP("Engine", "Label smoothing"),
    "config.training.label_smoothing.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Lowers D's target for real pictures from 1 by this much, so that D does not become overconfident. 0.1 is"
        " usual; 0 turns it off.",
    ),
    "config.training.instance_noise.title": QT_TRANSLATE_NOOP("Engine", "Instance noise"),
    "config.training.instance_noise.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Standard deviation of the noise that is added to all pictures before D sees them; pixels go from -1 to 1."
        " It makes D's task harder.",
    ),
    "config.training.instance_noise_half_life.title": QT_TRANSLATE_NOOP("Engine", "Noise half-life"),
    "config.training.instance_noise_half_life.help": QT_TRANSLATE_NOOP(
        "Engine",
        "In pictures: the instance noise halves each time this many more pictures have been seen. 0 keeps it constant.",
    ),
    "config.training.augment_color.title": QT_TRANSLATE_NOOP("Engine", "Vary colours"),
    "config.training.augment_color.help": QT_TRANSLATE_NOOP(
        "Engine",
        "DiffAugment: changes brightness, saturation and contrast of all pictures at random before D sees them. For"
        " small data sets.",
    ),
    "config.training.augment_translation.title": QT_TRANSLATE_NOOP("Engine", "Shift pictures"),
    "config.training.augment_translation.help": QT_TRANSLATE_NOOP(
        "Engine",
        "DiffAugment: shifts all pictures at random, by up to an eighth of their size, before D sees them. For small"
        " data sets.",
    ),
    "config.training.augment_cutout.title": QT_TRANSLATE_NOOP("Engine", "Cut out squares"),
    "config.training.augment_cutout.help": QT_TRANSLATE_NOOP(
        "Engine",
        "DiffAugment: blanks a square of half the side at a random place in all pictures before D sees them. For"
        " small data sets.",
    ),
    "config.training.ema_half_life.title": QT_TRANSLATE_NOOP("Engine", "EMA half-life"),
    "config.training.ema_half_life.help": QT_TRANSLATE_NOOP(
        "Engine",
        "In pictures. Samples come from smoothed G, an exponential moving average of G's weights: after this many"
        " pictures an old weight counts half. 0 shows G itself.",
    ),
    "config.training.steps.title": QT_TRANSLATE_NOOP("Engine", "Steps"),
    "config.training.steps.help": QT_TRANSLATE_NOOP(
        "Engine", "The run stops at this step. You can move it at any time; that changes nothing else about the run."
    ),
    "config.record.sample_every.title": QT_TRANSLATE_NOOP("Engine", "Sheet every"),
    "config.record.sample_every.help": QT_TRANSLATE_NOOP(
        "Engine", "Steps between two sample sheets; the first steps have more. At most 200 sheets of a run are kept."
    ),
    "config.record.snapshot_every.title": QT_TRANSLATE_NOOP("Engine", "Snapshot every"),
    "config.record.snapshot_every.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Steps between two snapshots, the copies of smoothed G that the time slider of Explore shows. Each sample sheet"
        " brings one too. At most 200 are kept.",
    ),
    "config.record.checkpoints_kept.title": QT_TRANSLATE_NOOP("Engine", "Checkpoints kept"),
    "config.record.checkpoints_kept.help": QT_TRANSLATE_NOOP(
        "Engine",
        "Per branch: the last three, and older ones spread over the whole branch. The run can go back to each of them.",
    ),
    "config.record.checkpoint_seconds.title": QT_TRANSLATE_NOOP("Engine", "Checkpoint every"),
    "config.record.checkpoint_seconds.help": QT_TRANSLATE_NOOP(
        "Engine", "Seconds between two checkpoints: about the training that a crash can cost."
    ),
}
"""Message key to English template."""
