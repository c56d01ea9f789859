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

from kcolor.colorizer.coefficients import coefficients_of, resize_like
from kcolor.colorizer.forward import Forward
from kcolor.colorizer.hinted import PhotoForHints, hinted_chroma, hinted_coefficients
from kcolor.colorizer.input_size import Side
from kcolor.colorizer.options import Options
from kcolor.colorizer.painting import PIXELS_AT_ONCE, Painter
from kcolor.colorizer.prediction import Prediction
from kcolor.colorizer.reference import Reference
from kcolor.hints.matching import guesses
from kcolor.hints.spread import descriptors
from kcolor.images import arrays
from kcolor.images.graph_sizes import least, most
from kcolor.images.resizing import reduced, resize
from kcolor.utils.compile import Graph
from kcolor.utils.types import Tensor

_LARGER = 1.4  # an ensemble looks at the photo a second time, larger by this factor
_BAND = 1 << 19  # pixels of a scan that are reduced at once
_SPARE = 3  # a large photo is first reduced by a whole factor, to no less than this many times its working size


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
        self._references: dict[str, Reference] = {}  # the last one; shared by what `with_options` returns
        self._seen_graph = Graph(lambda small, size: _seen(small, _pair(size)))
        self._look_graph = Graph(self._look)
        self._features_graph = Graph(self._raw_and_features)
        self._descriptors_graph = Graph(self._descriptors)
        self._hints_graph = Graph(self._chroma_added_by_hints)
        self._fit_graph = Graph(lambda chroma, luma, size: coefficients_of(self.forward, chroma, luma, _pair(size)))
        self._coefficients = {keep_tone: self._coefficients_graph(keep_tone) for keep_tone in (False, True)}

    def with_options(self, options: Options) -> "Inference":
        """Returns the same inference, with the same graphs, but with the saturation, tone and ensemble of other options."""
        other = copy.copy(self)
        other.options = options
        return other

    def __call__(self, photos: np.ndarray) -> np.ndarray:
        """Colours photos of one size: `predict` and `paint`."""
        return self.paint(self.predict(photos), photos)

    def hinted(self, photos: np.ndarray, hints: Iterable | None, reference: np.ndarray | None = None) -> np.ndarray:
        """Colours one photo with hints: `predict`, `Prediction.with_hints` and `paint`.

        Args:
            photos: ``(1, height, width, 3)``, uint8 or floats in [0, 1].
            hints: As of `Prediction.with_hints`; None for none.
            reference: Photo ``(height, width, 3)`` in colour, whose colours are guesses for what looks like it.
        """
        if hints is None and reference is None:
            return self(photos)
        prediction = self.predict(photos, features=self.forward.has_features)
        placed = prediction.with_hints(() if hints is None else hints, photos.shape[1:3])
        if reference is not None:
            placed = placed.with_guesses(guesses(self.referring(reference).matches(prediction)), photos.shape[1:3])
        return self.paint(placed, photos)

    def referring(self, reference: np.ndarray) -> Reference:
        """Returns what the network sees in a reference photograph; the last one is kept for the next photo.

        Args:
            reference: Photo ``(height, width, 3)`` in colour.
        """
        if not self.forward.has_features:
            raise ValueError("Expected a network with feature maps, to match a reference by. This one has none")
        found = self._references.get("last")
        if found is None or found.rgb is not reference:
            found = self._references["last"] = Reference(self, reference)
        return found

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
            return Prediction(*self._seen_and_chroma(small))
        seen = self._seen(small, self._sizes(*small.shape[1:3])[0])
        raw, maps, trunk = self._features_graph(seen)
        chroma = self._seen_and_chroma(small)[1] if self.options.ensemble else self.forward.chroma(raw, seen)
        return Prediction(seen, chroma, raw, maps, self._descriptors_graph(seen, maps, chroma), trunk)

    def _descriptors(self, seen, maps, chroma):
        return descriptors(seen, maps, self.forward.target.lab(chroma, seen)[..., 1:])

    def _raw_and_features(self, seen):
        raw, maps, trunk = self.forward.raw_features_and_trunk(seen)
        return raw, self.forward.at_photo(resize_like(maps, raw), seen), trunk

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
        painted = [self.painter(one, photo) for one, photo in zip(coefficients, photos, strict=True)]
        return painted[0][None] if len(painted) == 1 else np.stack(painted)  # a large photo is not copied

    def chroma(self, prediction: Prediction, photos: np.ndarray) -> Tensor:
        """Returns the chroma of predictions with their hints, before it is painted: of the size that the network saw.

        Args:
            prediction: `Prediction` of these photos.
            photos: As of `paint`.
        """
        saturation, keep_tone = float(self.options.saturation), self.options.keep_tone
        if not any(prediction.hints):
            return self._as_wanted(prediction.chroma, prediction.seen, saturation, keep_tone)
        prepared = self._prepared(prediction, saturation, keep_tone)
        return ops.concatenate([hinted_chroma(*one) for one in zip(prepared, prediction.hints, photos, strict=True)])

    def _hinted(self, prediction, photos, saturation, keep_tone):
        """Coefficients of each photo, with its hints."""
        prepared, size = self._prepared(prediction, saturation, keep_tone), photos.shape[1:3]
        return [
            hinted_coefficients(one, hints, photo, lambda chroma, luma: self._fit_graph(chroma, luma, size))
            for one, hints, photo in zip(prepared, prediction.hints, photos, strict=True)
        ]

    def _prepared(self, prediction, saturation, keep_tone):
        given = (prediction.chroma, prediction.seen, prediction.descriptors, saturation, keep_tone)
        return prediction.once("prepared", given, lambda: self._newly_prepared(prediction, saturation, keep_tone))

    def _newly_prepared(self, prediction, saturation, keep_tone):
        seen, alike = prediction.seen, prediction.descriptors
        alike = descriptors(seen) if alike is None else alike
        chroma = self._as_wanted(prediction.chroma, seen, saturation, keep_tone)
        one = [slice(i, i + 1) for i in range(seen.shape[0])]
        learnt = [self._learnt(prediction, i, saturation) if prediction.trunk else None for i in one]
        return [
            PhotoForHints(chroma[i], seen[i], alike[i], self.forward.target, see) for i, see in zip(one, learnt, strict=True)
        ]

    def _learnt(self, prediction, one, saturation):
        """Returns the function from hints to what the network has learnt to make of them: what they add to chroma."""
        trunk, raw, seen = [maps[one] for maps in prediction.trunk], prediction.raw[one], prediction.seen[one]

        def added(hints):
            rows = np.zeros((1, max(8, 1 << (len(hints) - 1).bit_length()), hints.shape[1]), "float32")  # few graphs
            rows[0, : len(hints)] = hints
            return self._hints_graph(*trunk, rows, raw, seen, saturation)

        return added

    def _chroma_added_by_hints(self, plain, fine, coarse, hints, raw, seen, saturation):
        forward, target = self.forward, self.forward.target
        height, width = ops.shape(seen)[1:3]
        inside = forward.sizes.seen(height, width) if forward.sizes.fixed else (height, width)
        framed = forward.sizes.framed(height, width)
        down, across = (ops.cast(a, "float32") / ops.cast(b, "float32") for a, b in zip(inside, framed, strict=True))
        hints = ops.convert_to_tensor(hints) * ops.stack([down, across, down, across, 1.0, 1.0, 1.0])
        forward = dataclasses.replace(forward, tint=1.0)  # what hints add to one place takes nothing from others
        then, before = (forward.chroma(x, seen) for x in (forward.raw_with_hints((plain, fine, coarse), hints), raw))
        return target.scale_chroma(then, saturation) - target.scale_chroma(before, saturation)

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
        small = reduced(photos, self.reduction(height, width))
        small_height, small_width = ops.shape(small)[1:3]
        seen = _seen(small, self.forward.sizes.seen(small_height, small_width, self.options.size))
        chroma = self._look(seen)
        coefficients = self._colored(chroma, seen, (height, width), 1.0, self.options.keep_tone)
        return (paint or self.painter.whole)(coefficients, photos)

    def _seen_and_chroma(self, small):
        size, *others = self._sizes(*small.shape[1:3])
        seen = self._seen(small, size)
        if not self.options.ensemble:
            return seen, self._look_graph(seen)
        views = [seen, *(self._seen(small, other) for other in others)]
        parts = [self._turned_back(self._look_graph(view), False, size) for view in views]
        parts += [self._turned_back(self._look_graph(ops.flip(view, axis=2)), True, size) for view in views]
        return seen, sum(parts) / len(parts)

    def _seen(self, small, size):
        """Photos at the size at which the network sees them. Of grey ones a single channel is resized."""
        return self._seen_graph(small[..., :1] if arrays.is_gray(small) else small, size)

    def _sizes(self, height, width):
        """Sizes at which the network sees a photo. An ensemble looks twice where they differ."""
        size = self.forward.sizes.seen(height, width, self.options.size)
        if not self.options.ensemble:
            return [size]
        sizes = self.forward.sizes
        # Not by the shorter side of `size`: of a very wide photo that is less than the working size already.
        larger = round(_LARGER * (self.options.size or sizes.working or min(size)))
        return list(dict.fromkeys([size, sizes.seen(height, width, larger)]))

    def _look(self, seen):
        """The network's chroma for what it sees."""
        return self.forward.chroma(self.forward.raw(seen), seen)

    def _turned_back(self, chroma, mirrored, size):
        if self.forward.target.pooled:
            return chroma
        return resize(ops.flip(chroma, axis=2) if mirrored else chroma, size)

    def _coefficients_graph(self, keep_tone):
        def coefficients(chroma, seen, size, saturation):
            return self._colored(chroma, seen, _pair(size), saturation, keep_tone)

        return Graph(coefficients)

    def _colored(self, chroma, seen, size, saturation, keep_tone):
        chroma = self._as_wanted(chroma, seen, saturation, keep_tone)
        return coefficients_of(self.forward, chroma, self.forward.target.luma(seen), size)

    def _as_wanted(self, chroma, seen, saturation, keep_tone):
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
        factor = self.reduction(*photos.shape[1:3])
        if factor == 1 or photos.dtype != np.uint8:
            return photos
        return np.stack([_reduced(photo, factor) for photo in photos])

    def reduction(self, height: Side, width: Side) -> Side:
        """Returns by which whole factor a photo of a size is made smaller before anything else."""
        working = self.forward.sizes.seen(height, width, self.options.size)
        factor = most(1, least(height // working[0], width // working[1]) // _SPARE)
        if isinstance(factor, int):
            return factor if height * width > PIXELS_AT_ONCE else 1
        return ops.where(height * width > PIXELS_AT_ONCE, factor, 1)


def _seen(small, size):
    """Photos of three channels, or of one for all, as floats of three at a size."""
    seen = resize(arrays.to_float(small), size)
    return seen if seen.shape[-1] == 3 else ops.repeat(seen, 3, axis=-1)


def _reduced(photo, factor):
    """A photo made smaller by a whole factor, in bands of rows: Pillow copies what it is given, and a whole scan is much."""
    rows = factor * max(1, _BAND // (factor * photo.shape[1]))
    bands = (photo[top : top + rows] for top in range(0, len(photo), rows))
    return np.concatenate([np.asarray(Image.fromarray(band).reduce(factor)) for band in bands])


def _pair(size):
    return size if isinstance(size, tuple) else tuple(ops.unstack(size, 2))
