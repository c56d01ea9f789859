"""Outcomes read as people say them."""

import pathlib

import pytest

from kcolor.photo_files.outcome import Outcome

PHOTO, RESULT = pathlib.Path("a.jpg"), pathlib.Path("out.jpg")


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Outcome(PHOTO, "done", RESULT, number=3, total=1200), "3 of 1,200  out.jpg"),
        (Outcome(PHOTO, "skipped", RESULT, number=1, total=2), "1 of 2  out.jpg is there already"),
        (Outcome(PHOTO, "done", RESULT, sideways=True, number=1, total=1), "1 of 1  out.jpg (a.jpg seems to lie on its side)"),
        (Outcome(PHOTO, "in color", reason="it has some", number=1, total=1), "1 of 1  a.jpg left alone: it has some"),
        (Outcome(PHOTO, "failed", reason="the file is empty", number=2, total=2), "2 of 2  a.jpg failed: the file is empty"),
    ],
)
def test_an_outcome_is_a_line(outcome, line):
    assert str(outcome) == line
