"""Hints are exact in the picture that is painted."""

import numpy as np
import pytest

from kcolor import targets
from kcolor.hints import Hint
from kcolor.hints.hint import place
from kcolor.hints.patches import patches_in, wanted_ab
from kcolor.hints.pins import Blobs, chroma_of, painted_ab, pinned
from kcolor.images.guided_filter import constant_coefficients

TARGETS = ["lab", "ycbcr", "rgb", "difference", "quotient", "bins"]


def numpy(x):
    return np.asarray(x)


def hinted(target, photo, hints):
    patches = patches_in(photo, place(hints, *photo.shape[:2]).patches)
    _, possible = wanted_ab([hint.color for hint in hints], patches.lumas(target), target)
    small = photo[::4, ::4][None] / np.float32(255)
    chroma = target.own_chroma(small)
    coefficients = numpy(constant_coefficients(chroma))[0]
    return coefficients, patches, possible, numpy(target.luma(small))[0]


@pytest.mark.parametrize("name", TARGETS)
def test_patches_get_their_colours_with_every_target(name, samples):
    target, photo = targets.get(name), samples["hats"][:128, :160]
    hints = [Hint(20, 30, (25, 20), radius=3), Hint(100, 90, "navy", radius=5), Hint(130, 20, (0, 0), radius=1)]
    coefficients, patches, possible, luma = hinted(target, photo, hints)
    found = pinned(coefficients, patches, possible, luma, target)
    assert np.linalg.norm(painted_ab(coefficients, patches, target) - possible, axis=-1).max() > 10
    assert np.linalg.norm(painted_ab(found, patches, target) - possible, axis=-1).max() < 2.0


def test_places_far_from_hints_stay_as_they_are(samples):
    target, photo = targets.get("lab"), samples["hats"][:128, :160]
    coefficients, patches, possible, luma = hinted(target, photo, [Hint(20, 30, "red", radius=3)])
    found = pinned(coefficients, patches, possible, luma, target)
    assert np.abs(found - coefficients)[:, 20:].max() == 0
    assert np.abs(found - coefficients)[7, 5].max() > 10


def test_hints_that_disagree_share(samples):
    target, photo = targets.get("lab"), np.full((64, 64, 3), 128, "uint8")
    hints = [Hint(30, 30, (40, 0), radius=2), Hint(30, 30, (-40, 0), radius=2)]
    coefficients, patches, possible, luma = hinted(target, photo, hints)
    found = pinned(coefficients, patches, possible, luma, target)
    assert painted_ab(found, patches, target) == pytest.approx(np.zeros((2, 2)), abs=2.0)


def test_blobs_keep_to_what_is_as_light():
    luma = np.zeros((40, 40, 1), "float32")
    luma[:, 20:] = 1.0
    patches = patches_in(np.repeat(luma, 3, axis=-1), place([Hint(18, 10, "red", radius=1)], 40, 40).patches)
    field = Blobs(patches, luma).field(np.float32([[1.0]]))[..., 0]
    assert field[10, 18] == pytest.approx(1.0, abs=0.01)
    assert field[10, 20:].max() < 1e-4


@pytest.mark.parametrize("name", TARGETS)
def test_chroma_of_no_colour_is_nothing(name):
    assert np.abs(chroma_of(targets.get(name), np.float32([[0, 0]]), np.float32([[0.5]]))).max() < 1e-2
