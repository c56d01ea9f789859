"""What `kcolor colorize` shows while it works."""

import argparse
import pathlib
import sys

from kcolor.cli.colorize_progress import Progress
from kcolor.photo_files.outcome import Outcome


def test_a_line_that_stays(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    line = Progress(argparse.ArgumentParser())
    outcomes = [
        Outcome(pathlib.Path("a.jpg"), "done", pathlib.Path("out/a.jpg"), number=1, total=2),
        Outcome(pathlib.Path("b.jpg"), "skipped", number=2, total=3),
        Outcome(pathlib.Path("c.jpg"), "done", pathlib.Path("out/c.jpg"), sideways=True, number=3, total=3),
    ]
    for outcome in outcomes:
        line(outcome)
    line.finish()
    said = capsys.readouterr()
    assert "1 of 2" in said.err
    assert "a.jpg" in said.err
    assert said.err.endswith("\x1b[2K")
    assert said.out.startswith("3 of 3  out/c.jpg (c.jpg seems to lie on its side)\n2 photos coloured in")
    assert "1 there already" in said.out
    assert "1 seems to lie on a side" in said.out
