"""What `kcolor colorize` shows while it works."""

import argparse
import pathlib
import sys

import pytest

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
    assert "about ten seconds" in said.err  # before there is a first photo
    assert "1 of 2" in said.err
    assert "a.jpg" in said.err
    assert said.err.endswith("\x1b[2K")
    assert said.out.startswith("3 of 3  out/c.jpg (c.jpg seems to lie on its side)\n2 photos coloured in")
    assert " into out, " in said.out
    assert "1 there already" in said.out
    assert "1 seems to lie on a side" in said.out


def done(*results):
    paths = [result if "://" in result else pathlib.Path(result) for result in results]
    return [Outcome(pathlib.Path("a.jpg"), "done", path, number=1, total=9) for path in paths]


@pytest.mark.parametrize(
    ("results", "where"),
    [
        (["a-coloured.jpg"], ": a-coloured.jpg\n"),
        (["out/a.jpg", "out/b.jpg"], " into out\n"),
        (["out/1/a.jpg", "out/2/a.jpg"], f" into {pathlib.Path('out/1')}, {pathlib.Path('out/2')}\n"),
        (["out/1/a.jpg", "out/2/a.jpg", "out/3/a.jpg", "out/1/b.jpg", "out/4/a.jpg"], " into out\n"),
        (["a-coloured.jpg", "one/a-coloured.jpg", "/two/a-coloured.jpg"], "coloured in 0.0 s\n"),  # nothing in common
        (["s3://b/out/1/a.jpg", "s3://b/out/2/a.jpg", "s3://b/out/3/a.jpg"], " into s3://b/out\n"),
    ],
)
def test_where_the_results_lie_is_said(results, where, capsys):
    line = Progress(argparse.ArgumentParser())
    for outcome in done(*results):
        line(outcome)
    line.finish()
    assert capsys.readouterr().out.endswith(where)


def test_photos_that_are_left_alone_are_named_on_a_terminal_unless_they_are_many(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    line = Progress(argparse.ArgumentParser())
    for number in range(1, 13):
        line(Outcome(pathlib.Path(f"{number}.jpg"), "in color", reason="it is in colour", number=number, total=12))
    said = capsys.readouterr().out
    assert [f" {number}.jpg" in said or f"  {number}.jpg" in said for number in (1, 10, 11, 12)] == [True, True, False, False]
