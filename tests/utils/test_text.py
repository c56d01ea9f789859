"""Tables and counts."""

from kcolor.utils.text import aligned, counted


def test_columns_are_as_wide_as_their_longest_cell():
    rows = [["", "of", "n"], ["a", "red", "1"], ["bbb", "", "100"]]
    assert aligned(rows, left=2) == ["     of     n", "a    red    1", "bbb       100"]
    assert aligned([["a", ""], ["bb", ""]], left=0) == [" a", "bb"]


def test_one_thing_has_no_plural():
    assert [counted(number, "frame") for number in (0, 1, 2, 1000)] == ["0 frames", "1 frame", "2 frames", "1,000 frames"]
