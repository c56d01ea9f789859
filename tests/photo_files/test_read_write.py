"""Picture files: every kind that people have, and what must not be lost on the way."""

import io

import numpy as np
import pytest
from helpers.pictures import GRAY, exif_of, picture
from helpers.profiles import profile_of_gamma, rgb_profile_of_gamma
from PIL import ExifTags, Image, ImageCms, ImageOps

from kcolor.images.decoding import BrokenPicture, is_transparent
from kcolor.photo_files.read_write import Photo, read, write


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".bmp", ".gif", ".avif"])
def test_every_mode_of_every_format(tmp_path, mode, suffix):
    if mode == "I;16" and suffix not in (".png", ".tif"):
        pytest.skip(f"no {suffix} has 16 bits")
    source = Image.fromarray(GRAY.astype("uint16") * 257) if mode == "I;16" else picture(mode)
    path = tmp_path / f"a{suffix}"
    try:
        source.save(path)
    except (OSError, KeyError, ValueError):
        pytest.skip(f"no {suffix} has {mode}")
    found = read(path)
    assert (found.rgb.shape, found.rgb.dtype) == ((48, 64, 3), np.uint8)
    lossy = 30 if mode in ("CMYK", "P", "1") or suffix == ".gif" else 12
    expected = GRAY if mode != "1" else np.asarray(picture("1").convert("L"))
    assert np.abs(found.rgb.astype(int).mean(axis=-1) - expected).mean() < lossy


def test_lab_has_an_a_and_no_alpha(tmp_path):
    lab = Image.merge("LAB", [Image.fromarray(GRAY), *[Image.new("L", (64, 48), 128)] * 2])
    lab.save(tmp_path / "a.tif")
    assert [is_transparent(image) for image in (lab, picture("LA"), picture("RGB"))] == [False, True, False]
    found = read(tmp_path / "a.tif")
    assert found.alpha is None
    assert np.ptp(found.rgb.mean(axis=-1)) > 200


def test_only_the_first_frame_of_many(tmp_path):
    frames = [Image.new("L", (8, 6), level) for level in (40, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert read(tmp_path / "a.gif").rgb.mean() == pytest.approx(40, abs=2)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_orientation_is_applied_and_the_rest_of_exif_stays(tmp_path, orientation, suffix):
    picture("RGB").save(tmp_path / f"a{suffix}", exif=exif_of(orientation=orientation).tobytes(), dpi=(300, 300))
    photo = read(tmp_path / f"a{suffix}")
    assert photo.rgb.shape[:2] == ((48, 64) if orientation < 5 else (64, 48))
    write(tmp_path / f"b{suffix}", photo.rgb, photo)
    with Image.open(tmp_path / f"b{suffix}") as image:
        exif = image.getexif()
        assert exif.get(ExifTags.Base.Orientation, 1) == 1
        assert exif[ExifTags.Base.Model] == "Kodak Brownie"
        assert exif[ExifTags.Base.DateTime] == "1912:04:14 23:40:00"
        assert tuple(map(float, exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude])) == (41, 43, 57)
        if suffix != ".webp":  # which has no place for it but EXIF
            assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert np.abs(read(tmp_path / f"b{suffix}").rgb.astype(int) - photo.rgb).mean() < 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["L", "I;16", "P", "RGBA", "CMYK"])
def test_a_tiff_of_any_mode_is_turned(tmp_path, mode, orientation):
    """Pillow maps these into memory if it is given a path, and then cuts the rows of turned ones at the wrong places."""
    source = Image.fromarray(GRAY.astype("uint16") * 257) if mode == "I;16" else picture(mode)
    source.save(tmp_path / "a.tif", tiffinfo={ExifTags.Base.Orientation: orientation})
    source.save(tmp_path / "b.tif")
    turned = Image.fromarray(read(tmp_path / "b.tif").rgb)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    turned.getexif().update(exif)
    assert np.array_equal(read(tmp_path / "a.tif").rgb, np.asarray(ImageOps.exif_transpose(turned)))


