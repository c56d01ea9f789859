"""Hints and where they lie."""

import numpy as np
import pytest

from kcolor.hints import Everywhere, Hint, Stroke
from kcolor.hints.hint import MAX_PATCHES, Patch, Placement, place, place_one


def pixels(hint, height, width):
    return [patch.pixels(height, width) for patch in place([hint], height, width).patches]


def test_a_whole_number_is_the_middle_of_a_pixel():
    assert pixels(Hint(10, 4, "red", radius=2), 20, 30) == [(slice(2, 7), slice(8, 13))]
    assert pixels(Hint(10, 4, "red", radius=0), 20, 30) == [(slice(4, 5), slice(10, 11))]
    assert pixels(Hint(10.5, 4.5, "red", radius=2.5), 20, 30) == [(slice(2, 8), slice(8, 14))]


def test_shares_are_shares_of_the_sides():
    assert pixels(Hint(0.5, 0.25, "red", radius=0.1, relative=True), 20, 40) == [(slice(3, 7), slice(18, 22))]
    corners = [Hint(x, y, "red", radius=0, relative=True) for x in (0, 1) for y in (0, 1)]
    assert [pixels(corner, 20, 40)[0][0].start for corner in corners] == [0, 19, 0, 19]


def test_a_patch_is_cut_at_the_edges():
    assert pixels(Hint(0, 19, "red", radius=3), 20, 30) == [(slice(16, 20), slice(0, 4))]


def test_the_usual_radius_is_a_hundredth_of_the_shorter_side():
    rows, columns = pixels(Hint(500, 400, "red"), 1000, 1500)[0]
    assert (rows, columns) == (slice(390, 411), slice(490, 511))


def test_a_patch_is_the_same_place_in_a_copy_of_another_size():
    patch = place([Hint(100, 60, "red", radius=10)], 200, 300).patches[0]
    assert patch.pixels(100, 150) == (slice(25, 35), slice(45, 55))
    assert patch.pixels(4, 6) == (slice(1, 2), slice(2, 3))  # at least one pixel
    for side in (37, 200, 1001):
        rows, _ = patch.pixels(side, 300)
        assert 0 <= rows.start < rows.stop <= side


def test_a_stroke_is_patches_along_a_line():
    found = pixels(Stroke([(5, 5), (25, 5), (25, 15)], "red", radius=1), 20, 30)
    assert found[0] == (slice(4, 7), slice(4, 7))
    assert found[-1] == (slice(14, 17), slice(24, 27))
    assert len(found) == 11
    assert len(pixels(Stroke([(0, 0), (999, 0)], "red", radius=1), 1000, 1000)) == 64
    assert len(pixels(Stroke([(3, 3)], "red"), 20, 20)) == 1


@pytest.mark.parametrize("x", [-1, 30, 1000])
def test_outside_the_picture_is_refused(x):
    with pytest.raises(ValueError, match=f"Expected hint 2 inside the photo of 30 × 20 pixels. Received: x={x}, y=3"):
        place([Hint(0, 0, "red"), Hint(x, 3, "red")], 20, 30)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Hint("a", 0, "red"), "as numbers"),
        (lambda: Hint(np.nan, 0, "red"), "as numbers"),
        (lambda: Hint(1.2, 0, "red", relative=True), r"in \[0, 1\]"),
        (lambda: Hint(1, 0, "red", radius=-1), "a number of pixels"),
        (lambda: Hint(1, 0, "red", radius=2, relative=True), "a share of the shorter side"),
        (lambda: Hint(1, 0, "rod"), "Expected a colour"),
        (lambda: Stroke([], "red"), "as pairs"),
        (lambda: Stroke([(1, 2, 3)], "red"), "as pairs"),
        (lambda: Everywhere("keep"), "which is for places"),
        (lambda: place([Everywhere("red"), Everywhere("blue")], 9, 9), "one colour for the whole picture"),
        (lambda: place(["red"], 9, 9), "as Hint, Stroke or Everywhere"),
        (lambda: place([Hint(0, 0, "red")] * (MAX_PATCHES + 1), 9, 9), f"at most {MAX_PATCHES} patches"),
    ],
)
def test_wrong_hints_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


def test_a_placement_is_true_if_it_has_anything():
    patch = Patch((0.0, 0.0, 0.5, 0.5), "red", 1)
    assert [bool(one) for one in (Placement(), Placement((patch,)), Placement(everywhere="tan"))] == [False, True, True]


def test_the_whole_picture_has_one_colour():
    placed = place([Everywhere("wheat"), Hint(1, 1, "red")], 9, 9)
    assert (placed.everywhere, len(placed.patches), placed.patches[0].number) == ("wheat", 1, 2)
    assert not place([], 9, 9)


def test_a_place_that_is_asked_about_is_no_hint():
    assert (
        place_one(0.5, 0.5, 20, 40, relative=True).box == place([Hint(0.5, 0.5, "red", relative=True)], 20, 40).patches[0].box
    )
    with pytest.raises(ValueError, match=r"^Expected the place inside the photo of 40 × 20 pixels. Received: x=50, y=1"):
        place_one(50, 1, 20, 40)
