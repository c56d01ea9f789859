"""Hints are exact in the picture that is painted."""

import keras
import numpy as np
import pytest

from kcolor import targets
from kcolor.hints import Hint, pins
from kcolor.hints.hint import place
from kcolor.hints.patches import patches_in, wanted_ab, wanted_parts
from kcolor.hints.pins import chroma_of, painted_ab, pinned
from kcolor.hints.possible import graphs
from kcolor.images.guided_filter import constant_coefficients

TARGETS = ["lab", "ycbcr", "bins"]  # tests/colorizer/test_hinted.py has all


def numpy(x):
    return np.asarray(x)


def hinted(target, photo, hints):
    patches = patches_in(photo, place(hints, *photo.shape[:2]).patches)
    _, possible = wanted_ab([hint.color for hint in hints], patches.lumas(target), target)
    small = photo[::4, ::4][None] / np.float32(255)
    chroma = target.own_chroma(small)
    coefficients = numpy(constant_coefficients(chroma))[0]
    return coefficients, patches, possible, numpy(target.luma(small))[0]


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name == "bins" else pytest.mark.slow) for name in TARGETS])
def test_patches_get_their_colours_with_every_target(name, samples):
    target, photo = targets.get(name), samples["hats"][:128, :160]
    hints = [Hint(20, 30, (25, 20), radius=3), Hint(100, 90, "navy", radius=5), Hint(130, 20, (0, 0), radius=1)]
    coefficients, patches, possible, luma = hinted(target, photo, hints)
    found = pinned(coefficients, patches, possible, luma, target)
    assert np.linalg.norm(painted_ab(coefficients, patches, target) - possible, axis=-1).max() > 10
    assert np.linalg.norm(painted_ab(found, patches, target) - possible, axis=-1).max() < 2.0


@pytest.mark.slow
def test_places_far_from_hints_stay_as_they_are(samples):
    target, photo = targets.get("lab"), samples["hats"][:128, :160]
    coefficients, patches, possible, luma = hinted(target, photo, [Hint(20, 30, "red", radius=3)])
    found = pinned(coefficients, patches, possible, luma, target)
    assert np.abs(found - coefficients)[:, 20:].max() == 0
    assert np.abs(found - coefficients)[7, 5].max() > 10


@pytest.mark.slow
def test_hints_that_disagree_share(samples):
    target, photo = targets.get("lab"), np.full((64, 64, 3), 128, "uint8")
    hints = [Hint(30, 30, (40, 0), radius=2), Hint(30, 30, (-40, 0), radius=2)]
    coefficients, patches, possible, luma = hinted(target, photo, hints)
    found = pinned(coefficients, patches, possible, luma, target)
    assert painted_ab(found, patches, target) == pytest.approx(np.zeros((2, 2)), abs=2.0)


@pytest.mark.slow
def test_colour_follows_lightness_where_none_exists_at_all_of_it():
    """Half of the patch is white: there is no colour, so the other half has to have the more."""
    target, photo = targets.get("lab"), np.full((64, 64, 3), 110, "uint8")
    photo[:, 30:] = 250
    hints = [Hint(30, 30, "red", radius=4)]
    patches = patches_in(photo, place(hints, 64, 64).patches)
    lumas = patches.lumas(target)
    _, parts = wanted_parts(["red"], lumas, target)
    small = photo[::2, ::2][None] / np.float32(255)
    coefficients = numpy(constant_coefficients(target.own_chroma(small)))[0]
    possible, luma = parts.mean(axis=1), numpy(target.luma(small))[0]
    plain, followed = (
        pinned(coefficients, patches, possible, luma, target, given)[15, 13, :2] for given in (None, (lumas, parts))
    )
    assert np.abs(plain).max() == 0
    assert followed.max() < -20  # the lighter, the paler


@pytest.mark.parametrize("name", TARGETS)
def test_chroma_of_no_colour_is_nothing(name):
    assert np.abs(chroma_of(targets.get(name), np.float32([[0, 0]]), np.float32([[0.5]]))).max() < 1e-2


@pytest.mark.slow
@pytest.mark.graphs
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only TensorFlow makes graphs")
def test_patches_of_other_sizes_need_no_other_graph(samples):
    target, photo = targets.get("lab"), samples["hats"][:128, :160]
    for radius in (1, 2, 4):
        coefficients, patches, *_ = hinted(target, photo, [Hint(20, 30, "navy", radius=radius)])
        painted_ab(coefficients, patches, target)
    assert graphs(target, pins._painted_lab)._traced.experimental_get_tracing_count() == 1
