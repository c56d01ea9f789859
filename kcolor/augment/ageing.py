"""Makes training photos look old: blur, grain, fading and noise, each picture its own way."""

import math

import keras
from keras import ops

from kcolor.augment import effects
from kcolor.augment.base import Augmentation, as_floats, check_options, draw_numbers, normal_noise, three_seeds


def age(photos, seed, *, noise=0.0, fading=0.0, blur=0.0, grain=0.0):
    """Makes photos look old: blurred by the lens, grainy from the film, faded as a print, noisy from the scanner.

    In this order, each with a strength that is uniform between 0 and the one given, picture by picture. Noise and grain are
    the same in the three channels, so a grey photo stays grey. A strength of 0 switches an effect off, at no cost. The
    effects themselves are in `kcolor.ageing`.

    Args:
        photos: RGB floats in [0, 1], shape ``(batch, height, width, 3)``.
        seed: int, integer tensor of shape ``(2,)`` or `keras.random.SeedGenerator`.
        noise: standard deviation of Gaussian noise, independent from pixel to pixel.
        fading: share of the contrast that is lost: ``x`` becomes ``(1 - fading) * x + fading * level``, with a level in
            0.25..0.75, so that blacks lift and whites dim.
        blur: sigma, in pixels, of a Gaussian, cut off at three times the largest sigma; edges are mirrored.
        grain: standard deviation in the midtones of noise in clumps about three pixels wide; it goes to nothing towards
            black and white, as ``4 * luma * (1 - luma)``.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    check_options(noise=noise, fading=fading, blur=blur, grain=grain)
    photos = as_floats(photos, channels=3)
    if not (noise or fading or blur or grain):
        return photos
    batch, height, width, _ = ops.shape(photos)
    seed, grain_seed, noise_seed = three_seeds(seed)
    draws = {name: draw[:, None, None, None] for name, draw in draw_numbers(seed, batch).items()}
    if blur:
        photos = effects.blur(photos, blur * draws["blur"], radius=math.ceil(3 * blur))
    if grain:
        margin = 2 * effects.GRAIN_RADIUS
        field = normal_noise(grain_seed, batch, height + margin, width + margin)
        photos = effects.grain(photos, grain * draws["grain"], field)
    if fading:
        photos = effects.fade(photos, fading * draws["fading"], 0.25 + 0.5 * draws["fading_level"])
    if noise:
        photos = photos + noise * draws["noise"] * normal_noise(noise_seed, batch, height, width)
    return ops.clip(photos, 0.0, 1.0)


@keras.saving.register_keras_serializable("kcolor")
class Age(Augmentation):
    """`age` as a layer, active with ``training=True``; `seed` is an int or None, the rest as there."""

    def __init__(self, noise=0.0, fading=0.0, blur=0.0, grain=0.0, seed=None, name=None):
        super().__init__(age, {"noise": noise, "fading": fading, "blur": blur, "grain": grain}, seed, name)
