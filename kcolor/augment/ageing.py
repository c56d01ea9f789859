"""Makes training photos look old: as old film saw them, prints aged, and scanners read them; each picture differently."""

import math

import keras
from keras import ops

from kcolor.augment import damage, effects
from kcolor.augment import film as films
from kcolor.augment.base import Augmentation, as_floats, check_options, draw_numbers, normal_noise, split_seed, uniform
from kcolor.augment.jpeg import compress
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
    halation: float = 0.0,
    vignette: float = 0.0,
    scratches: float = 0.0,
    jpeg: float = 0.0,
) -> Tensor:
    """Makes photos look old, in the order in which it happens to a photograph.

    The film sees colours in its own way, the lens blurs, bright places glow, and there is grain. The print is hard or soft, it
    fades, its corners first, and gets scratched. The scanner adds noise, and JPEG its blocks.

    Each effect has a strength that is drawn for every picture, uniform between 0 and the one given. A strength of 0 switches an
    effect off, at no cost. All of them change the three channels alike, so a grey photo stays grey. The effects themselves are
    in `kcolor.augment.film`, `effects`, `damage` and `jpeg`.

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
            orthochromatic film, which is blind to red, and plates that see hardly more than blue. It needs photos in colour;
            grey ones stay as they are.
        contrast: Number in [0, 1]. How far the tones of a print are from those of the film. At 1 midtones become 0.25 to 0.75,
            and the slope there 0.5 to 1.5 of what it was.
        halation: Number in [0, 1]. How much of their white bright places give to what is around them.
        vignette: Number in [0, 1]. How far corners go to black, or in one of four pictures to white.
        scratches: Number in [0, 1]. The chance of each of 24 scratches and specks of dust.
        jpeg: Number in [0, 1]. Coarseness of JPEG: quality is 10 at 1, 50 at 0.2, 90 at 0.04. Luma alone is compressed.

    Returns:
        float32 tensor of the same shape in [0, 1].

    Raises:
        ValueError: If the photos are no such floats, or an option is out of its range.
    """
    most = {"noise": noise, "fading": fading, "blur": blur, "grain": grain, "film": film, "contrast": contrast}
    most |= {"halation": halation, "vignette": vignette, "scratches": scratches, "jpeg": jpeg}
    check_options(**most)
    photos = as_floats(photos, channels=3)
    if not any(most.values()):
        return photos
    seed, grain_seed, noise_seed, scratch_seed = split_seed(seed)
    draws = {name: draw[:, None, None, None] for name, draw in draw_numbers(seed, ops.shape(photos)[0]).items()}
    photos = _photographed(photos, most, draws, grain_seed)
    photos = _printed(photos, most, draws, scratch_seed)
    photos = _scanned(photos, most, draws, noise_seed)
    return ops.clip(photos, 0.0, 1.0)


def _photographed(photos, most, draws, seed):
    if film := most["film"]:
        # From panchromatic (0.3 of red, 0.1 of blue) to blind to red and nearly to green (0.8 of blue).
        red, blue = 0.3 * draws["film_red"] * (1 - draws["film_blue"]), 0.1 + 0.7 * draws["film_blue"]
        chosen = ops.cast(draws["film"] < film, "float32")
        photos = photos * (1 - chosen) + films.respond(photos, red, blue) * chosen  # `where` takes three times as long
    if blur := most["blur"]:
        photos = effects.blur(photos, blur * draws["blur"], radius=math.ceil(3 * blur))
    if halation := most["halation"]:
        photos = films.halo(photos, halation * draws["halation"], draws["halation_width"])
    if grain := most["grain"]:
        batch, height, width, _ = ops.shape(photos)
        margin = 2 * effects.GRAIN_RADIUS
        photos = effects.grain(photos, grain * draws["grain"], normal_noise(seed, batch, height + margin, width + margin))
    return photos


def _printed(photos, most, draws, seed):
    if contrast := most["contrast"]:
        exposure, curve = (2 * draws[name] - 1 for name in ("contrast_exposure", "contrast_curve"))
        strength = contrast * draws["contrast"]
        photos = films.print_contrast(photos, strength * exposure, strength * curve)
    if fading := most["fading"]:
        photos = effects.fade(photos, fading * draws["fading"], 0.25 + 0.5 * draws["fading_level"])
    if vignette := most["vignette"]:
        level = ops.cast(draws["vignette_level"] < 0.25, "float32")
        photos = damage.vignette(photos, vignette * draws["vignette"], draws["vignette_shape"], level)
    if scratches := most["scratches"]:
        batch, names = ops.shape(photos)[0], damage.MARK_DRAWS
        rows = [ops.reshape(row, (batch, damage.MARKS)) for row in uniform(seed, len(names), batch * damage.MARKS)]
        marks = dict(zip(names, rows, strict=True))
        photos = damage.scratch(photos, scratches * ops.reshape(draws["scratches"], (-1, 1)), marks)
    return photos


def _scanned(photos, most, draws, seed):
    if noise := most["noise"]:
        photos = photos + noise * draws["noise"] * normal_noise(seed, *ops.shape(photos)[:3])
    if jpeg := most["jpeg"]:
        photos = compress(ops.clip(photos, 0.0, 1.0), jpeg * draws["jpeg"])
    return photos


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
        halation: Number in [0, 1], as in `age`.
        vignette: Number in [0, 1], as in `age`.
        scratches: Number in [0, 1], as in `age`.
        jpeg: Number in [0, 1], as in `age`.
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
        halation: float = 0.0,
        vignette: float = 0.0,
        scratches: float = 0.0,
        jpeg: float = 0.0,
        seed: int | None = None,
        name: str | None = None,
    ) -> None:
        options = {"noise": noise, "fading": fading, "blur": blur, "grain": grain, "film": film, "contrast": contrast}
        options |= {"halation": halation, "vignette": vignette, "scratches": scratches, "jpeg": jpeg}
        super().__init__(age, options, seed, name)
