"""Picture files to RGB: every orientation and mode, and what is damaged."""

import contextlib
import errno
import io
import os
import pathlib
import struct
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from kcolor import data
from kcolor.images import decoding


def decoded(image, suffix="png", least=None, **options):
    file = io.BytesIO()
    image.save(file, suffix, **options)
    return np.asarray(decoding.decode(io.BytesIO(file.getvalue()), "x", least))


def test_every_orientation_comes_out_upright():
    # Stored rotated as each EXIF value says; Pillow's own function knows how a viewer turns it.
    stored = Image.fromarray(np.random.default_rng(0).integers(0, 256, (4, 6, 3), dtype="uint8"))
    for value in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = value
        file = io.BytesIO()
        stored.save(file, "png", exif=exif)
        upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue()))))
        assert np.array_equal(np.asarray(decoding.decode(file, "x")), upright)
    assert upright.shape == (6, 4, 3)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("L", (2, 2), 70), (70, 70, 70)),
        (Image.new("1", (2, 2), 1), (255, 255, 255)),
        (Image.new("RGBA", (2, 2), (200, 0, 0, 255)), (200, 0, 0)),
        (Image.new("RGBA", (2, 2), (200, 0, 0, 0)), (255, 255, 255)),
        (Image.new("LA", (2, 2), (0, 127)), (128, 128, 128)),
        (Image.new("RGB", (2, 2), (9, 8, 7)).quantize(2), (9, 8, 7)),
        (Image.fromarray(np.full((2, 2), 65535, "uint16")), (255, 255, 255)),
        (Image.fromarray(np.full((2, 2), 257 * 100, "uint16")), (100, 100, 100)),
        (Image.fromarray(np.full((2, 2), 257 * 100, "int32")), (100, 100, 100)),
        (Image.fromarray(np.full((2, 2), 0.4, "float32")), (102, 102, 102)),
        (Image.fromarray(np.full((2, 2), 102, "float32")), (102, 102, 102)),
    ],
    ids=["L", "1", "RGBA", "clear", "LA", "P", "white 16 bit", "I;16", "I", "F", "F 255"],
)
def test_every_mode_becomes_rgb(image, expected):
    suffix = "tiff" if image.mode == "F" else "png" if image.mode != "I" else "tiff"
    assert decoded(image, suffix)[0, 0].tolist() == list(expected)
    assert decoding.to_rgb(image).mode == "RGB"


def test_cmyk_and_transparent_palettes_become_rgb():
    assert np.abs(decoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "jpeg")[0, 0].astype(int) - [255, 0, 0]).max() < 6
    palette = Image.new("P", (2, 2), 0)
    palette.putpalette([10, 20, 30, 200, 210, 220])
    assert decoded(palette, "png", transparency=0)[0, 0].tolist() == [255, 255, 255]


def test_0_is_white_in_a_tiff_of_16_bits_that_says_so():
    levels = np.array([[0, 257 * 100], [257 * 200, 65535]], "uint16")
    image, file = Image.fromarray(levels), io.BytesIO()
    image.save(file, "tiff", tiffinfo={262: 1})
    assert np.asarray(decoding.decode(file, "x"))[..., 0].tolist() == [[0, 100], [200, 255]]
    inverted = file.getvalue().replace(struct.pack("<HHII", 262, 3, 1, 1), struct.pack("<HHII", 262, 3, 1, 0))
    assert inverted != file.getvalue()
    assert np.asarray(decoding.decode(io.BytesIO(inverted), "x"))[..., 0].tolist() == [[255, 155], [55, 0]]


def test_a_jpeg_may_be_decoded_smaller_but_never_below_twice_what_is_needed():
    large = Image.fromarray(np.random.default_rng(0).integers(0, 256, (400, 640, 3), dtype="uint8"))
    sizes = {least: decoded(large, "jpeg", least).shape for least in (20, 50, 51, 100, 101, None)}
    assert sizes == {
        20: (50, 80, 3),
        50: (100, 160, 3),
        51: (200, 320, 3),
        100: (200, 320, 3),
        101: (400, 640, 3),
        None: (400, 640, 3),
    }


