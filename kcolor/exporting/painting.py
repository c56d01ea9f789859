"""Paints ab chroma onto photos in a graph that no compiler fuses, as onnxruntime, LiteRT and servers run it.

There each operation passes once over the photo, so what counts is their number. It computes what `kcolor.colorizer.tiles` does
in NumPy: the curves of 8-bit values are tables, and only the colours that sRGB does not have are brought into the gamut, which
takes ten times as many operations as all else.
"""

from collections.abc import Callable

import numpy as np

from kcolor.color.gamut import fit_channels
from kcolor.color.lab import FOOT_SLOPE, LAB_FOOT, LAB_FOOT_ROOT, RGB_FROM_XYZ, WHITE, XYZ_FROM_RGB
from kcolor.colorizer.curve_tables import LEVELS, LUMA_SLOPE, LUMA_START, light_of_levels, srgb_of_light
from kcolor.targets import ColorTarget
from kcolor.utils.types import Tensor

_WHOLE = 1 << 22  # white, where light is counted in integers: these stay what they are, and are added faster
_OUTSIDE = 0.5 / (LEVELS - 1)  # beyond the ends of linear light: what is rounded to them is inside


def paint_in_graph(target: ColorTarget, known_size: bool = False) -> Callable[[Tensor, Tensor], Tensor] | None:
    """Returns a way to paint photos in a graph.

    Args:
        target: `ColorTarget` whose chroma is painted.
        known_size: Boolean. Whether no tensor may have a size that only the photo decides, for runtimes that plan their memory.
            All pixels then go the long way into the gamut.

    Returns:
        Callable ``(coefficients, photos) -> uint8`` as `Inference.in_graph` takes it; None if the target's chroma is not ab.
    """
    if not target.chroma_is_ab:
        return None
    # Computed here, and not in the graph.
    tables = np.rint(light_of_levels() * _WHOLE).astype("int32"), srgb_of_light()
    return lambda coefficients, photos: _painted(coefficients, photos, tables, known_size)


def _painted(coefficients, photos, tables, known_size):
    import tensorflow as tf

    size = tf.shape(photos)
    luminance = _luminance(photos, tables[0])
    slope_x, slope_z, offset_x, offset_z = _stretched(coefficients, size)
    root = tf.pow(tf.maximum(luminance, LAB_FOOT), 1 / 3) + FOOT_SLOPE * (tf.minimum(luminance, LAB_FOOT) - LAB_FOOT)
    xyz = (_lab_power(slope_x * root + offset_x), luminance, _lab_power(slope_z * root + offset_z))
    linear = [sum(float(share) * light for share, light in zip(row, xyz, strict=True)) for row in RGB_FROM_XYZ * WHITE]
    levels = _fitted_levels(linear, luminance) if known_size else _mostly_fitted_levels(linear, luminance)
    return tf.reshape(tf.stack([tf.gather(tf.constant(tables[1]), level) for level in levels], axis=-1), size)


def _luminance(photos, light):
    """Luminance of all pixels in one row."""
    import tensorflow as tf

    channels = [tf.cast(tf.reshape(photos[..., number], [-1]), "int32") for number in range(3)]
    whole = sum(tf.gather(tf.constant(table), channel) for table, channel in zip(light, channels, strict=True))
    return tf.cast(whole, "float32") * (1 / _WHOLE)


def _stretched(coefficients, size):
    """Slopes and offsets of the cube roots of X and Z along that of Y, of all pixels in one row.

    (In Lab they are that of Y with a / 500 added, and b / 200 taken away, and a and b are given as linear in luma.)
    """
    import tensorflow as tf

    slope, offset = (part * tf.constant([1 / 500, -1 / 200]) for part in tf.split(coefficients, 2, axis=-1))
    planes = tf.concat([1 + LUMA_SLOPE * slope, LUMA_START * slope + offset], axis=-1)
    planes = tf.expand_dims(tf.transpose(planes, (3, 0, 1, 2)), -1)  # of one channel each: ONNX has channels elsewhere
    return [
        tf.reshape(tf.raw_ops.ResizeBilinear(images=plane, size=size[1:3], half_pixel_centers=True), [-1])
        for plane in tf.unstack(planes, 4)
    ]


def _lab_power(root):
    import tensorflow as tf

    above = tf.maximum(root, LAB_FOOT_ROOT)
    foot = (tf.minimum(root, LAB_FOOT_ROOT) - LAB_FOOT_ROOT) * (1 / FOOT_SLOPE)
    return tf.maximum(above * above * above + foot, 0.0)


def _fitted_levels(linear, luminance):
    return [_level(channel) for channel in fit_channels(linear, luminance, XYZ_FROM_RGB[1])]


def _mostly_fitted_levels(linear, luminance):
    """The same, at less cost: only the colours outside are fitted, and put in their places."""
    import tensorflow as tf

    low, high = (pick(pick(linear[0], linear[1]), linear[2]) for pick in (tf.minimum, tf.maximum))
    outside = tf.maximum(high - 1.0, -low) > _OUTSIDE
    places = tf.cast(tf.where(outside), "int32")
    colors, gray = [tf.gather(channel, places[:, 0]) for channel in linear], tf.gather(luminance, places[:, 0])
    count = tf.shape(outside)
    return [
        tf.where(outside, tf.scatter_nd(places, fitted, count), _level(channel))
        for fitted, channel in zip(_fitted_levels(colors, gray), linear, strict=True)
    ]


def _level(linear):
    import tensorflow as tf

    return tf.cast(tf.clip_by_value(linear, 0.0, 1.0) * float(LEVELS - 1) + 0.5, "int32")
