"""`kcolor sheet`."""

import numpy as np
from helpers.albums import fill
from PIL import Image

from kcolor.cli import main
from kcolor.photo_files import folder_sheets, read_write


def test_a_sheet_of_an_album(tmp_path, capsys):
    album, out = fill(tmp_path / "album"), fill(tmp_path / "out")
    assert main.main(["sheet", str(out), "-o", str(tmp_path / "sheet.png"), "--height", "64"]) == 0
    alone = read_write.read(tmp_path / "sheet.png").rgb.shape
    arguments = ["sheet", str(out), "--beside", str(album), "-o", str(tmp_path / "both.png"), "--height", "64"]
    assert main.main(arguments) == 0
    assert read_write.read(tmp_path / "both.png").rgb.shape[1] > 1.9 * alone[1]
    before = (album / "a.jpg").read_bytes()  # as in: kcolor sheet -o album/*.jpg
    assert main.main(["sheet", str(out), "-o", str(album / "a.jpg")]) == 1
    assert "is there already, and kcolor did not make it: --overwrite replaces it" in capsys.readouterr().err
    assert (album / "a.jpg").read_bytes() == before
    assert main.main(["sheet", str(out), "-o", str(tmp_path / "sheet.png"), "--overwrite"]) == 0
    assert main.main(["sheet", str(album), "--columns", "0", "-o", str(tmp_path / "x.png")]) == 1
    assert "Expected at least 1 column" in capsys.readouterr().err
    assert main.main(["sheet", str(album), "-o", str(tmp_path / "sheet.doc")]) == 1
    assert "Expected --out as a picture" in capsys.readouterr().err


def test_a_strip_of_one_pixel_is_no_broken_sheet(tmp_path):
    Image.fromarray(np.full((1, 20_000, 3), (200, 0, 0), "uint8")).save(tmp_path / "strip.png")
    assert main.main(["sheet", str(tmp_path / "strip.png"), "-o", str(tmp_path / "sheet.jpg")]) == 0
    assert read_write.read(tmp_path / "sheet.jpg").rgb.shape == (6 + 200 + 15 + 6, 6 + 800 + 6, 3)


def test_the_sheets_of_a_large_album(tmp_path, monkeypatch, capsys):
    album = fill(tmp_path / "album")
    monkeypatch.setattr(folder_sheets, "_MAX_SHEET_HEIGHT", 120)
    assert main.main(["sheet", str(album), "--columns", "2", "--height", "90", "-o", str(tmp_path / "sheet.png")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Contact sheet: {tmp_path / name}" for name in ("sheet.png", "sheet-2.png")
    ]
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["sheet-2.png", "sheet.png"]


def test_comparisons_are_left_out_beside_originals(tmp_path):
    album, out = fill(tmp_path / "album"), fill(tmp_path / "out")
    arguments = ["sheet", str(out), "--beside", str(album), "--height", "64", "-o"]
    assert main.main([*arguments, str(tmp_path / "before.png")]) == 0
    (out / "a-compare.jpg").write_bytes((out / "a.jpg").read_bytes())
    assert main.main([*arguments, str(tmp_path / "after.png")]) == 0
    assert (tmp_path / "after.png").read_bytes() == (tmp_path / "before.png").read_bytes()


def test_the_usual_name_replaces_no_photo(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(fill(tmp_path / "album"))
    for _ in range(2):  # its own sheet is made anew
        assert main.main(["sheet", "a.jpg"]) == 0
    Image.new("RGB", (8, 8)).save("sheet.jpg")
    assert main.main(["sheet", "a.jpg"]) == 1
    assert "sheet.jpg is there already, and kcolor did not make it: --overwrite replaces it" in capsys.readouterr().err
    assert main.main(["sheet", "a.jpg", "--overwrite"]) == 0
