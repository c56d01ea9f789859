"""The command line and the demonstration."""

import pytest
from PIL import Image

import kcolor
from kcolor import targets
from kcolor.cli import main
from kcolor.evaluation import target_demo
from kcolor.training import curves
from kcolor.utils import console


def test_the_demo_shows_every_target():
    assert {name for name, _ in target_demo.SHOWN.values()} == set(targets.TARGETS)


def test_the_demo_says_how_good_each_target_can_be(samples):
    sheet, table = target_demo.demo([samples["hats"][::4, ::4], samples["girl"][::4, ::4]])
    psnr = {name: value for name, _, value, _, _ in table}
    assert psnr["grey"] < psnr["mean_ab"] < psnr["bins 6x6"] < psnr["bins 18x18"] < psnr["bins step 10, soft"] < psnr["lab"]
    assert psnr["photo"] == 100
    assert sheet.height > 2 * 128
    color = {row[0]: row[-1] for row in table}
    assert color["grey"] < 0.5 < 20 < color["photo"]


def test_command(tmp_path, samples, capsys):
    Image.fromarray(samples["beach"][:64, :64]).save(tmp_path / "photo.png")
    assert main.main(["demo", str(tmp_path / "photo.png"), "--out", str(tmp_path / "sheet.png")]) == 0
    assert "bins 18x18" in capsys.readouterr().out
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 500
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photo.png", "sheet.png"]


def test_command_reports_what_it_cannot_read_or_write(tmp_path, capsys):
    (tmp_path / "text.jpg").write_text("no picture")
    for arguments in (["demo", "nowhere.jpg"], ["demo", str(tmp_path / "text.jpg")], ["demo", "--out", "sheet.doc"]):
        assert main.main(arguments) == 1
        assert "kcolor: " in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main.main(["paint"])
    assert stop.value.code == 2
    assert "demo" in capsys.readouterr().err


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


def test_version(capsys):
    with pytest.raises(SystemExit):
        main.main(["--version"])
    assert capsys.readouterr().out.strip() == f"kcolor {kcolor.__version__}"


def test_every_error_has_a_line_and_a_status(capsys):
    def fails(error):
        def command():
            raise error

        return console.status("me", command, "stopped, say")

    assert console.status("me", lambda: 7) == 7
    assert [fails(error) for error in (FileNotFoundError(2, "gone", "a.jpg"), ImportError("no x"), KeyboardInterrupt())] == [
        1,
        1,
        130,
    ]
    assert capsys.readouterr().err == "me: gone: a.jpg\nme: no x\n\nme: stopped, say\n"
    with pytest.raises(TypeError):  # a mistake of ours is shown whole
        fails(TypeError("x"))