# What phones, scanners and editors write of the picture's own storage: a TIFF has its own in the same place.
STORAGE = {
    "size": {256: 4000, 257: 3000},
    "size, turned": {256: 64, 257: 48, 274: 6},
    "grey": {258: 8, 262: 1, 277: 1},
    "white is 0": {262: 0},
    "ycbcr": {262: 6, 530: (2, 1)},
    "planes": {284: 2},
    "extra": {338: (0,)},
    "strips": {273: 8, 278: 16, 279: 100},
    "tiles": {322: 16, 323: 16},
}


@pytest.mark.parametrize("tags", STORAGE.values(), ids=STORAGE)
def test_a_tiff_does_not_take_over_how_another_file_was_stored(tmp_path, tags):
    exif = exif_of(orientation=1)
    exif.update(tags)
    picture("RGB").save(tmp_path / "a.jpg", exif=exif.tobytes())
    photo = read(tmp_path / "a.jpg")
    write(tmp_path / "a.tif", photo.rgb, photo)
    assert np.array_equal(read(tmp_path / "a.tif").rgb, photo.rgb)
    with Image.open(tmp_path / "a.tif") as image:
        assert image.getexif()[ExifTags.Base.Model] == "Kodak Brownie"
        assert tuple(map(float, image.getexif().get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude])) == (41, 43, 57)


