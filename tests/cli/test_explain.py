"""`kcolor explain`."""

import pytest
from helpers.albums import photo
from helpers.colorizers import small
from PIL import Image

from kcolor.cli import main


@pytest.fixture
def gray(tmp_path):
    photo().save(tmp_path / "a.png")
    return str(tmp_path / "a.png")


@pytest.mark.slow
def test_a_page_is_drawn(gray, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small("bins", size=16).save("small.keras")
    assert main.main(["explain", gray, "3", "4", "--model", "small.keras"]) == 0
    assert capsys.readouterr().out.strip() == "a-explained.png"
    with Image.open("a-explained.png") as page:
        assert page.width > 1000
    assert main.main(["explain", gray, "300", "4", "--model", "small.keras"]) == 1
    assert "inside the photo of 56 × 40 pixels" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["3"], "Expected both X and Y"),
        (["-o", "page.txt"], "Expected --out to end in one of .png, .svg, .pdf"),
        (["-o", "nowhere/page.png"], "in a folder that is there"),
        (["--model", "nothing"], "nothing"),
    ],
)
def test_wrong_arguments_are_named(arguments, message, gray, capsys):
    assert main.main(["explain", gray, *arguments]) == 1
    assert message in capsys.readouterr().err


def test_a_photo_that_is_not_there(capsys):
    assert main.main(["explain", "none.jpg"]) == 1
    assert "none.jpg" in capsys.readouterr().err
