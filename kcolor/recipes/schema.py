"""The sections of a recipe. These dataclasses are the schema: the keys, what each may be, and what it is if it is not given.

None stands for "not given", for which TOML has no word. Nothing here needs Keras.
"""

import dataclasses
import math
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self

from kcolor.data.weights import is_weight
from kcolor.recipes.checks import check_keys, read_options
from kcolor.recipes.value_types import Rule, check_value, is_text

AtLeastOne = Rule(lambda value: value >= 1, "as at least 1")
AboveZero = Rule(lambda value: value > 0, "above 0")
BelowOne = Rule(lambda value: 0 <= value < 1, "in [0, 1)")
AboveZeroBelowOne = Rule(lambda value: 0 < value < 1, "above 0 and below 1")
Seed = Rule(lambda value: 0 <= value < 2**32, "from 0 to 2**32 - 1")
ZeroOrMore = Rule(lambda value: 0 <= value < math.inf, "as 0 or more")
Share = Rule(lambda value: 0 <= value <= 1, "in [0, 1]")
Weights = Rule(lambda value: all(map(is_weight, value.values())), "as numbers of 0 or more by folder")
Precision = Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"]
PRECISIONS = typing.get_args(Precision)


class Section:
    """A section of a recipe with fixed keys: the base of the dataclasses below."""

    @classmethod
    def read(cls, given: Mapping[str, Any], section: str, where: str = "recipe") -> Self:
        """Makes a section of what somebody wrote.

        Args:
            given: Mapping from keys to values.
            section: Text. The section's name, for messages.
            where: Text. What it is a section of, for messages.

        Raises:
            ValueError: that names the key, what was expected and what came.
        """
        fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
        check_keys(given, fields, section, where)
        for key, field in fields.items():
            if key not in given and field.default is field.default_factory is dataclasses.MISSING:
                raise ValueError(f"Expected {section}.{key} in {where}. It is not there")
        hints = typing.get_type_hints(cls, include_extras=True)
        return cls(**{key: check_value(value, hints[key], f"{section}.{key}", where) for key, value in given.items()})

    @classmethod
    def texts(cls) -> list[str]:
        """Returns the keys that may be texts and nothing else."""
        return [key for key, hint in typing.get_type_hints(cls, include_extras=True).items() if is_text(hint)]

    def to_dict(self) -> dict[str, Any]:
        """Returns the keys that have a value."""
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Data(Section):
    """The pictures, and how they are cut."""

    source: str | None = None  # a name in kcolor.data.SOURCES, a folder or a zip
    size: Annotated[int, AtLeastOne]  # of the square that the network sees in training
    working_size: Annotated[int, AtLeastOne] | None = None  # shorter side of what it sees of a photo afterwards; else `size`
    stretch_tone: bool = False  # whether the network sees lightness stretched from black to white
    smooth_grain: bool = False  # whether it sees lightness without grain
    crop: Literal["center", "random", "squash"] = "center"
    zoom: Annotated[float, AtLeastOne] = 1.0  # with "random": up to how many times `size` the picture is, before it is cropped
    copies: str | int | None = None  # a name in kcolor.data.COPIES, or a number of copies
    classes: list[str] | None = None
    weights: Annotated[dict | None, Weights] = None  # by folder: 3 comes three times as often as 1, which is the usual weight
    val: Annotated[float, BelowOne] = 0.1  # share of the pictures, where the source has no such split
    test: Annotated[float, BelowOne] = 0.1
    train_limit: Annotated[int, AtLeastOne] | None = None
    val_limit: Annotated[int, AtLeastOne] | None = None
    test_limit: Annotated[int, AtLeastOne] | None = None
    skip_gray: bool = True
    max_broken: Annotated[float, Share] = 0.05
    data_dir: str | None = None
    download: bool = False
    cache: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Train(Section):
    """How long, how fast and how precisely it is trained, and what decides which weights are the best."""

    start: str | None = None  # a colorizer to begin with: a name, a file, the folder of a run; its tables are taken too
    encoder_rate: Annotated[float, AboveZero] = 1.0  # share of the learning rate for a pretrained encoder that is trainable
    batch_size: Annotated[int, AtLeastOne] = 32
    epochs: Annotated[int, AtLeastOne] = 10
    steps: Annotated[int, AtLeastOne] | None = None  # at most this many batches an epoch, of other pictures each time
    precision: Precision = "auto"
    seed: Annotated[int, Seed] = 0
    metrics: list[str] = dataclasses.field(default_factory=lambda: ["psnr", "ab_distance"])  # of the validation pictures
    equal_colorfulness: Annotated[int, AtLeastOne] | None = None  # validation photos for val_equal_ab_distance
    monitor: str | None = None  # what the best weights are best in; val_loss if not given
    patience: Annotated[int, AtLeastOne] | None = None  # stop after this many epochs without a better one
    drop_patience: Annotated[int, AtLeastOne] | None = None  # multiply the learning rate by drop_factor after this many
    drop_factor: Annotated[float, AboveZeroBelowOne] = 0.2
    measure_limit: Annotated[int, AtLeastOne] = 20_000  # pictures that bin tables are measured on
    samples_every: Annotated[int, AtLeastOne] = 5  # epochs between contact sheets
    deterministic: bool = True
    jit_compile: bool | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Schedule(Section):
    """How the learning rate changes over a training."""

    name: Literal["constant", "cosine"] = "constant"
    warmup: Annotated[float, ZeroOrMore] = 0.0  # with "cosine": epochs in which the learning rate rises from nothing
    end: Annotated[float, Share] = 0.0  # with "cosine": the share of the learning rate that is left in the end


