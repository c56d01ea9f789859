"""EXIF and resolution: kept, as of an upright picture."""

import io
import struct

import pytest
from helpers.pictures import exif_of, picture
from PIL import ExifTags, Image

from kcolor.photo_files.exif import about_the_photo, resolution, upright_exif
from kcolor.photo_files.read_write import read, write


def test_exif_is_the_same_bytes_but_for_the_orientation(tmp_path):
    """Makers' notes hold offsets of their own: whoever writes EXIF anew breaks them."""
    raw = exif_of().tobytes()
    picture("RGB").save(tmp_path / "a.jpg", exif=raw)
    kept = read(tmp_path / "a.jpg").exif
    assert len(kept) == len(raw)
    order = {b"II": "<", b"MM": ">"}[raw[6:8]]
    (folder,) = struct.unpack_from(f"{order}I", raw, 10)
    (count,) = struct.unpack_from(f"{order}H", raw, 6 + folder)
    end = 6 + folder + 2 + 12 * count + 4
    assert kept[: 6 + folder] == raw[: 6 + folder]
    assert kept[end:] == raw[end:]
    before, after = Image.Exif(), Image.Exif()
    before.load(raw)
    after.load(kept)
    assert {**after, ExifTags.Base.Orientation: before[ExifTags.Base.Orientation]} == dict(before)
    assert ExifTags.Base.Orientation not in after


def with_small_copy(raw, small):
    """EXIF with a second folder, as cameras write it: the first folder ends with its address. Pillow does not write it."""
    order, jpeg = {b"II": "<", b"MM": ">"}[raw[6:8]], io.BytesIO()
    small.save(jpeg, "JPEG")
    (first,) = struct.unpack_from(f"{order}I", raw, 10)
    (count,) = struct.unpack_from(f"{order}H", raw, 6 + first)
    second = len(raw) - 6
    entries = [(0x0103, 3, 1, 6), (0x0201, 4, 1, second + 2 + 3 * 12 + 4), (0x0202, 4, 1, len(jpeg.getvalue()))]
    whole = bytearray(raw + struct.pack(f"{order}H", 3))
    struct.pack_into(f"{order}I", whole, 6 + first + 2 + 12 * count, second)
    for tag, kind, number, value in entries:
        whole += struct.pack(f"{order}HHIHH" if kind == 3 else f"{order}HHII", tag, kind, number, value, *[0] * (kind == 3))
    return bytes(whole + bytes(4) + jpeg.getvalue())


@pytest.mark.parametrize("orientation", [True, False], ids=["with orientation", "without"])
def test_the_small_copy_of_the_grey_picture_is_left_out(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x010F] = "Leica"
    if orientation:
        exif[0x0112] = 6
    raw = with_small_copy(exif.tobytes(), Image.new("L", (16, 12), 90))
    picture("RGB").save(tmp_path / "a.jpg", exif=raw)
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.getexif().get_ifd(ExifTags.IFD.IFD1)
    photo = read(tmp_path / "a.jpg")
    write(tmp_path / "b.jpg", photo.rgb, photo)
    with Image.open(tmp_path / "b.jpg") as image:
        assert not image.getexif().get_ifd(ExifTags.IFD.IFD1)
        assert image.getexif()[0x010F] == "Leica"


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


def test_what_is_about_the_photo_is_kept_alone():
    exif = exif_of()
    exif[0x0100] = 4000
    found = about_the_photo(exif.tobytes())
    assert found[ExifTags.Base.Model] == b"Kodak Brownie"
    assert ExifTags.IFD.GPSInfo in found
    assert 0x0100 not in found
    assert len(about_the_photo(b"nonsense")) == 0


def test_a_picture_without_exif_has_none():
    assert upright_exif(Image.new("L", (2, 2))) == b""
