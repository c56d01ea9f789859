"""Soft patches around hints."""

import numpy as np
import pytest

from kcolor.hints import Hint
from kcolor.hints.blobs import Blobs
from kcolor.hints.hint import place
from kcolor.hints.patches import patches_in


def test_blobs_keep_to_what_is_as_light():
    luma = np.zeros((40, 40, 1), "float32")
    luma[:, 20:] = 1.0
    patches = patches_in(np.repeat(luma, 3, axis=-1), place([Hint(18, 10, "red", radius=1)], 40, 40).patches)
    field = Blobs(patches, luma).field(np.float32([[1.0]]))[..., 0]
    assert field[10, 18] == pytest.approx(1.0, abs=0.01)
    assert field[10, 20:].max() < 1e-4


def test_blobs_share_where_they_overlap():
    luma = np.zeros((40, 40, 1), "float32")
    hints = [Hint(18, 20, "red", radius=1), Hint(22, 20, "red", radius=1)]
    blobs = Blobs(patches_in(np.zeros((40, 40, 3), "uint8"), place(hints, 40, 40).patches), luma)
    wanted = np.float32([[5.0], [-3.0]])
    assert blobs.mean(blobs.field(blobs.strength_for(wanted))) == pytest.approx(wanted, abs=0.2)
