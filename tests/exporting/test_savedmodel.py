"""SavedModel: the same to the bit, and what a server asks of it."""

import io

import numpy as np
import pytest
from helpers.colorizers import tiny
from helpers.exports import most_levels, needs_tensorflow, run_alone
from PIL import Image

import kcolor
from kcolor import data


@pytest.mark.slow
@needs_tensorflow
def test_the_colorizer_that_ships_is_the_same_to_one_level(tmp_path, shared):
    """In a process without kcolor, photographs of several sizes, also such as are painted in pieces."""
    pictures = data.pictures(shared / "kodak.zip", "all")
    photos = [np.stack(list(data.each(pictures, size, limit=4))) for size in (97, 256, 512, (530, 1100))]
    colorizer = kcolor.load("photo")
    path = kcolor.export(colorizer, out=tmp_path / "photo")
    found, _ = run_alone("savedmodel", path, photos, np.zeros((1, 32, 32, 1), "float32"))
    assert most_levels(found, colorizer, photos) <= 1  # it paints by operations, kcolor by NumPy


@pytest.mark.slow
@needs_tensorflow
def test_files_in_and_out_as_a_server_asks(samples, tmp_path):
    """Two pictures of different sizes and kinds in one request; what comes back is JPEG."""
    import tensorflow as tf

    colorizer, files = tiny(size=48), []
    for kind, picture in (("JPEG", samples["hats"]), ("PNG", samples["beach"][:90, :77])):
        files.append(io.BytesIO())
        Image.fromarray(picture).save(files[-1], kind, quality=95)
    model = tf.saved_model.load(kcolor.export(colorizer, out=tmp_path / "served" / "1"))
    assert set(model.signatures) == {"serving_default", "network", "serving_jpeg"}
    assert hasattr(model, "colorize")
    content = tf.constant([file.getvalue() for file in files])
    answers = model.signatures["serving_jpeg"](image_bytes=content)["image_bytes"].numpy()
    for file, answer in zip(files, answers, strict=True):
        with Image.open(io.BytesIO(answer)) as picture, Image.open(file) as photo:
            assert picture.format == "JPEG"
            expected = colorizer.colorize(np.asarray(photo.convert("RGB")))
            assert picture.size == photo.size
            assert np.abs(np.asarray(picture).astype(int) - expected).mean() < 4  # JPEG's own
    assert np.array_equal(model.serve(np.asarray(samples["girl"])[None])["colored"].shape, (1, 256, 384, 3))


@needs_tensorflow
def test_photos_of_one_size(samples, tmp_path):
    import tensorflow as tf

    colorizer = tiny(size=48)
    model = tf.saved_model.load(kcolor.export(colorizer, out=tmp_path / "fixed", size=(90, 77)))
    photos = samples["beach"][None, :90, :77]
    colored = model.signatures["serving_default"](photos=tf.constant(photos))["colored"].numpy()
    assert most_levels([colored], colorizer, [photos]) <= 1
