"""Flips, rotations, crops and zooms of training pictures."""

import keras
from keras import ops

from kcolor.augment.base import Augmentation, as_floats, check_options, draw_numbers, three_seeds
from kcolor.augment.warp import warp


def geometry(photos, seed, *, horizontal_flip=True, vertical_flip=False, rotation=0.0, crop=0.0, scale=0.0):
    """Flips pictures, turns them, cuts them and zooms, each picture of the batch its own way.

    Flips are exact. All the rest is one bilinear resampling, so that nothing is blurred twice; what lies outside a picture is
    its mirror image. A photo and its truth move together if they are concatenated along the channels.

    Args:
        photos: floats, shape ``(batch, height, width, channels)``, any number of channels.
        seed: int, integer tensor of shape ``(2,)`` or `keras.random.SeedGenerator`.
        horizontal_flip: whether to swap left and right in half of the pictures.
        vertical_flip: whether to swap top and bottom in half of the pictures.
        rotation: degrees; turns by -rotation..rotation about the centre of what remains after the crop.
        crop: the largest share of each side's length to cut off, drawn for height and width independently; what is left, at
            a random place, is stretched to the full size.
        scale: zooms by a factor in 1 - scale..1 + scale, the same in height and width; above 1 things get larger, below 1
            smaller, with mirrored surroundings.

    Returns:
        float32 tensor of the same shape, in the range of `photos`.
    """
    check_options(horizontal_flip=horizontal_flip, vertical_flip=vertical_flip, rotation=rotation, crop=crop, scale=scale)
    photos = as_floats(photos)
    draws = draw_numbers(three_seeds(seed)[0], ops.shape(photos)[0])
    if horizontal_flip:
        photos = _flip(photos, draws["horizontal_flip"], axis=2)
    if vertical_flip:
        photos = _flip(photos, draws["vertical_flip"], axis=1)
    if not (rotation or crop or scale):
        return photos
    angle, zoom = rotation * (2 * draws["rotation"] - 1), 1 + scale * (2 * draws["scale"] - 1)
    cut = crop * ops.stack([draws["crop_height"], draws["crop_width"]], axis=-1)
    place = ops.stack([draws["place_down"], draws["place_right"]], axis=-1) - 0.5
    return warp(photos, angle, (1 - cut) / zoom[:, None], cut * place)


@keras.saving.register_keras_serializable("kcolor")
class Geometry(Augmentation):
    """`geometry` as a layer, active with ``training=True``; `seed` is an int or None, the rest as there."""

    def __init__(self, horizontal_flip=True, vertical_flip=False, rotation=0.0, crop=0.0, scale=0.0, seed=None, name=None):
        flips = {"horizontal_flip": horizontal_flip, "vertical_flip": vertical_flip}
        super().__init__(geometry, {**flips, "rotation": rotation, "crop": crop, "scale": scale}, seed, name)


def _flip(photos, chance, axis):
    return ops.where(chance[:, None, None, None] < 0.5, ops.flip(photos, axis=axis), photos)
