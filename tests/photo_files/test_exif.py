"""EXIF and resolution: kept, with the orientation set to upright."""

import pytest
from helpers.pictures import exif_of, picture
from PIL import Image

from kcolor.photo_files.exif import resolution, upright_exif
from kcolor.photo_files.read_write import read, write


def test_exif_is_the_same_bytes_but_for_the_orientation(tmp_path):
    """Makers' notes hold offsets of their own: whoever writes EXIF anew breaks them."""
    raw = exif_of().tobytes()
    picture("RGB").save(tmp_path / "a.jpg", exif=raw)
    kept = read(tmp_path / "a.jpg").exif
    assert len(kept) == len(raw)
    assert sum(a != b for a, b in zip(kept, raw, strict=True)) == 1


@pytest.mark.parametrize("exif", [b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0nonsense", b"Exif\0\0MM"])
def test_damaged_exif_does_not_stop_a_photo(tmp_path, exif):
    picture("RGB").save(tmp_path / "a.jpg", exif=exif)
    photo = read(tmp_path / "a.jpg")
    assert photo.rgb.shape == (48, 64, 3)
    write(tmp_path / "b.jpg", photo.rgb, photo)


@pytest.mark.parametrize(
    ("dpi", "found"),
    [((300, 300), (300.0, 300.0)), ((72, 150.5), (72.0, 150.5)), ((0, 300), None), (("a", 1), None), (None, None), (3, None)],
)
def test_a_resolution_is_two_positive_numbers_or_none(dpi, found):
    image = Image.new("L", (2, 2))
    if dpi is not None:
        image.info["dpi"] = dpi
    assert resolution(image) == found


def test_a_picture_without_exif_has_none():
    assert upright_exif(Image.new("L", (2, 2))) == b""
