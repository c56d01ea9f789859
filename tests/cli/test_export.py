"""`kcolor export`."""

import re

import pytest

from kcolor.cli import main


def test_the_command_writes_what_it_says(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main.main(["export", "shapes", "--format", "keras", "--float16"]) == 0
    assert re.fullmatch(r"shapes.keras  0\.\d MB\n", capsys.readouterr().out)
    assert main.main(["export", "shapes", "--format", "keras"]) == 1
    assert "--overwrite" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main.main(["export", "shapes", "--size", "3x"])
    assert "expected any, 512, or 480x640 (height × width); received '3x'" in capsys.readouterr().err
