"""Names that were sent lead nowhere but down."""

import pytest

from kcolor.page.names import attachment, clean, hints_name, result_name, suffix_on_disk, unique


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a.jpg", "a.jpg"),
        ("/etc/passwd", "etc/passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("...", "photo"),
        ("", "photo"),
        (" .hidden.jpg ", "hidden.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        ('<img src="x">.jpg', "img src=x.jpg"),
        ("Großmutter 祖母 جدة.jpg", "Großmutter 祖母 جدة.jpg"),
        ("\ud800.jpg", "jpg"),
    ],
)
def test_names_are_made_safe(sent, kept):
    assert clean(sent) == kept


def test_long_names_keep_their_ending():
    long = clean("祖" * 300 + ".jpeg")
    assert len(long.encode()) <= 180
    assert long.endswith(".jpeg")
    assert len(clean("a." + "b" * 300).encode()) <= 180
    assert clean("/".join("abcdefghijkl") + ".jpg") == "e/f/g/h/i/j/k/l.jpg"


def test_uploads_have_endings_of_pictures_only():
    assert [suffix_on_disk(name) for name in ("a.JPG", "a.heic", "a.sh", "a")] == [".jpg", ".heic", "", ""]


def test_results_are_called_as_on_the_command_line():
    assert result_name("album/a.b.png") == "album/a.b-coloured.png"
    assert result_name("scan.bmp") == "scan-coloured.png"
    assert hints_name("album/a.png") == "a.hints.json"


def test_names_are_unique():
    assert list(unique(["d/a.jpg", "d/A.jpg", "d/a (2).jpg"])) == ["d/a.jpg", "d/A (2).jpg", "d/a (2) (2).jpg"]


def test_a_name_cannot_end_its_header():
    assert attachment('a"\r\n;b.jpg') == "attachment; filename=a____b.jpg; filename*=UTF-8''a%22%0D%0A%3Bb.jpg"
