"""Rendering: what `Colorizer.colorize` does with a batch of photos of one size, as somebody asked for it."""

import dataclasses

import numpy as np
from keras import ops
from PIL import Image

from kcolor.colorizer.painting import SMALL
from kcolor.images import arrays
from kcolor.images.graph_sizes import least, most
from kcolor.images.resizing import reduced, resize
from kcolor.utils.compile import Graph

_LARGER = 1.4  # an ensemble also looks at the photo so many times larger
_SPARE = 3  # a large photo is brought near its working size by whole factors, down to so many times that


@dataclasses.dataclass(frozen=True)
class Options:
    """What can be asked of the colours.

    Args:
        size: working size instead of the colorizer's own: the shorter side of what the network sees.
        temperature: of a distribution over bins: 0 for the likeliest colours, 1 for the mean; the target's own by default.
        saturation: colours are made so many times as strong as the colorizer makes them; 0 is grey.
        ensemble: whether to average over the photo and its mirror image, at two working sizes: calmer, four times the work.
        keep_tone: whether a toned photo (sepia) keeps its tone below the new colours. It is taken off otherwise.
    """

    size: int | None = None
    temperature: float | None = None
    saturation: float = 1.0
    ensemble: bool = False
    keep_tone: bool = False

    def __post_init__(self):
        if self.size is not None and (self.size != int(self.size) or self.size < 1):
            raise ValueError(f"Expected `size` as a number of pixels. Received: {self.size!r}")
        if self.temperature is not None and not 0 <= self.temperature <= 1:
            raise ValueError(f"Expected `temperature` in [0, 1]. Received: {self.temperature!r}")
        check_saturation(self.saturation)


def check_saturation(value: float) -> None:
    """Refuses what is no number of times that colours may be made as strong."""
    if not 0 <= value <= 10:
        raise ValueError(f"Expected `saturation` in [0, 10], 1 for the colours as they are. Received: {value!r}")


def render(colorizer, batch, options: Options):
    """Colours photos of one size.

    Args:
        colorizer: a `kcolor.Colorizer`.
        batch: ``(batch, height, width, 3)``, uint8 or floats in [0, 1], numpy.
        options: how.

    Returns:
        uint8 RGB of the same size.
    """
    sketch = colorizer.sketch(dataclasses.replace(options, saturation=1.0))  # which may change without making a new graph
    coefficients = sketch(_reduced(batch, colorizer, options), batch.shape[1:3], float(options.saturation))
    return np.stack([colorizer.painter(one, photo) for one, photo in zip(coefficients, batch, strict=True)])


def sketching(colorizer, options):
    """A function that says what photos are to be painted with.

    Args:
        colorizer: a `kcolor.Colorizer`.
        options: how; but for the saturation.

    Returns:
        ``(batch, size, saturation) -> coefficients``: of a batch as for `render`, which may have been made smaller, the photos'
        own (height, width), and how many times as strong as usual colours are to be.
    """

    def coefficients(batch, size, saturation):
        size = size if isinstance(size, tuple) else tuple(ops.unstack(size, 2))
        return _coefficients(colorizer, batch, size, options, saturation)

    return coefficients if options.ensemble else Graph(coefficients)  # which looks at sizes to know at what to look


def in_graph(colorizer, batch, paint=None):
    """`render` with the usual options, made of operations alone: what an exported colorizer does.

    Args:
        colorizer: a `kcolor.Colorizer`.
        batch: uint8 tensor ``(batch, height, width, 3)``; no size needs to be known.
        paint: ``(coefficients, batch) -> uint8``, if not all of a photo at once.

    Returns:
        uint8 RGB of the same size.
    """
    height, width = ops.shape(batch)[1:3]
    factor = _factor(colorizer, height, width, Options())
    small = arrays.to_float(reduced(batch, factor))
    coefficients = _coefficients(colorizer, small, (height, width), Options(), saturation=1.0)
    return (paint or colorizer.painter.whole)(coefficients, batch)


def _coefficients(colorizer, photo, size, options, saturation):
    """What a photo of some size is painted with; `photo` itself may have been made smaller."""
    target, rgb = _decoding(colorizer.target, options), arrays.to_float(photo)
    seen = resize(rgb, colorizer.working_size(rgb, options.size))
    views = _views(colorizer, rgb, seen, options)
    size_seen = ops.shape(seen)[1:3] if options.ensemble else None  # the one view has that size
    chroma = sum(_chroma(colorizer, target, *view, size_seen) for view in views) / len(views)
    chroma = target.scale_chroma(chroma, saturation)
    if options.keep_tone and not target.pooled:
        own = target.own_chroma(seen)
        chroma = chroma + own - target.neutral(own)
    return colorizer.coefficients(chroma, seen, size)


def _decoding(target, options):
    return target if options.temperature is None else target.with_temperature(options.temperature)


def _views(colorizer, rgb, seen, options):
    """What the network looks at, and whether that is a mirror image."""
    if not options.ensemble:
        return [(seen, False)]
    sizes = [seen.shape[1:3], colorizer.working_size(rgb, round(_LARGER * min(seen.shape[1:3])))]
    return [(resize(rgb, size), mirrored) for size in dict.fromkeys(map(tuple, sizes)) for mirrored in (False, True)]


def _chroma(colorizer, target, view, mirrored, size):
    """Chroma of one view, turned and scaled back."""
    raw = colorizer.raw(ops.flip(view, axis=2) if mirrored else view)
    chroma = colorizer.chroma(raw, view, target)
    if target.pooled or size is None:
        return chroma
    return resize(ops.flip(chroma, axis=2) if mirrored else chroma, size)


def _reduced(batch, colorizer, options):
    """Large photos, brought near their working size in 8 bits: as floats a scan of 50 megapixels takes 600 MB."""
    factor = _factor(colorizer, *batch.shape[1:3], options)
    if factor == 1 or batch.dtype != np.uint8:
        return batch
    return np.stack([np.asarray(Image.fromarray(photo).reduce(factor)) for photo in batch])


def _factor(colorizer, height, width, options):
    """By how much a photo is made smaller before anything else."""
    working = colorizer.working_of(height, width, options.size)
    factor = most(1, least(height // working[0], width // working[1]) // _SPARE)
    if isinstance(factor, int):
        return factor if height * width > SMALL else 1
    return ops.where(height * width > SMALL, factor, 1)
