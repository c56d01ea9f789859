"""Makes training photos look old: blur, grain, fading and noise, different for each picture."""

import math

import keras
from keras import ops

from kcolor.augment import effects
from kcolor.augment.base import Augmentation, as_floats, check_options, draw_numbers, normal_noise, three_seeds
from kcolor.augment.film import print_contrast, respond
from kcolor.utils.types import Tensor


def age(
    photos: Tensor,
    seed: int | Tensor | keras.random.SeedGenerator,
    *,
    noise: float = 0.0,
    fading: float = 0.0,
    blur: float = 0.0,
    grain: float = 0.0,
    film: float = 0.0,
    contrast: float = 0.0,
) -> Tensor:
    """Makes photos look old: blurred by the lens, grainy from the film, faded as a print, noisy from the scanner.

    The effects come in this order. Each has a strength that is drawn for every picture, uniform between 0 and the one given.
    Noise and grain are the same in the three channels, so a grey photo stays grey. A strength of 0 switches an effect off, at
    no cost. The effects themselves are in `kcolor.augment.effects`.

    >>> photos = np.full((2, 8, 8, 3), 0.5, "float32")
    >>> aged = ops.convert_to_numpy(kcolor.augment.age(photos, seed=1, noise=0.1))
    >>> aged.shape, bool(np.abs(aged - photos).max() > 0.01)
    ((2, 8, 8, 3), True)

    Args:
        photos: Floats ``(batch, height, width, 3)``. RGB in [0, 1].
        seed: Integer, integer tensor of shape ``(2,)``, or `keras.random.SeedGenerator`.
        noise: Number in [0, 1]. Standard deviation of Gaussian noise, independent from pixel to pixel.
        fading: Number in [0, 1]. Share of the contrast that is lost: ``x`` becomes ``(1 - fading) * x + fading * level``,
            with a level in 0.25..0.75, so that blacks lift and whites dim.
        blur: Number in [0, 32]. Standard deviation of a Gaussian in pixels, cut off at three times the largest one. Edges
            are mirrored.
        grain: Number in [0, 1]. Standard deviation in the midtones of noise in clumps about three pixels wide. Towards
            black and white it vanishes as ``4 * luma * (1 - luma)``.
        film: Number in [0, 1]. The chance that a picture becomes what a black-and-white film saw: between panchromatic film,
            orthochromatic film, which is blind to red, and plates that see blue alone. It works on colour; a grey photo stays.
        contrast: Number in [0, 1]. How far the tones of a print are from those of the film: lighter or darker (midtones of
            0.25 to 0.75 at 1), and harder or softer (slopes of 0.5 to 1.5).

    Returns:
        float32 tensor of the same shape in [0, 1].

    Raises:
        ValueError: If the photos are no such floats, or an option is out of its range.
    """
    check_options(noise=noise, fading=fading, blur=blur, grain=grain, film=film, contrast=contrast)
    photos = as_floats(photos, channels=3)
    if not (noise or fading or blur or grain or film or contrast):
        return photos
    batch, height, width, _ = ops.shape(photos)
    seed, grain_seed, noise_seed = three_seeds(seed)
    draws = {name: draw[:, None, None, None] for name, draw in draw_numbers(seed, batch).items()}
    if film:
        # From panchromatic (0.3 of red, 0.1 of blue) to blind to all but blue.
        red, blue = 0.3 * draws["film_red"] * (1 - draws["film_blue"]), 0.1 + 0.7 * draws["film_blue"]
        photos = ops.where(draws["film"] < film, respond(photos, red, blue), photos)
    if blur:
        photos = effects.blur(photos, blur * draws["blur"], radius=math.ceil(3 * blur))
    if grain:
        margin = 2 * effects.GRAIN_RADIUS
        field = normal_noise(grain_seed, batch, height + margin, width + margin)
        photos = effects.grain(photos, grain * draws["grain"], field)
    if contrast:
        strength = contrast * draws["contrast"]
        exposure, curve = (strength * (2 * draws[f"contrast_{name}"] - 1) for name in ("exposure", "curve"))
        photos = print_contrast(photos, exposure, curve)
    if fading:
        photos = effects.fade(photos, fading * draws["fading"], 0.25 + 0.5 * draws["fading_level"])
    if noise:
        photos = photos + noise * draws["noise"] * normal_noise(noise_seed, batch, height, width)
    return ops.clip(photos, 0.0, 1.0)


@keras.saving.register_keras_serializable("kcolor")
class Age(Augmentation):
    """A Keras layer that does what `age` does, with ``training=True``.

    >>> layer = kcolor.augment.Age(noise=0.1, seed=1)
    >>> gray = np.full((1, 4, 4, 3), 0.5, "float32")
    >>> bool(np.all(ops.convert_to_numpy(layer(gray)) == gray)), tuple(layer(gray, training=True).shape)
    (True, (1, 4, 4, 3))

    Args:
        noise: Number in [0, 1], as in `age`.
        fading: Number in [0, 1], as in `age`.
        blur: Number in [0, 32], as in `age`.
        grain: Number in [0, 1], as in `age`.
        film: Number in [0, 1], as in `age`.
        contrast: Number in [0, 1], as in `age`.
        seed: Integer; or None for another one each time.
        name: Name of the layer.
    """

    def __init__(
        self,
        noise: float = 0.0,
        fading: float = 0.0,
        blur: float = 0.0,
        grain: float = 0.0,
        film: float = 0.0,
        contrast: float = 0.0,
        seed: int | None = None,
        name: str | None = None,
    ) -> None:
        options = {"noise": noise, "fading": fading, "blur": blur, "grain": grain, "film": film, "contrast": contrast}
        super().__init__(age, options, seed, name)
