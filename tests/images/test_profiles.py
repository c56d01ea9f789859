"""Levels mean what their profile says."""

import numpy as np
import pytest
from helpers.profiles import profile_of_gamma, rgb_profile_of_gamma
from PIL import Image, ImageCms

from kcolor.images import decoding
from kcolor.images.profiles import in_srgb


def test_there_is_nothing_to_convert_without_a_profile_or_with_a_wrong_one():
    half = Image.new("RGB", (8, 8), (128, 128, 128))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (None, b"", b"no profile", srgb, profile_of_gamma(1.0)):  # the last is one of grey
        assert in_srgb(half, profile) is None
    assert in_srgb(half, rgb_profile_of_gamma("linear", 1.0)).getpixel((0, 0)) == (188, 188, 188)
    assert in_srgb(half.convert("L"), profile_of_gamma(1.0)).getpixel((0, 0)) == (188, 188, 188)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_pictures_for_training_are_converted_as_photos_are(tmp_path, mode):
    """What is learnt, and what it is used for, have the same colours."""
    from kcolor.photo_files.read_write import read

    colors = np.random.default_rng(0).integers(0, 256, (8, 8, 3)).astype("uint8")
    Image.fromarray(colors).convert(mode).save(tmp_path / "a.png", icc_profile=rgb_profile_of_gamma("wide", 1.8))
    found = np.asarray(decoding.decode(tmp_path / "a.png", "a.png"))
    assert np.array_equal(found, read(tmp_path / "a.png").rgb)
    assert not np.array_equal(found, colors)


def test_the_parts_of_a_transparent_picture(tmp_path):
    rgb, alpha = decoding.channels(Image.new("RGBA", (2, 1), (200, 100, 0, 50)))
    assert (rgb.getpixel((0, 0)), alpha.getpixel((0, 0))) == ((200, 100, 0), 50)
    assert decoding.channels(Image.new("RGBA", (2, 1), (200, 100, 0, 255)))[1] is None