@pytest.mark.parametrize("before", [".jpg", ".png", ".webp", ".tif", ".avif"])
@pytest.mark.parametrize("after", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_exif_comes_along_from_every_format_to_every_other(tmp_path, before, after):
    caption = "Großmutter, Łódź".encode()
    exif = exif_of(orientation=1)
    exif[ExifTags.Base.ImageDescription] = caption
    del exif[ExifTags.Base.Orientation]  # with it Pillow writes AVIF's EXIF anew, and "?" for what is not ASCII
    picture("RGB").save(tmp_path / f"a{before}", exif=exif if before == ".tif" else exif.tobytes())
    photo = read(tmp_path / f"a{before}")
    write(tmp_path / f"b{after}", photo.rgb, photo)
    assert caption in (tmp_path / f"b{after}").read_bytes()
    with Image.open(tmp_path / f"b{after}") as image:
        assert image.getexif()[ExifTags.Base.DateTime] == "1912:04:14 23:40:00"


def test_a_resolution_is_that_of_the_upright_picture_and_none_is_made_up(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    for suffix in (".jpg", ".tif"):
        picture("RGB").save(tmp_path / f"a{suffix}", exif=exif.tobytes(), dpi=(204, 98))
        assert read(tmp_path / f"a{suffix}").dpi == pytest.approx((98, 204), abs=0.1)
    picture("RGB").save(tmp_path / "b.tif")
    assert read(tmp_path / "b.tif").dpi is None


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_what_is_transparent_stays_so(tmp_path, suffix):
    alpha = np.zeros((48, 64), "uint8")
    alpha[10:30] = 180
    image = picture("RGB")
    image.putalpha(Image.fromarray(alpha))
    image.save(tmp_path / f"a{suffix}")
    photo = read(tmp_path / f"a{suffix}")
    write(tmp_path / f"b{suffix}", photo.rgb, photo, quality=100)
    with Image.open(tmp_path / f"b{suffix}") as result:
        assert np.abs(np.asarray(result.getchannel("A")).astype(int) - alpha).max() <= 1
    write(tmp_path / "b.jpg", photo.rgb, photo)
    assert read(tmp_path / "b.jpg").rgb[:8].min() > 250  # JPEG has no transparency: white


def test_an_opaque_alpha_is_none(tmp_path):
    picture("RGBA").save(tmp_path / "a.png")
    assert read(tmp_path / "a.png").alpha is None


def test_a_colour_profile_is_converted(tmp_path):
    """Levels mean what their profile says: in linear light half of the light is level 128, in sRGB 188."""
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    with pytest.raises(ImageCms.PyCMSError):
        ImageCms.profileToProfile(picture("RGB"), io.BytesIO(linear), ImageCms.createProfile("sRGB"))
    picture("RGB").save(tmp_path / "wrong.jpg", icc_profile=linear, quality=100)
    assert np.abs(read(tmp_path / "wrong.jpg").rgb[..., 0].astype(int) - GRAY).max() < 6  # passed over
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture("RGB").save(tmp_path / "srgb.png", icc_profile=srgb)
    assert np.array_equal(read(tmp_path / "srgb.png").rgb[..., 0], GRAY)


def test_a_grey_scan_of_gamma_one_is_brightened(tmp_path):
    picture("L").save(tmp_path / "scan.png", icc_profile=profile_of_gamma(1.0))
    found = read(tmp_path / "scan.png").rgb[..., 1].astype(int)
    where = np.abs(GRAY.astype(int) - 128).argmin()
    assert found.ravel()[where] == pytest.approx(188, abs=3)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_profile_counts_with_16_bits_and_transparency_too(tmp_path, suffix):
    linear = profile_of_gamma(1.0)
    Image.fromarray(np.full((8, 8), 128 * 257, "uint16")).save(tmp_path / f"a{suffix}", icc_profile=linear)
    Image.new("LA", (8, 8), (128, 100)).save(tmp_path / f"b{suffix}", icc_profile=linear)
    for name in "ab":
        assert read(tmp_path / f"{name}{suffix}").rgb[0, 0].tolist() == pytest.approx([188] * 3, abs=1)


def test_what_is_called_srgb_may_be_linear(tmp_path):
    half = Image.new("RGB", (8, 8), (128, 128, 128))
    for name in ("linear light", "Linear sRGB"):
        half.save(tmp_path / "a.png", icc_profile=rgb_profile_of_gamma(name, 1.0))
        assert read(tmp_path / "a.png").rgb[0, 0].tolist() == pytest.approx([188] * 3, abs=1)
        half.convert("P").save(tmp_path / "p.png", icc_profile=rgb_profile_of_gamma(name, 1.0))
        assert set(np.unique(read(tmp_path / "p.png").rgb)) == {170, 203}  # of 102 and 153, between which it is dithered


def test_what_cannot_be_read_says_why(tmp_path):
    def fails(name, content, message):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BrokenPicture, match=message):
            read(tmp_path / name)

    whole = io.BytesIO()
    picture("RGB").resize((640, 480)).save(whole, "JPEG")
    fails("empty.jpg", b"", "the file is empty")
    fails("letter.jpg", b"Dear Mother,\n", "not a picture that can be read")
    fails("film.mp4", b"\0\0\0\x18ftypmp42", "a film, not a photo")
    fails("half.jpg", whole.getvalue()[: len(whole.getvalue()) // 2], "cut off")
    with pytest.raises(BrokenPicture, match="not there any more"):
        read(tmp_path / "none.jpg")
    if ".heic" not in Image.registered_extensions():
        fails("phone.heic", b"\0\0\0\x18ftypheic", "needs pillow-heif")


@pytest.mark.slow
def test_a_decompression_bomb_is_refused(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    assert (tmp_path / "bomb.png").stat().st_size < 100_000
    with pytest.raises(BrokenPicture, match="too large, maybe a decompression bomb"):
        read(tmp_path / "bomb.png")


def test_a_lossless_result_is_exact(tmp_path, rng):
    rgb = rng.integers(0, 256, (20, 30, 3), dtype="uint8")
    for suffix in (".png", ".tif"):
        write(tmp_path / f"a{suffix}", rgb, Photo(rgb))
        assert np.array_equal(read(tmp_path / f"a{suffix}").rgb, rgb)


def test_what_is_transparent_in_16_bits_stays_so_and_the_rest_keeps_its_levels(tmp_path):
    ramp = np.linspace(0, 65535, 64).astype("uint16")[None].repeat(4, axis=0)
    Image.fromarray(ramp).save(tmp_path / "a.png", transparency=int(ramp[0, 0]))
    photo = read(tmp_path / "a.png")
    np.testing.assert_array_equal(photo.rgb[0, :, 0], np.round(ramp[0] / 257).astype("uint8"))
    assert (photo.alpha[:, 0].max(), photo.alpha[:, 1:].min()) == (0, 255)


def test_how_many_pictures_a_file_has(tmp_path):
    pages = [Image.new("L", (8, 6), level) for level in (10, 200, 90)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / "b.jpg")
    assert (read(tmp_path / "a.tif").pictures, read(tmp_path / "b.jpg").pictures) == (3, 1)