def png_header(width, height):
    """A PNG that says it is so large, with nothing in it."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 9)
        + b"IDAT"
    )


@pytest.mark.parametrize("least", [None, 8])
def test_what_cannot_be_read_is_broken_and_says_why(tmp_path, least):
    Image.new("RGB", (200, 200), (220, 30, 30)).save(tmp_path / "cut.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "cut.jpg").read_bytes()[:700])
    (tmp_path / "text.jpg").write_text("no picture at all")
    (tmp_path / "empty.png").touch()
    (tmp_path / "bomb.png").write_bytes(png_header(100_000, 100_000))
    pictures = data.pictures(tmp_path, "all")
    reasons = {"cut.jpg": "cut off", "text.jpg": "not a picture", "empty.png": "not a picture", "bomb.png": "too large"}
    for name, reason in reasons.items():
        with pytest.raises(data.BrokenPicture, match=f"Cannot read {name}: .*{reason}") as caught:
            pictures.read(name, least=least)
        assert caught.value.key == name
    (tmp_path / "text.jpg").unlink()
    with pytest.raises(data.BrokenPicture, match="not there any more"):
        pictures.read("text.jpg")
    assert decoding.is_picture("A.JPG")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "BMP", "TIFF", "GIF"])
def test_a_file_of_which_a_part_is_missing_is_cut_off(format, rng):
    whole = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (60, 80, 3), "uint8")).save(whole, format)
    half = io.BytesIO(whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(data.BrokenPicture, match="cut off: only a part of the file is there"):
        decoding.decode(half, "half")


def test_what_a_decoder_says_is_said_in_words(rng):
    whole = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (60, 80, 3), "uint8")).save(whole, "WEBP")
    half = io.BytesIO(whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(data.BrokenPicture, match=r"damaged, or of a kind that cannot be decoded \("):
        decoding.decode(half, "half")
    assert decoding.reason(IsADirectoryError(errno.EISDIR, "Is a directory", "a.jpg"), "a.jpg") == "Is a directory"


def test_damaged_bytes_never_raise_anything_else(shared, rng):
    pictures = data.pictures(shared / "historic.zip", "all", limit=2)
    with zipfile.ZipFile(shared / "historic.zip") as archive:
        whole = archive.read(next(pictures.items())[0])
    for _ in range(30):
        damaged = bytearray(whole)
        for place in rng.integers(0, min(len(whole), 2000), 5):
            damaged[place] = rng.integers(256)
        with contextlib.suppress(data.BrokenPicture):
            assert decoding.decode(io.BytesIO(damaged), "x", 32).mode == "RGB"


def test_a_format_that_needs_a_plugin_says_which(monkeypatch):
    monkeypatch.setattr(Image, "registered_extensions", dict)
    with pytest.raises(decoding.BrokenPicture, match=r"cat.HEIC: this kind of file needs pillow-heif \(pip install\)"):
        decoding.decode(io.BytesIO(b"no picture"), "cat.HEIC")
    assert decoding.reason(MemoryError(), "a.jpg") == "too large for this machine's memory"


def test_a_machine_without_memory_is_no_broken_picture(tmp_path, monkeypatch):
    def exhausted(file):
        raise MemoryError

    monkeypatch.setattr(Image, "open", exhausted)
    with pytest.raises(MemoryError):
        decoding.decode(__file__, "a.jpg")


def test_levels_of_12_and_32_bits_mean_what_their_tiff_says(tmp_path):
    levels = np.tile(np.linspace(0, 1, 64), (48, 1))
    twelve = np.rint(levels * 4095).astype("uint16")
    packed = np.stack([twelve[:, ::2] >> 4, (twelve[:, ::2] & 15) << 4 | twelve[:, 1::2] >> 8, twelve[:, 1::2] & 255], -1)
    for bits, raw in ((12, packed.astype("uint8").tobytes()), (32, (levels * (2**32 - 1)).astype("<u4").tobytes())):
        (tmp_path / "a.tif").write_bytes(tiff_of(raw, bits, 64, 48))
        found = np.asarray(decoding.decode(tmp_path / "a.tif", "a.tif"))[..., 0]
        assert np.abs(found.astype(int) - levels * 255).max() <= 1, bits


def tiff_of(raw, bits, width, height):
    """The bytes of a grey TIFF without compression, which Pillow cannot write in these numbers of bits."""
    values = {256: width, 257: height, 258: bits, 259: 1, 262: 1, 273: 0, 277: 1, 278: height, 279: len(raw)}
    values[273] = 8 + 2 + 12 * len(values) + 4
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values.items())
    return b"II*\0" + struct.pack("<IH", 8, len(values)) + entries + struct.pack("<I", 0) + raw


def test_damaged_exif_data_are_ignored():
    class Damaged:
        def getexif(self):
            raise SyntaxError

    picture = Image.new("RGB", (3, 2))
    assert decoding.upright(picture, Damaged()) is picture


def test_what_a_search_for_broken_pictures_found_is_read_or_refused():
    """`benchmarks.fuzz` found these: together they reach all lines of reading that it ever reached."""
    counts = {"read": 0, "refused": 0}
    with zipfile.ZipFile(pathlib.Path(__file__).parent / "damaged.zip") as packed:
        for name in packed.namelist():
            try:
                picture = decoding.decode(io.BytesIO(packed.read(name)), name)
            except decoding.BrokenPicture:
                counts["refused"] += 1
            else:
                counts["read"] += 1
                assert np.asarray(picture).dtype == np.uint8
    assert counts["read"] > 10
    assert counts["refused"] > 500


def test_a_file_may_be_given_open_or_by_its_path(tmp_path):
    exif = Image.Exif()
    exif[decoding.ORIENTATION] = 6
    Image.new("L", (3, 2)).save(tmp_path / "a.jpg", exif=exif.tobytes())
    with open(tmp_path / "a.jpg", "rb") as file:
        for given in (tmp_path / "a.jpg", file):
            with decoding.opened(given) as image:
                assert image.size == (3, 2)
                assert decoding.is_turned(image)
    assert not decoding.is_turned(Image.new("L", (3, 2)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "photo.jpg")
    with pytest.raises(decoding.BrokenPicture, match="a pipe, which cannot be read twice"):
        decoding.decode(tmp_path / "photo.jpg", "photo.jpg")
