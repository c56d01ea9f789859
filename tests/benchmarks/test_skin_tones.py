"""Skin, from light to dark."""

import numpy as np
import pytest
from helpers.benchmarks import run
from PIL import Image

from benchmarks.skin_tones import GROUPS, group_of, measure


class Warmer:
    """Colours a photo by making it redder."""

    def colorize(self, photo):
        return np.clip(photo.astype(int) + np.array((20, 0, 0)), 0, 255).astype("uint8")


def test_tones_are_told_apart_by_lightness():
    assert [group_of(np.array([lightness, 12.0, 16.0])) for lightness in (70, 62, 56, 40)] == list(GROUPS)


def test_what_is_off_is_measured_in_the_middle_of_the_face():
    face = np.full((40, 40, 3), 20, "uint8")
    face[12:30, 10:30] = (200, 160, 140)
    rows = [row for group in measure(Warmer(), [face]).values() for row in group]
    assert len(rows) == 1
    miss, strength, turn = rows[0]
    assert 5 < miss < 20
    assert 1.2 < strength < 2
    assert -30 < turn < 0  # towards red


@pytest.mark.slow
def test_skin_tones(tmp_path, samples):
    for i, photo in enumerate(samples.values()):
        Image.fromarray(photo[:64, :64]).save(tmp_path / f"{i}.png")
    table = run("skin_tones", "shapes", "--data", tmp_path, "--limit", "3")
    assert "ab off" in table
    assert "shapes" in table
