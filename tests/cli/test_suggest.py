"""`kcolor suggest`, and hints on the command line."""

import json

import pytest
from helpers.albums import photo
from helpers.colorizers import small

from kcolor.cli import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "small.keras"
    small("bins", size=16).save(path)
    return str(path)


@pytest.fixture
def grey(tmp_path):
    photo().save(tmp_path / "a.png")
    return tmp_path / "a.png"


@pytest.mark.slow
def test_colours_are_suggested(grey, model, capsys):
    assert main.main(["suggest", str(grey), "3", "4", "--count", "3", "--model", model, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert 1 <= len(found) <= 3
    assert set(found[0]) == {"color", "ab", "share"}
    assert main.main(["suggest", str(grey), "3", "4", "--model", model]) == 0
    assert capsys.readouterr().out.startswith("#")
    assert main.main(["suggest", str(grey), "3", "400", "--model", model]) == 1
    assert "inside the photo of 56 × 40 pixels" in capsys.readouterr().err


def test_a_hint_is_given(grey, model, tmp_path, capsys):
    out = ["-o", str(tmp_path / "out"), "--model", model]
    assert main.main(["colorize", str(grey), "--hint", "3,4,firebrick,2", "--hint", "50%,50%,navy", *out]) == 0
    assert (tmp_path / "out" / "a.png").is_file()
    assert main.main(["colorize", str(grey), "--hint", "300,4,firebrick", "--overwrite", *out]) == 1
    assert "Expected hint 1 inside the photo of 56 × 40 pixels" in capsys.readouterr().err
    assert main.main(["colorize", str(tmp_path), "--hint", "3,4,firebrick", "--hints", "no.json", *out]) == 1
    assert "Expected --hint or --hints. Received both" in capsys.readouterr().err


@pytest.mark.parametrize("hint", ["3,4", "3,4,rod", "a,4,red", "3%,4,red", "3,4,red,2,1"])
def test_what_is_no_hint_is_refused(grey, hint, capsys):
    with pytest.raises(SystemExit):
        main.main(["colorize", str(grey), "--hint", hint])
    assert "argument --hint: " in capsys.readouterr().err
