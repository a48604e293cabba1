"""RunConfig: the one schema of all settings, for the form, TOML files, the command line and every check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from gan_studio.engine.files.paths import text_of
from gan_studio.engine.text.message import Message, readable

_LIVE: dict[str, Any] = {"live": True}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _source(value: Any) -> Any:
    """Write a path as UTF-8 text, because a set-up is a TOML file."""
    return text_of(Path(value)) if isinstance(value, str) and value != readable(value) else value


class DataConfig(_Section):
    """The real pictures and how they are prepared."""

    source: Annotated[str, Field(min_length=1, max_length=4096), BeforeValidator(_source)] = "starter:fashion-mnist"
    member: Annotated[str, Field(max_length=4096)] = ""
    layout: Literal["auto", "nhwc", "nchw", "hwcn", "flat_interleaved", "flat_planar"] = "auto"
    image_size: Literal[28, 32, 64, 128, 256] = 32
    channels: Literal[1, 3, 4] = 1
    fit: Literal["crop", "border", "stretch"] = "crop"
    background: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#ffffff"
    flip: bool = False
    classes: Annotated[str, Field(max_length=4096)] = ""
    most: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    held_out: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    leave_out: Annotated[str, Field(max_length=1_000_000)] = ""


class ModelConfig(_Section):
    """The two networks (Radford, Metz, Chintala 2016, arXiv 1511.06434)."""

    architecture: Literal["dcgan", "vanilla"] = "dcgan"
    latent_dim: Annotated[int, Field(ge=1, le=1024)] = 100
    prior: Literal["normal", "uniform", "sphere"] = "normal"
    width: Annotated[int, Field(ge=4, le=512)] = 64
    generator_activation: Literal["relu", "leaky_relu"] = "relu"
    upsampling: Literal["transposed", "resize"] = "transposed"
    discriminator_norm: Literal["batch", "spectral", "none"] = "batch"
    conditional: bool = False
    outer_bias: bool = False


class TrainingConfig(_Section):
    """How the networks learn. Settings marked live may change during a run."""

    loss: Literal["non_saturating", "minimax", "least_squares", "hinge", "wasserstein"] = "non_saturating"
    batch_size: Annotated[int, Field(ge=2, le=4096, json_schema_extra=_LIVE)] = 64
    learning_rate_g: Annotated[float, Field(gt=0, le=1, json_schema_extra=_LIVE)] = 2e-4
    learning_rate_d: Annotated[float, Field(gt=0, le=1, json_schema_extra=_LIVE)] = 2e-4
    rate_half_life: Annotated[float, Field(ge=0, le=1e12, json_schema_extra=_LIVE)] = 0.0
    beta1: Annotated[float, Field(ge=0, lt=1)] = 0.5
    beta2: Annotated[float, Field(ge=0, lt=1)] = 0.999
    d_steps: Annotated[int, Field(ge=1, le=20, json_schema_extra=_LIVE)] = 1
    train_d: Annotated[bool, Field(json_schema_extra=_LIVE)] = True
    train_g: Annotated[bool, Field(json_schema_extra=_LIVE)] = True
    gradient_penalty: Annotated[float, Field(ge=0, le=1000, json_schema_extra=_LIVE)] = 0.0
    r1: Annotated[float, Field(ge=0, le=1000, json_schema_extra=_LIVE)] = 0.0
    label_smoothing: Annotated[float, Field(ge=0, le=0.5, json_schema_extra=_LIVE)] = 0.0
    instance_noise: Annotated[float, Field(ge=0, le=2, json_schema_extra=_LIVE)] = 0.0
    instance_noise_half_life: Annotated[float, Field(ge=0, le=1e12, json_schema_extra=_LIVE)] = 0.0
    augment_color: Annotated[bool, Field(json_schema_extra=_LIVE)] = False
    augment_translation: Annotated[bool, Field(json_schema_extra=_LIVE)] = False
    augment_cutout: Annotated[bool, Field(json_schema_extra=_LIVE)] = False
    ema_half_life: Annotated[float, Field(ge=0, le=1e9, json_schema_extra=_LIVE)] = 5000.0
    steps: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10_000


class RecordConfig(_Section):
    """What a run saves, and how often."""

    sample_every: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    snapshot_every: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    checkpoint_seconds: Annotated[float, Field(ge=1, le=86_400)] = 60.0
    checkpoints_kept: Annotated[int, Field(ge=4, le=1000)] = 8


class RunConfig(_Section):
    """The whole set-up of a run: the same file starts it in the window, on the command line and in a notebook."""

    preset: Annotated[str, Field(max_length=80)] = "quickstart"
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    device: Annotated[str, Field(pattern=r"^(auto|cpu|cuda(:\d+)?)$")] = "auto"
    precision: Literal["auto", "float32", "tf32", "bfloat16"] = "auto"
    capture_step: Annotated[bool, Field(validation_alias=AliasChoices("capture_step", "cuda_graph"))] = True
    fused_kernels: bool = True
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    record: RecordConfig = RecordConfig()


@dataclass(frozen=True)
class FieldSpec:
    """One setting, described for a form or a command line.

    Attributes:
        path: dotted path in RunConfig, such as "training.batch_size".
        kind: "int", "float", "choice", "flag" or "text".
        default: its value in RunConfig().
        choices: allowed values of a "choice", otherwise empty.
        minimum, maximum: limits of a number, otherwise None.
        open_minimum, open_maximum: whether the limit itself is forbidden.
        live: whether it may change during a run.
    """

    path: str
    kind: Literal["int", "float", "choice", "flag", "text"]
    default: int | float | str
    choices: tuple[int | str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    live: bool = False

    @property
    def name(self) -> str:
        """Last part of the path, such as "batch_size"."""
        return self.path.rpartition(".")[2]

    @property
    def title(self) -> Message:
        """Short title for a label."""
        return Message(f"config.{self.path}.title")

    @property
    def help(self) -> Message:
        """One to three sentences on what the setting does."""
        return Message(f"config.{self.path}.help")

    def choice_title(self, choice: int | str) -> Message:
        """Return the title of one allowed value of a choice."""
        return Message(f"config.{self.path}.{choice}") if isinstance(choice, str) else Message("number", value=choice)


def field_specs(section: type[BaseModel] = RunConfig, prefix: str = "") -> Iterator[FieldSpec]:
    """Yield every setting of RunConfig in the order of the schema, sections flattened."""
    for name, field in section.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from field_specs(annotation, f"{prefix}{name}.")
        else:
            yield _field_spec(f"{prefix}{name}", annotation, field.default, field.metadata, field.json_schema_extra)


def _field_spec(path: str, annotation: Any, default: Any, metadata: list[Any], extra: Any) -> FieldSpec:
    live = isinstance(extra, Mapping) and bool(extra.get("live"))
    if get_origin(annotation) is Literal:
        return FieldSpec(path, "choice", default, choices=get_args(annotation), live=live)
    if annotation is bool:
        return FieldSpec(path, "flag", default, live=live)
    if annotation is str:
        return FieldSpec(path, "text", default, live=live)
    limits: dict[str, Any] = {}
    for item in metadata:
        match item:
            case Ge():
                limits["minimum"] = item.ge
            case Gt():
                limits |= {"minimum": item.gt, "open_minimum": True}
            case Le():
                limits["maximum"] = item.le
            case Lt():
                limits |= {"maximum": item.lt, "open_maximum": True}
    return FieldSpec(path, "int" if annotation is int else "float", default, live=live, **limits)


LIVE_KNOBS: Mapping[str, FieldSpec] = {spec.name: spec for spec in field_specs() if spec.live}
"""Live settings by name: those that may change during a run."""


def value_at(config: RunConfig, path: str) -> Any:
    """Read the setting at a dotted path."""
    value: Any = config
    for name in path.split("."):
        value = getattr(value, name)
    return value


def stated_paths(config: RunConfig) -> frozenset[str]:
    """Return the dotted paths of the settings that a file stated, not those that it left at their defaults.

    Args:
        config: a set-up as it was validated from the file; copies by `with_values` state everything.
    """
    return frozenset(spec.path for spec in field_specs() if spec.name in _section_of(config, spec).model_fields_set)


def _section_of(config: RunConfig, spec: FieldSpec) -> BaseModel:
    section, _, _ = spec.path.rpartition(".")
    found: BaseModel = value_at(config, section) if section else config
    return found


def live_values(config: RunConfig) -> dict[str, float]:
    """Return the values of the live settings that a run starts with, by name."""
    return {name: float(value_at(config, spec.path)) for name, spec in LIVE_KNOBS.items()}


def with_values(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    """Return a checked copy in which the settings at dotted paths have new values.

    Raises:
        pydantic.ValidationError: a value is outside its limits or a path does not exist.
    """
    tree = config.model_dump()
    for path, value in changes.items():
        *sections, name = path.split(".")
        branch = tree
        for section in sections:
            branch = branch[section]
        branch[name] = value
    return RunConfig.model_validate(tree)


def is_allowed(name: str, value: float) -> bool:
    """Tell whether a live setting has this name and allows this value; NaN is never allowed."""
    spec = LIVE_KNOBS.get(name)
    if spec is None or (spec.kind == "flag" and value not in (0, 1)) or (spec.kind == "int" and value % 1):
        return False
    low = spec.minimum is None or value > spec.minimum or (value == spec.minimum and not spec.open_minimum)
    high = spec.maximum is None or value < spec.maximum or (value == spec.maximum and not spec.open_maximum)
    return low and high
