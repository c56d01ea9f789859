"""Painting small chroma onto large photos: along edges, in pieces, as somebody asked for it."""

import numpy as np
import pytest
from helpers.colorizers import painter
from keras import ops

from kcolor import Colorizer, targets
from kcolor.colorizer import painting
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


# Large photos


@pytest.mark.parametrize("dtype", [pytest.param("uint8", marks=[pytest.mark.graphs, pytest.mark.slow]), "float32"])
def test_in_pieces_or_at_once_the_picture_is_the_same(rng, monkeypatch, dtype):
    photo = rng.integers(0, 256, (61, 83, 3), dtype="uint8")
    photo = photo if dtype == "uint8" else photo / np.float32(255)
    coefficients = ops.convert_to_tensor(rng.uniform(-20, 20, (9, 11, 4)).astype("float32"))
    whole = Painter(targets.get("lab"))(coefficients, photo)
    monkeypatch.setattr(painting, "PIXELS_AT_ONCE", 1000)
    pieces = Painter(targets.get("lab"))(coefficients, photo)
    assert pieces.shape == (61, 83, 3)
    assert np.abs(pieces.astype(int) - whole).max() <= 1


@pytest.mark.parametrize("name", ["lab", "ycbcr", "rgb", "mean_ab"])
def test_large_photos_keep_size_and_lightness(name, rng):
    from kcolor import models

    model = "mean_regressor" if name == "mean_ab" else "unet"
    target = targets.get(name)
    colorizer = Colorizer(models.build(model, target, **({} if name == "mean_ab" else {"filters": (4, 8)})), target, size=32)
    photo = rng.integers(0, 256, (700, 500, 3), dtype="uint8")
    result = colorizer.colorize(photo)
    assert (result.shape, result.dtype) == (photo.shape, np.uint8)
    light = [numpy(target.luma(picture / np.float32(255))) for picture in (photo, result)]
    assert np.abs(light[0] - light[1]).max() < 0.006  # rounding to 8 bits


@pytest.mark.slow
def test_a_large_photo_and_a_small_copy_of_it_get_the_same_colours():
    colorizer = painter(size=32)
    large = np.kron(two_fields(40, 60), np.ones((16, 16, 1), "uint8"))
    small_copy = large[::16, ::16]
    difference = np.abs(ab_of(colorizer.colorize(large))[::16, ::16] - ab_of(colorizer.colorize(small_copy)))
    assert np.median(difference) < 1
