"""A photo's way to colour, in two steps: `Inference.predict` once for a photo, `Inference.paint` as often as wanted.

A prediction is small, whatever the photo's size: what the network saw, and chroma of that size. Whatever changes colours that
have been predicted (hints, frames of a film, a slider) stands between the two steps.
"""

import copy
import dataclasses
from collections.abc import Callable, Iterable

import numpy as np
from keras import ops
from PIL import Image

from kcolor.colorizer.forward import Forward
from kcolor.colorizer.hinted import hinted_coefficients
from kcolor.colorizer.input_size import Side
from kcolor.colorizer.options import Options
from kcolor.colorizer.painting import SMALL, Painter
from kcolor.hints.files import PhotoHints
from kcolor.hints.hint import Placement, place
from kcolor.hints.spread import descriptors
from kcolor.images import arrays
from kcolor.images.graph_sizes import choose, either, least, most, neither
from kcolor.images.guided_filter import constant_coefficients, guided_filter
from kcolor.images.resizing import reduced, resize
from kcolor.utils.compile import Graph
from kcolor.utils.types import Tensor

_LARGER = 1.4  # an ensemble looks at the photo a second time, larger by this factor
_SPARE = 3  # a large photo is first reduced by a whole factor, to no less than this many times its working size


@dataclasses.dataclass(frozen=True, eq=False)
class Prediction:
    """What the network makes of photos of one size. A small thing: h × w is the size at which the network saw them.

    Args:
        seen: Floats ``(batch, h, w, 3)`` in [0, 1]. The photos as the network saw them.
        chroma: Floats ``(batch, h, w, channels)``, or ``(batch, 1, 1, channels)`` if the target is pooled.
        raw: The network's raw output, if it was asked for.
        features: Floats ``(batch, h, w, maps)``: the network's last feature maps, if they were asked for.
        descriptors: Floats ``(batch, h, w, d)`` that say which pixels look alike to the network, if features were asked for.
        hints: Tuple with a `kcolor.hints.hint.Placement` for each photo, or empty. See `with_hints`.
    """

    seen: Tensor
    chroma: Tensor
    raw: Tensor | None = None
    features: Tensor | None = None
    descriptors: Tensor | None = None
    hints: tuple[Placement, ...] = ()

    def with_hints(self, hints: Iterable, size: tuple[int, int]) -> "Prediction":
        """Returns the same prediction with hints, to be painted. The network does not run again.

        Args:
            hints: Hints of `kcolor.hints`, instead of those before; for several photos a sequence of them for each photo.
            size: Pair (height, width) of the photo whose pixels the hints count.

        Raises:
            ValueError: If a hint lies outside the photo.
        """
        given = list(hints) if self.seen.shape[0] > 1 else [hints]
        if len(given) != self.seen.shape[0]:
            raise ValueError(f"Expected hints for each of {self.seen.shape[0]} photos. Received: {len(given)}")
        placed = [
            one.placed(*size) if isinstance(one, PhotoHints) else place(one, *size) for one in (one or () for one in given)
        ]
        return dataclasses.replace(self, hints=tuple(placed))


