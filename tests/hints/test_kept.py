"""What is said of hints in a painted picture."""

import numpy as np

from kcolor import targets
from kcolor.hints import Hint
from kcolor.hints.hint import place
from kcolor.hints.kept import Kept, kept

LAB = targets.get("lab")


def test_a_hint_that_is_kept_is_silent():
    picture = np.full((20, 20, 3), (122, 92, 62), "uint8")
    (found,) = kept(picture, place([Hint(5, 5, "#7a5c3e")], 20, 20), LAB)
    assert (found.missed < 0.1, found.moved, str(found)) == (True, False, "")


def test_what_does_not_exist_is_said():
    picture = np.full((20, 20, 3), 250, "uint8")
    (found,) = kept(picture, place([Hint(5, 5, "keep"), Hint(5, 5, "red")], 20, 20), LAB)
    assert found.moved
    assert str(found).startswith("hint 2: red does not exist at this lightness; the nearest is ")
    picture[:] = (255, 245, 243)  # the nearest, as it may be painted
    (found,) = kept(picture, place([Hint(5, 5, tuple(found.possible))], 20, 20), LAB)
    assert found.shown == "#fff5f3"


def test_what_is_missed_is_said():
    picture = np.full((20, 20, 3), 128, "uint8")
    (found,) = kept(picture, place([Hint(5, 5, (20, 10))], 20, 20), LAB)
    assert round(found.missed, 1) == 22.4
    assert str(found).startswith("hint 1: the place has 0, 0")


def test_both_are_said_at_once():
    said = str(Kept(3, (80.0, 0.0), (40.0, 0.0), (30.0, 0.0)))
    assert said == (
        "hint 3: a, b = 80, 0 does not exist at this lightness; the nearest is 40, 0; the place has 30, 0, since others over "
        "it want other colours, or it is light and dark"
    )


def test_nothing_is_said_of_no_hints():
    assert kept(np.zeros((4, 4, 3), "uint8"), place([Hint(1, 1, "keep")], 4, 4), LAB) == []
