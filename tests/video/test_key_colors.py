"""Key frames' colours by the network."""

import numpy as np
import pytest
from helpers.colorizers import painter
from helpers.films import light

from kcolor.hints.hint import Hint, place
from kcolor.video.key_colors import KeyColors
from kcolor.video.layout import layout_of
from kcolor.video.plan import Scene

LAYOUT = layout_of("yuvj444p", 6, 2, 480)
WHOLE = Scene(0, 9, False, 0.0, 1.0)


@pytest.fixture(scope="module")
def colorizer():
    """Its a and b are 55 times the lightness that the network sees, if that is L / 100."""
    return painter(stretch_tone=True)


def test_chroma_is_that_of_the_network_at_the_size_that_is_asked_for(colorizer):
    colors = KeyColors(colorizer, LAYOUT, (30, 40))
    ab = colors(np.full((60, 80), 119, "uint8"), WHOLE)
    assert ab.shape == (30, 40, 2)
    np.testing.assert_allclose(ab, 55 * 0.5, atol=0.5)  # 119 is L 50
    assert colors.calls == 1


def test_the_tone_is_the_scenes(colorizer):
    colors = KeyColors(colorizer, LAYOUT, (30, 40))
    faded = Scene(0, 9, False, 0.3, 0.7)
    low, high = (colors(np.full((60, 80), level, "uint8"), faded).mean() for level in (77, 178))
    assert low < 3
    assert high > 52


def test_a_film_that_is_turned_is_seen_upright_and_comes_back_as_it_lies(colorizer):
    luma = light(3, (60, 80))
    straight, turned = (KeyColors(colorizer, LAYOUT, (30, 40), turns)(luma, WHOLE) for turns in (0, 1))
    np.testing.assert_allclose(straight, turned, atol=0.5)


def test_hints_are_places_of_the_upright_frame_and_their_colour_is_no_matter_of_saturation(colorizer):
    """Turned to the left, what lies at the right edge is at the top."""
    luma, asked = light(3, (60, 80)), place([Hint(0.5, 0.1, (40, -30), 0.08, relative=True)], 80, 60)
    found = [KeyColors(colorizer, LAYOUT, (30, 40), 1, saturation=by)(luma, WHOLE, hints=asked) for by in (1.0, 0.5)]
    for ab in found:
        np.testing.assert_allclose(ab[14:16, 35:37].mean(axis=(0, 1)), (40, -30), atol=6)
    assert np.abs(found[0] - found[1]).max() > 5  # elsewhere it counts


def test_an_ensemble_is_the_mean_of_several_looks(colorizer):
    ab = KeyColors(colorizer, LAYOUT, (30, 40))(np.full((60, 80), 119, "uint8"), WHOLE, ensemble=True)
    np.testing.assert_allclose(ab, 55 * 0.5, atol=0.5)
