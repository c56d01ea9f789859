"""What a colorizer that predicts bins thought of a photo: how sure it was, of which colours, and what settings would change."""

import dataclasses
import functools

import numpy as np
from keras import ops
from PIL import Image

from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.prediction import Prediction
from kcolor.hints.hint import place_one
from kcolor.hints.patches import patches_in
from kcolor.images import arrays
from kcolor.targets import ColorTarget
from kcolor.utils.compile import without_gradients

TEMPERATURES = (0.0, 0.2, 0.4, 0.7, 1.0)
_LARGEST = 640  # pixels of the longer side: what is drawn needs no more
_SIZES = (0.5, 1.0, 1.5, 2.0)  # of the colorizer's working size
_USUAL = 192  # for a colorizer without a working size of its own


@dataclasses.dataclass(frozen=True, eq=False)
class Explanation:
    """What a colorizer thought of a photo.

    Args:
        photo: uint8 array ``(height, width, 3)``. The photo, a large one made smaller.
        colored: uint8 array of the same size. How it is coloured.
        unsure: Floats ``(h, w)``, 1 or more: between how many equally likely colours the colorizer would be as unsure of each
            pixel. It is exp(H) of the entropy H of its distribution.
        shares: Floats ``(bins,)``: how likely each bin is, at the place or on average over the photo.
        target: `ColorTarget` of the colorizer.
        place: Pair (x, y) of shares of the photo's sides, or None if the shares are those of the whole photo.
        by_temperature: uint8 array for each temperature.
        by_size: uint8 array for each working size, in pixels.
        own_size: Integer. The colorizer's own working size.
    """

    photo: np.ndarray
    colored: np.ndarray
    unsure: np.ndarray
    shares: np.ndarray
    target: ColorTarget
    place: tuple[float, float] | None
    by_temperature: dict[float, np.ndarray]
    by_size: dict[int, np.ndarray]
    own_size: int


def explain(
    colorizer: Colorizer,
    photo: np.ndarray,
    x: float | None = None,
    y: float | None = None,
    *,
    radius: float | None = None,
    relative: bool = False,
) -> Explanation:
    """Returns what a colorizer thought of a photo.

    >>> colorizer = kcolor.Colorizer("unet", kcolor.targets.Bins(grid=6), filters=(4, 8), size=16)
    >>> found = explain(colorizer, np.full((20, 30), 128, "uint8"), 3, 4)
    >>> found.unsure.shape, len(found.shares), sorted(found.by_size)
    ((16, 24), 36, [8, 16, 24, 32])

    Args:
        colorizer: A `Colorizer` whose target is bins.
        photo: One photo ``(h, w)``, ``(h, w, 1)`` or ``(h, w, 3)``.
        x: Number. Column of a place; this and the following as of `kcolor.hints.Hint`. None stands for the whole photo.
        y: Number. Row.
        radius: Number. Half of the place's side.
        relative: Boolean. Whether x, y and radius are shares.

    Raises:
        ValueError: If the target has no bins, or the place lies outside the photo.
    """
    target = colorizer.target
    if target.bins is None:
        received = type(target).__name__
        raise ValueError(f"Expected a colorizer whose target is bins: these say how sure it is. Received: {received}")
    if (x is None) != (y is None):
        raise ValueError(f"Expected both x and y of a place, or neither. Received: x={x}, y={y}")
    rgb = arrays.check_photo(photo)
    height, width = rgb.shape[:2]
    placed = None if x is None or y is None else place_one(x, y, height, width, radius, relative)
    small, forward = _small(rgb), colorizer.forward_pass
    painted = functools.partial(_painted, colorizer, small)
    seen, raw = _predicted(forward, small)
    shares = ops.softmax(ops.cast(raw, "float32"), axis=-1)
    shares = ops.convert_to_numpy(forward.at_photo(shares, seen))[0]
    mean = shares.mean(axis=(0, 1))
    if placed is not None:
        mean = patches_in(ops.convert_to_numpy(seen)[0], (placed,)).of(shares)[0]
    own = colorizer.size or min(_USUAL, *small.shape[:2])
    sizes = sorted({max(1, round(own * factor)) for factor in _SIZES})
    return Explanation(
        photo=small,
        colored=painted(target, seen, raw),
        unsure=np.exp(-np.sum(shares * np.log(np.maximum(shares, 1e-12)), axis=-1)),
        shares=mean / mean.sum(),
        target=target,
        place=None if placed is None else ((placed.box[1] + placed.box[3]) / 2, (placed.box[0] + placed.box[2]) / 2),
        by_temperature={value: painted(target.with_temperature(value), seen, raw) for value in TEMPERATURES},
        by_size={size: painted(target, *_predicted(forward, small, size)) for size in sizes},
        own_size=own,
    )


def _predicted(forward, photo, size=None):
    """Returns a photo as the network sees it, and the network's raw output."""
    seen = forward.seen(arrays.to_float(photo[None]), size)
    with without_gradients():
        return seen, forward.raw(seen)


def _painted(colorizer, photo, target, seen, raw):
    """Decodes a raw output as a target does, and paints the photo. Once a graph for each temperature would take minutes."""
    forward = colorizer.forward_pass.with_target(target)
    return colorizer.inference().paint(Prediction(seen, forward.chroma(raw, seen)), photo[None])[0]


def _small(rgb):
    picture = Image.fromarray(rgb if rgb.dtype == np.uint8 else arrays.to_uint8(rgb))
    picture.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
    return np.asarray(picture)