class Inference:
    """Colours photos in one way.

    Args:
        forward: `Forward` of the colorizer.
        options: `Options`. Its size, temperature and ensemble decide what is predicted; saturation and tone are a matter of
            painting, and can be given anew for each picture that is painted.
        painter: `Painter` for the target; a new one by default.
    """

    def __init__(self, forward: Forward, options: Options | None = None, painter: Painter | None = None):
        self.options = options or Options()
        target = (
            forward.target if self.options.temperature is None else forward.target.with_temperature(self.options.temperature)
        )
        self.forward = forward.with_target(target)
        self.painter = painter or Painter(target)
        # An ensemble needs to know sizes, to look twice only where they differ: no graph for all sizes.
        self._predict = self._seen_and_chroma if self.options.ensemble else Graph(self._seen_and_chroma)
        self._features = Graph(self._seen_raw_and_features)
        self._coefficients = {keep_tone: self._coefficients_graph(keep_tone) for keep_tone in (False, True)}

    def with_options(self, options: Options) -> "Inference":
        """Returns the same inference, with the same graphs, that paints with the saturation and tone of other options."""
        other = copy.copy(self)
        other.options = options
        return other

    def __call__(self, photos: np.ndarray) -> np.ndarray:
        """Colours photos of one size: `predict` and `paint`."""
        return self.paint(self.predict(photos), photos)

    def hinted(self, photos: np.ndarray, hints: Iterable | None) -> np.ndarray:
        """Colours photos of one size with hints: `predict`, `Prediction.with_hints` and `paint`.

        Args:
            photos: ``(batch, height, width, 3)``, uint8 or floats in [0, 1].
            hints: As of `Prediction.with_hints`; None for none.
        """
        if hints is None:
            return self(photos)
        prediction = self.predict(photos, features=self.forward.has_features)
        return self.paint(prediction.with_hints(hints, photos.shape[1:3]), photos)

    def predict(self, photos: np.ndarray, features: bool = False) -> Prediction:
        """Runs the network.

        Args:
            photos: ``(batch, height, width, 3)``, uint8 or floats in [0, 1].
            features: Boolean. Whether the prediction has the raw output and the feature maps, too. Hints reach as far as they
                should only with them.

        Returns:
            A `Prediction`.
        """
        small = self.reduced(photos)
        if not features:
            return Prediction(*self._predict(small))
        seen, raw, maps = self._features(small)
        chroma = self._predict(small)[1] if self.options.ensemble else self.forward.chroma(raw, seen)
        return Prediction(seen, chroma, raw, maps, descriptors(seen, maps))

    def _seen_raw_and_features(self, small):
        seen = self.forward.seen(arrays.to_float(small), self.options.size)
        raw, maps = self.forward.raw_and_features(seen)
        return seen, raw, self.forward.at_photo(resize_like(maps, raw), seen)

    def paint(
        self,
        prediction: Prediction,
        photos: np.ndarray,
        saturation: float | None = None,
        keep_tone: bool | None = None,
    ) -> np.ndarray:
        """Paints predicted colours onto photos.

        Args:
            prediction: `Prediction` of these photos, or of smaller copies of them.
            photos: ``(batch, height, width, 3)``, uint8 or floats in [0, 1], of any size.
            saturation: Float. Factor on the chroma instead of the options'.
            keep_tone: Boolean. Instead of the options'.

        Returns:
            uint8 RGB of the photos' size and lightness.
        """
        saturation = self.options.saturation if saturation is None else saturation
        keep_tone = self.options.keep_tone if keep_tone is None else keep_tone
        if any(prediction.hints):
            coefficients = self._hinted(prediction, photos, float(saturation), keep_tone)
        else:
            size = photos.shape[1:3]
            coefficients = self._coefficients[keep_tone](prediction.chroma, prediction.seen, size, float(saturation))
        return np.stack([self.painter(one, photo) for one, photo in zip(coefficients, photos, strict=True)])

    def _hinted(self, prediction, photos, saturation, keep_tone):
        """Coefficients of each photo, with its hints."""
        as_it_is, size = self._coefficients[False], photos.shape[1:3]  # saturation and tone are in the chroma already
        alike = prediction.descriptors
        alike = descriptors(prediction.seen) if alike is None else alike
        chroma = self._toned(prediction.chroma, prediction.seen, saturation, keep_tone)
        return [
            hinted_coefficients(
                chroma[i : i + 1],
                prediction.seen[i : i + 1],
                alike[i : i + 1],
                prediction.hints[i],
                photo,
                self.forward.target,
                lambda moved, seen=prediction.seen[i : i + 1]: as_it_is(moved, seen, size, 1.0),
            )
            for i, photo in enumerate(photos)
        ]

    def in_graph(self, photos: Tensor, paint: Callable[[Tensor, Tensor], Tensor] | None = None) -> Tensor:
        """Colours photos by operations alone, as an exported colorizer does: sizes may be unknown.

        Only operations are used that TensorFlow, ONNX and LiteRT all have: see docs/pitfalls.md.

        Args:
            photos: uint8 tensor ``(batch, height, width, 3)``.
            paint: Callable ``(coefficients, photos) -> uint8``, if a photo is not to be painted all at once.

        Returns:
            uint8 tensor of the same shape.
        """
        height, width = ops.shape(photos)[1:3]
        seen, chroma = self._seen_and_chroma(reduced(photos, self._reduction(height, width)))
        coefficients = self._colored(chroma, seen, (height, width), 1.0, self.options.keep_tone)
        return (paint or self.painter.whole)(coefficients, photos)

    def _seen_and_chroma(self, small):
        rgb = arrays.to_float(small)
        seen = self.forward.seen(rgb, self.options.size)
        if not self.options.ensemble:
            return seen, self._chroma(seen)
        views = [resize(rgb, size) for size in self._ensemble_sizes(rgb, seen)]
        parts = [self._chroma(view, mirror, ops.shape(seen)[1:3]) for view in views for mirror in (False, True)]
        return seen, sum(parts) / len(parts)

    def _chroma(self, view, mirror=False, size=None):
        """Chroma of photos as they are seen once, turned and scaled back."""
        raw = self.forward.raw(ops.flip(view, axis=2) if mirror else view)
        chroma = self.forward.chroma(raw, view)
        if self.forward.target.pooled or size is None:
            return chroma
        return resize(ops.flip(chroma, axis=2) if mirror else chroma, size)

    def _ensemble_sizes(self, rgb, seen):
        size = tuple(seen.shape[1:3])
        larger = self.forward.sizes.seen(*ops.shape(rgb)[1:3], round(_LARGER * min(size)))
        return dict.fromkeys([size, tuple(larger)])

    def _coefficients_graph(self, keep_tone):
        def coefficients(chroma, seen, size, saturation):
            size = size if isinstance(size, tuple) else tuple(ops.unstack(size, 2))
            return self._colored(chroma, seen, size, saturation, keep_tone)

        return Graph(coefficients)

    def _colored(self, chroma, seen, size, saturation, keep_tone):
        return coefficients_of(self.forward, self._toned(chroma, seen, saturation, keep_tone), seen, size)

    def _toned(self, chroma, seen, saturation, keep_tone):
        """Chroma as strong as it is to be, perhaps on top of the photo's own tone."""
        target = self.forward.target
        chroma = target.scale_chroma(chroma, saturation)
        if keep_tone and not target.pooled:
            own = target.own_chroma(seen)
            chroma = chroma + own - target.neutral(own)
        return chroma

    def reduced(self, photos: np.ndarray) -> np.ndarray:
        """Returns large photos near their working size, in 8 bits: as floats a scan of 50 megapixels takes 600 MB.

        Args:
            photos: ``(batch, height, width, 3)``, uint8 or floats in [0, 1].
        """
        factor = self._reduction(*photos.shape[1:3])
        if factor == 1 or photos.dtype != np.uint8:
            return photos
        return np.stack([np.asarray(Image.fromarray(photo).reduce(factor)) for photo in photos])

    def _reduction(self, height, width):
        """By which whole factor a photo is made smaller before anything else."""
        working = self.forward.sizes.seen(height, width, self.options.size)
        factor = most(1, least(height // working[0], width // working[1]) // _SPARE)
        if isinstance(factor, int):
            return factor if height * width > SMALL else 1
        return ops.where(height * width > SMALL, factor, 1)


def resize_like(maps: Tensor, other: Tensor) -> Tensor:
    """Returns maps scaled to another tensor's height and width."""
    return resize(maps, ops.shape(other)[1:3])


def coefficients_of(forward: Forward, chroma: Tensor, seen: Tensor, size: tuple[Side, Side]) -> Tensor:
    """Returns what photos are painted with: chroma as a local linear function of lightness.

    Args:
        forward: `Forward` that the chroma comes from.
        chroma: ``(batch, h, w, channels)``.
        seen: Photos of that size.
        size: The (height, width) of the photos to paint. Where chroma is stretched to it, it follows the photos' edges.

    Returns:
        Coefficients ``(batch, …, 2 * channels)`` of the size seen, or of the photos' if that is smaller.
    """
    if forward.target.pooled:
        return constant_coefficients(chroma)
    seen_size = ops.shape(seen)[1:3]
    smaller = either(size[0] < seen_size[0], size[1] < seen_size[1])
    larger = either(size[0] > seen_size[0], size[1] > seen_size[1])
    coefficients = choose(
        either(smaller, neither(larger, forward.output_stride > 1)),
        lambda: constant_coefficients(chroma),
        lambda: guided_filter(chroma, forward.target.luma(seen), 2 * forward.output_stride),
    )
    return resize(coefficients, choose(smaller, lambda: size, lambda: seen_size))
