"""Patches of hints in photos."""

import numpy as np
import pytest

from kcolor import targets
from kcolor.hints import Hint
from kcolor.hints.hint import place
from kcolor.hints.patches import ab_of, patches_in, wanted_ab

LAB = targets.get("lab")


def test_means_are_of_the_pixels_of_each_patch(rng):
    photo = rng.integers(0, 256, (30, 40, 3), dtype="uint8")
    placed = place([Hint(5, 6, "red", radius=1), Hint(20, 20, "red", radius=4), Hint(0, 0, "red", radius=2)], 30, 40)
    patches = patches_in(photo, placed.patches)
    wanted = [photo[5:8, 4:7], photo[16:25, 16:25], photo[:3, :3]]
    expected = [part.reshape(-1, 3).mean(axis=0) for part in wanted]
    assert patches.mean(patches.rgb) * 255 == pytest.approx(np.array(expected), abs=1e-3)
    assert patches.of(photo.astype("float32")) == pytest.approx(np.array(expected), abs=1e-3)


def test_of_a_large_patch_a_part_is_looked_at(rng):
    photo = np.linspace(0, 1, 400, dtype="float32")[:, None, None] * np.ones((1, 400, 3), "float32")
    patches = patches_in(photo, place([Hint(200, 100, "red", radius=90)], 400, 400).patches)
    assert patches.rows.shape == (1, 24 * 24)
    assert patches.mean(patches.rgb)[0, 0] == pytest.approx(photo[100, 0, 0], abs=1e-3)


def test_parts_of_a_patch_are_from_dark_to_light():
    photo = np.zeros((10, 10, 3), "uint8")
    photo[:, 5:] = 255
    hints = [Hint(4.5, 4.5, "red", radius=4.5), Hint(2, 2, "red", radius=1)]
    lumas = patches_in(photo, place(hints, 10, 10).patches).lumas(LAB)
    assert lumas[0] == pytest.approx([0] * 12 + [1] * 13, abs=1e-4)
    assert lumas[1] == pytest.approx([0] * 25, abs=1e-4)


def test_what_exists_at_some_lightness_only_is_wanted_by_parts():
    wanted, possible = wanted_ab(["red", "keep", (3, 4)], np.float32([[0.532, 1.0], [0.5, 0.5], [0.5, 0.5]]), LAB)
    assert wanted[0] == pytest.approx(ab_of("#ff0000"))
    assert possible[0] == pytest.approx(wanted[0] / 2, abs=1.5)  # white has no colour
    assert np.isnan(possible[1]).all()
    assert possible[2].tolist() == [3, 4]
