"""Painting in a graph: the same picture as by tables in NumPy, to one level of 255."""

import numpy as np
import pytest
from helpers.exports import needs_tensorflow

from kcolor import targets
from kcolor.colorizer.tiles import paint_ab
from kcolor.exporting.painting import paint_in_graph

pytestmark = needs_tensorflow


@pytest.mark.parametrize("known_size", [False, True])
@pytest.mark.parametrize("strength", [0, 3, 30, 90])  # the last leaves the gamut nearly everywhere
@pytest.mark.parametrize(("small", "large"), [((7, 5), (61, 83)), ((13, 21), (13, 21)), ((1, 1), (40, 9)), ((4, 6), (300, 1))])
def test_it_is_what_tables_paint(rng, small, large, strength, known_size):
    coefficients = (strength * rng.uniform(-1, 1, (2, *small, 4))).astype("float32")
    photos = rng.integers(0, 256, (2, *large, 3), dtype="uint8")
    found = paint_in_graph(targets.get("lab"), known_size)(coefficients, photos).numpy()
    expected = np.stack([paint_ab(*one) for one in zip(coefficients, photos, strict=True)])
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - expected).max() <= 1
    assert (found != expected).mean() < 1e-3


def test_a_grey_photo_without_colours_stays_what_it_is():
    gray = np.arange(256, dtype="uint8").reshape(1, 16, 16, 1).repeat(3, axis=-1)
    assert np.array_equal(paint_in_graph(targets.get("lab"))(np.zeros((1, 4, 4, 4), "float32"), gray).numpy(), gray)


def test_other_chroma_is_painted_by_other_operations():
    assert paint_in_graph(targets.get("ycbcr")) is None
