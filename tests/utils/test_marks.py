"""Which files were made by kcolor."""

import json

import pytest
from PIL import Image

from kcolor.utils import marks


def test_json_has_a_mark_and_else_what_it_had(tmp_path):
    path = tmp_path / "report.json"
    path.write_text(marks.marked_json({"psnr": 20}))
    assert marks.is_ours(path)
    assert json.loads(path.read_text()) == {"made_by": "kcolor", "psnr": 20}


@pytest.mark.parametrize("content", ["{}", "[1]", "3", "no json", '{"hints": []}'])
def test_other_json_is_somebody_elses(content, tmp_path):
    (tmp_path / "coat.json").write_text(content)
    assert not marks.is_ours(tmp_path / "coat.json")


def test_a_picture_has_it_in_exif(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", exif=marks.marked_exif())
    assert marks.is_ours(tmp_path / "a.png")


def test_a_huge_picture_is_not_ours_and_no_error(tmp_path, monkeypatch):
    Image.new("1", (300, 300)).save(tmp_path / "scan.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert not marks.is_ours(tmp_path / "scan.png")
    assert not marks.is_ours(tmp_path)
    assert not marks.is_ours(tmp_path / "none.png")


def test_drawings_have_it_as_their_creator(tmp_path):
    (tmp_path / "a.svg").write_text(f"<dc:title>{marks.CREATOR}</dc:title>")
    assert marks.is_ours(tmp_path / "a.svg")
    (tmp_path / "a.svg").write_text("<svg/>")
    assert not marks.is_ours(tmp_path / "a.svg")
