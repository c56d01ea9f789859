"""Flips, rotations, crops and zooms of training pictures."""

import keras
from keras import ops

from kcolor.augment.base import Augmentation, as_floats, check_options, draw_numbers, split_seed
from kcolor.augment.warp import warp
from kcolor.utils.types import Tensor


def geometry(
    photos: Tensor,
    seed: int | Tensor | keras.random.SeedGenerator,
    *,
    horizontal_flip: bool = True,
    vertical_flip: bool = False,
    rotation: float = 0.0,
    crop: float = 0.0,
    scale: float = 0.0,
) -> Tensor:
    """Flips, turns, crops and zooms pictures, each picture of the batch differently.

    Flips are exact. All the rest is one bilinear resampling, so that nothing is blurred twice. Outside a picture lies its
    mirror image. A photo and its truth move together if they are concatenated along the channels.

    >>> row = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
    >>> found = [ops.convert_to_numpy(kcolor.augment.geometry(row, seed)).ravel().tolist() for seed in range(20)]
    >>> sorted(set(map(tuple, found)))
    [(0.0, 1.0, 2.0), (2.0, 1.0, 0.0)]

    Args:
        photos: Floats ``(batch, height, width, channels)`` with any number of channels.
        seed: Integer, integer tensor of shape ``(2,)``, or `keras.random.SeedGenerator`.
        horizontal_flip: Whether to swap left and right in half of the pictures.
        vertical_flip: Whether to swap top and bottom in half of the pictures.
        rotation: Number in [0, 180]. Pictures turn by -rotation..rotation degrees about the centre of what the crop leaves.
        crop: Number in [0, 0.9]. The largest share of each side to cut off, drawn for height and width independently. What
            is left, at a random place, is stretched to the full size.
        scale: Number in [0, 0.9]. Zooms by a factor in 1 - scale..1 + scale, the same for height and width. Above 1 things
            get larger; below 1 smaller, with mirrored surroundings.

    Returns:
        float32 tensor of the same shape, in the range of `photos`.

    Raises:
        ValueError: If the photos are no such floats, or an option is out of its range.
    """
    check_options(horizontal_flip=horizontal_flip, vertical_flip=vertical_flip, rotation=rotation, crop=crop, scale=scale)
    photos = as_floats(photos)
    draws = draw_numbers(split_seed(seed)[0], ops.shape(photos)[0])
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
    """A Keras layer that does what `geometry` does, with ``training=True``.

    >>> layer = kcolor.augment.Geometry(rotation=10.0, crop=0.1, seed=1)
    >>> tuple(layer(np.zeros((2, 8, 8, 3), "float32"), training=True).shape)
    (2, 8, 8, 3)

    Args:
        horizontal_flip: Whether to swap left and right in half of the pictures.
        vertical_flip: Whether to swap top and bottom in half of the pictures.
        rotation: Degrees in [0, 180], as in `geometry`.
        crop: Number in [0, 0.9], as in `geometry`.
        scale: Number in [0, 0.9], as in `geometry`.
        seed: Integer; or None for another one each time.
        name: Name of the layer.
    """

    def __init__(
        self,
        horizontal_flip: bool = True,
        vertical_flip: bool = False,
        rotation: float = 0.0,
        crop: float = 0.0,
        scale: float = 0.0,
        seed: int | None = None,
        name: str | None = None,
    ) -> None:
        flips = {"horizontal_flip": horizontal_flip, "vertical_flip": vertical_flip}
        super().__init__(geometry, {**flips, "rotation": rotation, "crop": crop, "scale": scale}, seed, name)


def _flip(photos, chance, axis):
    return ops.where(chance[:, None, None, None] < 0.5, ops.flip(photos, axis=axis), photos)