@dataclasses.dataclass(frozen=True, kw_only=True)
class Guide(Section):
    """Where a guided network's guide comes from: one of the two."""

    recipe: str | None = None  # trained first, in the same run, on the same data
    model: str | None = None  # or a finished colorizer's file


@dataclasses.dataclass(frozen=True, kw_only=True)
class Adversarial(Section):
    """How a discriminator takes part: see `kcolor.AdversarialColorizer.compile`."""

    factor: Annotated[float, Share] = 0.1
    kind: Literal["bce", "least_squares"] = "bce"
    label_smoothing: Annotated[float, BelowOne] = 0.0
    discriminator_every: Annotated[int, AtLeastOne] = 1
    trains: Literal["both", "generator", "discriminator"] = "both"
    stop_at_accuracy: Annotated[float, Share] | None = None  # stop once this share of real and made pictures is told apart


@dataclasses.dataclass(frozen=True)
class Named:
    """A section that names something in a registry, and gives its options.

    Args:
        name: Text. A key of the registry.
        options: Dict. Only what is given; the rest is left to the defaults there.
    """

    name: str
    options: dict[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, Any], section: str, where: str, registry: Mapping[str, Callable]) -> Self:
        """Makes a section of what somebody wrote, as the signature of what it names allows."""
        if "name" not in given:
            raise ValueError(f"Expected {section}.name in {where} as one of {sorted(registry)}. It is not there")
        name = given["name"]
        if not isinstance(name, str) or name not in registry:
            raise ValueError(f"Expected {section}.name in {where} as one of {sorted(registry)}. Received: {name!r}")
        options = {key: value for key, value in given.items() if key != "name"}
        return cls(name, read_options(options, registry[name], section, where, ["name"]))

    def to_dict(self) -> dict[str, Any]:
        """Returns the name and the options, as a recipe's file has them."""
        return {"name": self.name, **self.options}

    def with_options(self, **options: Any) -> Self:
        """Returns the same with other options."""
        return dataclasses.replace(self, options={**self.options, **options})


@dataclasses.dataclass(frozen=True)
class Options:
    """A section of the options of one layer.

    Args:
        options: Dict. Only what is given; the rest is left to the layer's defaults.
    """

    options: dict[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, Any], section: str, where: str, layer: Callable) -> Self:
        """Makes a section of what somebody wrote, as the layer's signature allows."""
        return cls(read_options(given, layer, section, where))

    def to_dict(self) -> dict[str, Any]:
        """Returns the options."""
        return dict(self.options)
