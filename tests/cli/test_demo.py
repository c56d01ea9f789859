"""`kcolor demo`."""

import pathlib

import numpy as np
import pytest
from PIL import ExifTags, Image

from kcolor.cli import demo, main


@pytest.mark.slow
def test_the_demo_is_a_table_and_a_sheet(tmp_path, samples, capsys):
    Image.fromarray(samples["beach"][:64, :64]).save(tmp_path / "photo.png")
    assert main.main(["demo", str(tmp_path / "photo.png"), "--out", str(tmp_path / "sheet.png")]) == 0
    assert "bins 18x18" in capsys.readouterr().out
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 500
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photo.png", "sheet.png"]


def test_photos_are_read_as_their_photographers_saw_them(tmp_path):
    """Upright, 16 bits as 8, what is transparent on white: not as `Image.open(path).convert("RGB")` has them."""
    ramp = np.linspace(0, 255, 12 * 20).reshape(12, 20)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.fromarray(ramp.astype("uint8")).save(tmp_path / "lying.png", exif=exif.tobytes())
    Image.fromarray((ramp * 257).astype("uint16")).save(tmp_path / "deep.png")
    clear = Image.new("RGBA", (20, 12), (10, 20, 30, 0))
    clear.save(tmp_path / "clear.png")
    lying, deep, clear = demo.read_photos([tmp_path / f"{name}.png" for name in ("lying", "deep", "clear")])
    assert lying.shape == (20, 12, 3)
    assert lying[0, -1, 0] == 0  # the upper left corner has turned to the right
    assert deep.dtype == np.uint8
    assert np.abs(deep[..., 0] - ramp).max() <= 1
    assert (clear == 255).all()


def test_what_cannot_be_read_is_named_first(tmp_path, capsys):
    missing = pathlib.Path(tmp_path / "nowhere.jpg")
    assert main.main(["demo", str(missing)]) == 1
    assert capsys.readouterr().err == f"kcolor: No such file or directory: {missing}\n"
