"""`kcolor curves`."""

import pytest
from PIL import Image

from kcolor.cli import main
from kcolor.training import curves


def test_curves_of_runs(tmp_path, monkeypatch, capsys):
    pytest.importorskip("seaborn")
    monkeypatch.chdir(tmp_path)
    for name in ("one", "more/one", "more/other"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "history.csv").write_text("epoch,loss,val_loss\n1,3.0,3.5\n2,2.0,3.0\n")
    assert main.main(["curves", "one", "more/other"]) == 0
    assert capsys.readouterr().out == "Curves: curves.png\n"
    with Image.open("curves.png") as picture:
        assert picture.width > 500
    labels = [
        [text.get_text() for text in curves.curves(folders).legends[0].get_texts()][: len(folders)]
        for folders in (["one", "more/other"], ["one", "more/one"])
    ]
    assert labels == [["one", "other"], ["one", "more/one"]]
    assert main.main(["curves", "one", "two", "--out", "c.png"]) == 1
    assert "Expected folders of runs, which have a history.csv" in capsys.readouterr().err
    assert main.main(["curves", "one", "--out", "c.txt"]) == 1
    assert "c.txt" in capsys.readouterr().err
    Image.new("RGB", (8, 8)).save("photo.png")
    assert main.main(["curves", "one", "--out", "photo.png"]) == 1
    assert "kcolor did not make it" in capsys.readouterr().err
    assert [main.main(["curves", "one", "--out", name]) for name in ("curves.png", "c.svg", "c.svg")] == [0, 0, 0]
