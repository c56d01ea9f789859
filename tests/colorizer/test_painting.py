"""Painting small chroma onto large photos: along edges, in pieces, as somebody asked for it."""

import numpy as np
import pytest
from keras import ops
from test_colorizer import painter, small

from kcolor import Colorizer, targets
from kcolor.colorizer import painting
from kcolor.colorizer.inference import Options, render
from kcolor.colorizer.painting import Painter, paint
from kcolor.images.guided_filter import constant_coefficients, guided_filter
from kcolor.images.resizing import resize


def numpy(x):
    return ops.convert_to_numpy(x)


def ab_of(rgb):
    from kcolor import color

    return numpy(color.rgb_to_lab(np.asarray(rgb, "float32") / 255))[..., 1:]


def two_fields(height, width, left=60, right=190):
    photo = np.full((height, width, 3), left, "uint8")
    photo[:, width // 2 :] = right
    return photo


# Along edges


def test_stretching_is_bilinear(rng):
    chroma = rng.uniform(-20, 20, (2, 5, 7, 2)).astype("float32")
    rgb = np.full((2, 23, 40, 3), 0.5, "float32")
    painted = numpy(paint(targets.get("lab"), constant_coefficients(chroma), rgb))
    expected = numpy(targets.get("lab").join(resize(ops.convert_to_tensor(chroma), (23, 40)), rgb))
    assert painted == pytest.approx(expected, abs=1e-4)


def test_colour_follows_the_edge_of_lightness():
    """Red on the dark half, blue on the light one, known at a sixteenth of the size: the edge is sharp, the rest is right."""
    photo = two_fields(128, 256) / np.float32(255)
    seen = resize(photo[None], (8, 16))
    chroma = np.zeros((1, 8, 16, 2), "float32")
    chroma[:, :, :8], chroma[:, :, 8:] = (30.0, 10.0), (0.0, -30.0)
    blurred = resize(resize(chroma, (4, 8)), (8, 16))  # as a network answers it: at half of what it sees
    target = targets.get("lab")
    sharp = numpy(paint(target, guided_filter(blurred, target.luma(seen), 4), photo[None]))[0]
    soft = numpy(paint(target, constant_coefficients(blurred), photo[None]))[0]
    truth = np.zeros((128, 256, 2), "float32")
    truth[:, :128], truth[:, 128:] = (30.0, 10.0), (0.0, -30.0)
    wrong = [np.linalg.norm(ab_of(picture * 255) - truth, axis=-1) for picture in (sharp, soft)]
    assert wrong[1][:, 120:136].mean() > 15  # what stretching alone does at the edge
    assert wrong[0][:, 120:136].mean() < 6
    assert wrong[0].mean() < wrong[1].mean()
    left, right = (ab_of(sharp[64, column] * 255) for column in (127, 128))
    assert np.linalg.norm(left - right) > 30  # of 50: the step is between two pixels of the large photo


def test_flat_neighbourhoods_take_their_mean_chroma(rng):
    chroma = rng.uniform(-20, 20, (1, 6, 6, 2)).astype("float32")
    coefficients = numpy(guided_filter(chroma, np.full((1, 6, 6, 1), 0.4, "float32"), 6))
    assert coefficients[..., :2] == pytest.approx(np.zeros((1, 6, 6, 2)), abs=0.05)
    assert np.abs(coefficients[..., 2:] - chroma.mean(axis=(1, 2))).max() < 5


# Large photos


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_in_pieces_or_at_once_the_picture_is_the_same(rng, monkeypatch, dtype):
    photo = rng.integers(0, 256, (61, 83, 3), dtype="uint8")
    photo = photo if dtype == "uint8" else photo / np.float32(255)
    coefficients = ops.convert_to_tensor(rng.uniform(-20, 20, (9, 11, 4)).astype("float32"))
    whole = Painter(targets.get("lab"))(coefficients, photo)
    monkeypatch.setattr(painting, "SMALL", 1000)
    pieces = Painter(targets.get("lab"))(coefficients, photo)
    assert pieces.shape == (61, 83, 3)
    assert np.abs(pieces.astype(int) - whole).max() <= 1


@pytest.mark.parametrize("name", ["lab", "ycbcr", "rgb", "mean_ab"])
def test_large_photos_keep_size_and_lightness(name, rng):
    from kcolor import Colorizer, models

    model = "mean_regressor" if name == "mean_ab" else "unet"
    target = targets.get(name)
    colorizer = Colorizer(models.build(model, target, **({} if name == "mean_ab" else {"filters": (4, 8)})), target, size=32)
    photo = rng.integers(0, 256, (700, 500, 3), dtype="uint8")
    result = colorizer.colorize(photo)
    assert (result.shape, result.dtype) == (photo.shape, np.uint8)
    light = [numpy(target.luma(picture / np.float32(255))) for picture in (photo, result)]
    assert np.abs(light[0] - light[1]).max() < 0.006  # rounding to 8 bits


def test_a_large_photo_and_a_small_copy_of_it_get_the_same_colours():
    colorizer = painter(size=32)
    large = np.kron(two_fields(40, 60), np.ones((16, 16, 1), "uint8"))
    small_copy = large[::16, ::16]
    difference = np.abs(ab_of(colorizer.colorize(large))[::16, ::16] - ab_of(colorizer.colorize(small_copy)))
    assert np.median(difference) < 1


# As asked for


def test_saturation_and_its_ends(samples):
    colorizer = painter(size=64)
    photo = samples["hats"][:96, :96]
    strength = [np.linalg.norm(ab_of(colorizer.colorize(photo, saturation=s)), axis=-1).mean() for s in (0, 0.5, 1, 2)]
    assert strength[0] < 0.6
    assert strength == sorted(strength)
    assert np.array_equal(colorizer.colorize(photo, saturation=1), colorizer.colorize(photo))


@pytest.mark.parametrize("name", sorted(targets.TARGETS))
def test_no_saturation_is_grey_for_every_target(name, rng):
    target = targets.get(name, **({"grid": 6} if name == "bins" else {}))
    raw = ops.convert_to_tensor(rng.uniform(0.1, 0.9, (1, target.channels) if target.pooled else (1, 4, 4, target.channels)))
    chroma = target.chroma(raw)
    rgb = rng.uniform(0.1, 0.9, (1, 4, 4, 3)).astype("float32")
    assert numpy(target.join(target.neutral(chroma), rgb)) == pytest.approx(numpy(target.gray(rgb)), abs=1e-4)


@pytest.mark.parametrize("name", ["lab", "ycbcr", "rgb", "difference", "quotient", "bins"])
def test_a_photos_own_chroma_gives_the_photo_back(name, samples):
    target = targets.get(name)
    rgb = samples["hats"][:32, :32][None] / np.float32(255)
    assert numpy(target.join(target.own_chroma(rgb), rgb)) == pytest.approx(rgb, abs=2e-3)


def test_a_toned_photo_loses_its_tone_unless_it_is_kept():
    sepia = np.clip(np.linspace(30, 220, 64)[None, :, None] * [1.0, 0.85, 0.65], 0, 255).astype("uint8").repeat(64, axis=0)
    colorizer = painter()
    gray = np.linalg.norm(ab_of(colorizer.colorize(sepia, saturation=0)), axis=-1).max()
    kept = ab_of(colorizer.colorize(sepia, saturation=0, keep_tone=True))
    assert gray < 1
    assert np.abs(kept - ab_of(sepia)).mean() < 1


def test_an_ensemble_averages_over_mirror_images(samples):
    """A network that answers by the place of a pixel alone: its mirror image's answer cancels it."""
    import keras

    from kcolor import Colorizer

    luma = keras.Input((None, None, 1))
    ramp = keras.layers.Conv2D(2, (1, 9), padding="same", use_bias=False, name="edge")(luma)
    network = keras.Model(luma, ramp)
    kernel = np.zeros((1, 9, 1, 2), "float32")
    kernel[0, 0], kernel[0, 8] = -0.3, 0.3  # brighter on the right than on the left
    network.get_layer("edge").set_weights([kernel])
    colorizer = Colorizer(network, targets.get("lab", activation="linear"), stride=1, size=64)
    photo = samples["hats"][:64, :64]
    alone, both = (np.abs(ab_of(colorizer.colorize(photo, ensemble=e))).mean() for e in (False, True))
    assert both < 0.1 * alone


def test_temperature_is_for_bins():
    colorizer = small("bins")
    photo = np.full((8, 8, 3), 90, "uint8")
    assert render(colorizer, photo[None], Options(temperature=0.0)).shape == (1, 8, 8, 3)
    cold, warm = (colorizer.colorize(photo, temperature=t) for t in (0.0, 1.0))
    assert not np.array_equal(cold, warm)
    mean = Colorizer(colorizer.network, targets.get("bins", decoding="mean"))  # which has none of its own
    assert np.array_equal(mean.colorize(photo, temperature=0.4), colorizer.colorize(photo, temperature=0.4))
    with pytest.raises(ValueError, match="Only distributions over bins have a `temperature`"):
        small("lab").colorize(photo, temperature=0.5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, "Expected `size`"),
        ({"temperature": 1.5}, r"in \[0, 1\]. Received: 1.5"),
        ({"saturation": -1}, "Expected `saturation`"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(ValueError, match=message):
        Options(**options)
    with pytest.raises(ValueError, match=message):
        small().colorize(np.zeros((4, 4, 3), "uint8"), **options)
