"""The colorizer: a network and a colour target, as one Keras model from photos to coloured photos."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np

from kcolor import targets
from kcolor.colorizer.batch_checks import check_shape
from kcolor.colorizer.builders import built
from kcolor.colorizer.coefficients import painted
from kcolor.colorizer.compatibility import check_agreement, check_format, check_match
from kcolor.colorizer.conditions import Guide
from kcolor.colorizer.exports import export_as_keras_does
from kcolor.colorizer.forward import Forward
from kcolor.colorizer.inference import Inference
from kcolor.colorizer.input_size import InputSizes, fixed_size, input_stride, output_stride
from kcolor.colorizer.many import color_photos
from kcolor.colorizer.options import Options, check_saturation, check_tint, whole_size
from kcolor.colorizer.painting import Painter
from kcolor.colorizer.sampled_hints import SampledHints
from kcolor.colorizer.suggesting import suggestions_at
from kcolor.colorizer.training_step import Learner
from kcolor.hints.hint import place_one
from kcolor.hints.suggestions import Suggestion
from kcolor.images import arrays
from kcolor.utils.kept import keep
from kcolor.utils.types import PathLike, Tensor
from kcolor.utils.untracked import Untracked

# Counts up when an older kcolor could not read what is written. Each format has a golden file in tests/golden, which is never
# made again.
FORMAT = 2
_PARTS = ("network", "target", "augment", "age", "guide")
_HOW_IT_COLORS = ("saturation", "tint", "stretch_tone", "smooth_grain", "agreement")
_SETTINGS = ("size", "stride", *_HOW_IT_COLORS, "name")
_KEPT = 4  # ways of colouring that are kept: each has graphs of some megabytes, which take a second to make


@keras.saving.register_keras_serializable("kcolor")
class Colorizer(Learner):
    """Colours photos with a network, and trains that network on photos in colour.

    ``colorizer(photos)`` takes RGB in [0, 1], or uint8, of any size, and returns coloured RGB in [0, 1]. `colorize` does the
    same for uint8 arrays; it is what a photograph wants. `compile` and `fit` are Keras's, on data sets of RGB photos: what
    the network sees, what it should output, augmentation, loss and metrics are computed on the device. Colour is computed in
    float32, whatever policy the network was built under.

    Args:
        network: Keras functional model from lightness ``(b, h, w, 1)``, or RGB ``(b, h, w, 3)``, to the target's raw output;
            or the name of one in `kcolor.models.MODELS`, which is built with `network_options`.
        target: `kcolor.targets.ColorTarget`, or the name of one in `kcolor.targets.TARGETS`. What the raw output means.
        size: Integer. Working size of `colorize`: the shorter side of what the network sees. None lets it see photos as they
            are, as training and calling it always do. The result has the photo's size and lightness in any case.
        augment: Keras layer for training photos, seen and true ones alike, as `kcolor.augment.Geometry`.
        age: Keras layer for what is seen alone, as `kcolor.augment.Age`.
        guide: `Colorizer` with a pooled target, for networks with an input called ``guide``. It is not trained.
        stride: Integer. What both sides of the network's input must be multiples of. kcolor's builders say it themselves; for
            other networks it is taken to be 32.
        saturation: Float. Factor on the predicted chroma; above 1 makes up for averaged, pale predictions.
        tint: Float in [0, 1]. How much of the mean colour of each predicted picture stays; 0 makes its mean grey. Where a
            network is unsure it gives all of a picture the same tint, too much of it: with less, and a higher `saturation`,
            things differ more in colour.
        stretch_tone: Boolean. Whether the network sees each photo's lightness stretched from black to white, in training as in
            use: faded photos then look to it as new ones do. The result keeps the photo's own lightness.
        smooth_grain: Boolean. Whether the network sees each photo without its grain, in training as in use: it takes the grain
            of old films for things. The result keeps it.
        agreement: Boolean. For a target of bins: whether like places agree on a colour before it is chosen
            (`kcolor.colorizer.agreement`). There are fewer patches then, and fewer colours. In training it plays no part.
        name: String. Name of the Keras model.
        network_options: Options of the builder, if the network is given by name.

    >>> colorizer = kcolor.Colorizer("unet", "bins", filters=(4, 8))
    >>> colorizer.colorize(np.zeros((30, 40), "uint8")).shape
    (30, 40, 3)
    """

    def __init__(
        self,
        network: keras.Model | str,
        target: targets.ColorTarget | str,
        *,
        size: int | None = None,
        augment: keras.layers.Layer | None = None,
        age: keras.layers.Layer | None = None,
        guide: "Colorizer | None" = None,
        stride: int | None = None,
        saturation: float = 1.0,
        tint: float = 1.0,
        stretch_tone: bool = False,
        smooth_grain: bool = False,
        agreement: bool = False,
        name: str = "colorizer",
        **network_options: Any,
    ):
        # Never half precision: Keras would round the photos before anything else sees them.
        super().__init__(name=name, dtype="float32")
        target = targets.get(target) if isinstance(target, str) else target
        network = built(network, target, guide, network_options)
        conditions = () if guide is None else (Guide(guide),)
        check_match(network, target, conditions)
        size = whole_size(size)
        check_saturation(saturation)
        check_tint(tint)
        self.network, self.target, self.size = network, target, size
        self.saturation, self.tint = float(saturation), float(tint)
        self.stretch_tone, self.smooth_grain, self.agreement = bool(stretch_tone), bool(smooth_grain), bool(agreement)
        if self.agreement:
            check_agreement(network, target)
        self.augment, self.age, self.guide = augment, age, guide
        if guide is not None:
            guide.trainable = False
        self.stride = stride or input_stride(network)
        self.output_stride = output_stride(network, self.stride)
        sizes = InputSizes(fixed_size(network), size, self.stride)
        settings = {name: getattr(self, name) for name in _HOW_IT_COLORS}
        self.forward_pass = Forward(network, target, sizes, self.output_stride, conditions, **settings)
        self.draw_hints = SampledHints(name="draw_hints") if self.forward_pass.uses_hints else None
        self._ways = Untracked(painter=Painter(target), kept={})
        self.built = True  # as its parts are

    @classmethod
    def from_preset(cls, preset: PathLike, precision: str | None = "float32") -> "Colorizer":
        """Loads a colorizer: the same as `kcolor.load`.

        Args:
            preset: Name of a colorizer that ships with kcolor (see `kcolor.presets`), a file, or the folder of a run.
            precision: String. Dtype policy of its layers; None keeps the one that it was trained in.

        Returns:
            A `Colorizer`, ready to colour. Compile it to train it further.
        """
        import kcolor  # loading stands above this package: it is asked for by its public name

        return kcolor.load(preset, precision)

    # Colouring

    def call(self, photo: Tensor, training: bool = False) -> Tensor:
        """Colours RGB photos ``(b, h, w, 3)``. A dict is a step of training, packed by `training_pair` for Keras's own loop."""
        if isinstance(photo, dict):
            return self._training_output(photo, training)
        check_shape(photo, "photo")
        rgb = arrays.to_float(photo)
        seen = self.forward_pass.seen(rgb) if self.forward_pass.sizes.fixed else rgb
        return painted(self.forward_pass, self.forward_pass.raw(seen, training), seen, rgb)

    def colorize(
        self,
        photos: Tensor | Sequence[Tensor],
        batch_size: int = 8,
        hints: Iterable | None = None,
        reference: Tensor | None = None,
        **options: Any,
    ) -> np.ndarray | list[np.ndarray]:
        """Colours photos of any size.

        Args:
            photos: One photo ``(h, w)``, ``(h, w, 1)`` or ``(h, w, 3)``; a batch ``(b, h, w, 3)``; or a list of photos of any
                sizes. uint8, or floats in [0, 1].
            batch_size: Integer. How many photos of a batch the network sees at once.
            hints: Colours of places: a sequence of hints of `kcolor.hints`; for several photos one for each.
            reference: One photo in colour. What looks like it gets its colours, see docs/hints.md.
            options: `size`, `temperature`, `saturation`, `ensemble`, `keep_tone`: see `kcolor.colorizer.options.Options`.

        Returns:
            uint8 RGB: an array of the size of what came in, or a list of them. Lightness is the photos' own.

        >>> colorizer = kcolor.Colorizer("unet", "lab", filters=(4, 8))
        >>> [picture.shape for picture in colorizer.colorize([np.zeros((8, 9), "uint8"), np.zeros((5, 4, 3))])]
        [(8, 9, 3), (5, 4, 3)]
        >>> red = colorizer.colorize(np.full((9, 9), 128, "uint8"), hints=[kcolor.hints.Hint(4, 4, "red")])
        >>> (red[4, 4] > 120).tolist()
        [True, False, False]
        """
        return color_photos(self.inference(**options), photos, hints, batch_size, reference)

    def inference(self, **options: Any) -> Inference:
        """Returns what colours photos in one way, in two steps: `Inference.predict` and `Inference.paint`.

        Args:
            options: As of `colorize`.

        Returns:
            An `Inference`, made once for each way of predicting and then kept.

        >>> photo, inference = np.zeros((1, 8, 8, 3), "uint8"), kcolor.load("shapes").inference()
        >>> inference.paint(inference.predict(photo), photo, saturation=0.5).shape
        (1, 8, 8, 3)
        """
        asked, kept = Options(**options), self._ways.kept
        way = (asked.size, asked.temperature, asked.ensemble)  # the rest is a matter of painting
        found = kept.get(way)
        if found is None:
            found = keep(kept, way, Inference(self.forward_pass, asked, self._ways.painter), _KEPT)
        return found.with_options(asked)

    def suggest(
        self, photo: Tensor, x: float, y: float, count: int = 9, *, radius: float | None = None, relative: bool = False
    ) -> list[Suggestion]:
        """Returns colours that a place may have, the likeliest first.

        A distribution over bins says them. For other targets these are the predicted colour, and paler and turned ones.

        Args:
            photo: One photo, as of `colorize`.
            x: Number. Column; this and the following as of `kcolor.hints.Hint`.
            y: Number. Row.
            count: Integer. The most colours.
            radius: Number. Half of the place's side.
            relative: Boolean. Whether x, y and radius are shares.

        >>> colorizer = kcolor.Colorizer("unet", "bins", filters=(4, 8))
        >>> colors = colorizer.suggest(np.full((8, 9), 128, "uint8"), 3, 4, count=5)
        >>> len(colors) <= 5 and sum(color.share for color in colors) <= 1.001
        True
        """
        if count != int(count) or count < 1:
            raise ValueError(f"Expected `count` as a number of colours. Received: {count!r}")
        rgb = arrays.check_photo(photo)
        height, width = rgb.shape[:2]
        patch = place_one(x, y, height, width, radius, relative)
        return suggestions_at(self.forward_pass, self.inference().reduced(rgb[None]), patch, int(count))

    def for_inference(self, target: targets.ColorTarget | None = None, **changes: Any) -> "Colorizer":
        """Returns a colorizer of the same network for colouring alone: without augmentation and discriminator.

        Args:
            target: `ColorTarget` to decode with instead; None keeps the own.
            changes: Other values of `size`, `guide`, `stride`, `saturation`, `tint`, `stretch_tone`, `smooth_grain`,
                `agreement` or `name`.

        Returns:
            An uncompiled `Colorizer`, which shares the network's weights.
        """
        kept = {name: getattr(self, name) for name in ("guide", *_SETTINGS)}
        return Colorizer(self.network, target or self.target, **{**kept, **changes})

    # Saving

    def export(self, filepath: PathLike, format: str = "tf_saved_model", verbose: object = None, **options: Any) -> None:
        """Writes this colorizer for other programs, as `kcolor.export` does, under Keras's names of the formats.

        Args:
            filepath: Path of the file or folder.
            format: ``"tf_saved_model"``, ``"onnx"`` or ``"litert"``.
            verbose: Whether to print where it was written.
            options: `float16`, `size`, `hints` and `overwrite` of `kcolor.export`.
        """
        export_as_keras_does(self, filepath, format, verbose, options)

    def get_config(self) -> dict[str, Any]:
        config = {name: keras.saving.serialize_keras_object(getattr(self, name)) for name in _PARTS}
        own = {name: getattr(self, name) for name in _SETTINGS}
        return {**config, **own, "format": FORMAT}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Colorizer":
        config = {"format": 0, **config}  # what had none was of the first kcolor
        check_format(config.pop("format"), FORMAT)
        loaded = {name: keras.saving.deserialize_keras_object(config[name]) for name in _PARTS}
        return cls(**{**config, **loaded})
