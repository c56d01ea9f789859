"""What was sent is looked at."""

import numpy as np
import pytest
from helpers.albums import photo
from PIL import Image

from kcolor.images.decoding import BrokenPicture
from kcolor.page.limits import Limits
from kcolor.page.names import reference_name
from kcolor.page.reading import FORMATS, longest_side, look_at, read, write_pictures, write_reference


def test_only_photographs_are_taken(tmp_path):
    photo().save(tmp_path / "a.jpg")
    assert read(tmp_path / "a.jpg", Limits()).rgb.shape == (40, 56, 3)
    photo().save(tmp_path / "a.pcx")  # by what is in it, not by its name
    (tmp_path / "a.pcx").rename(tmp_path / "b.jpg")
    with pytest.raises(BrokenPicture, match="PCX files are not taken here"):
        read(tmp_path / "b.jpg", Limits())
    photo().save(tmp_path / "a.eps")
    with pytest.raises(BrokenPicture, match="EPS files are not taken here"):
        read(tmp_path / "a.eps", Limits())
    assert "EPS" not in FORMATS


@pytest.mark.slow
def test_large_photos_are_refused_before_they_are_decoded(tmp_path):
    photo().save(tmp_path / "a.png")
    with pytest.raises(BrokenPicture, match="0 million pixels; at most 0 are taken"):
        read(tmp_path / "a.png", Limits(pixels=2000))
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    with pytest.raises(BrokenPicture, match="decompression bomb|400 million pixels"):
        read(tmp_path / "bomb.png", Limits())


def test_small_pictures_are_made(tmp_path):
    rgb = np.full((300, 600, 3), 200, "uint8")
    alpha = np.zeros((300, 600), "uint8")
    write_pictures(tmp_path, "before.jpg", rgb, alpha, Limits(preview_pixels=20_000))
    with Image.open(tmp_path / "before.jpg") as large, Image.open(tmp_path / "small-before.jpg") as small:
        assert large.size == (200, 100)
        assert small.size == (200, 100)
        assert large.getpixel((5, 5)) == (255, 255, 255)  # what is transparent lies on white
    assert longest_side(100_000, 10, 1_000_000) == 8192
    assert longest_side(1, 1, 10) == 1


def test_a_photo_that_was_removed_is_no_matter(client):
    assert look_at(client.app.entries, "0" * 16, Limits()) is None


def test_a_reference_is_kept_small_and_is_in_colour(tmp_path, samples):
    name = reference_name("0123456789abcdef")
    Image.fromarray(samples["parrots"]).save(tmp_path / "sent.png")
    write_reference(tmp_path, name, tmp_path / "sent.png", Limits(preview_pixels=5_000))
    with Image.open(tmp_path / name) as kept:
        assert kept.width * kept.height <= 5_000
    assert (tmp_path / f"small-{name}").is_file()
    photo().save(tmp_path / "grey.png")
    with pytest.raises(BrokenPicture, match="no colours to take"):
        write_reference(tmp_path, name, tmp_path / "grey.png", Limits())
