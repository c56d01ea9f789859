"""Hints that are drawn to learn from: their law, and their colours."""

import numpy as np
import pytest
from helpers.colorizers import numpy
from keras import ops

from kcolor import color
from kcolor.colorizer.sampled_hints import MAX_HINTS, SampledHints


@pytest.fixture(scope="module")
def drawn():
    """Two thousand pictures' hints; each picture is red on the left, blue on the right."""
    pictures = np.zeros((500, 32, 64, 3), "float32")
    pictures[:, :, :32, 0] = pictures[:, :, 32:, 2] = 0.5
    layer = SampledHints(bold=0, seed=3)
    return np.concatenate([numpy(layer(pictures)[0]) for _ in range(4)])


def test_how_many(drawn):
    counts = drawn[..., 6].sum(axis=1)
    assert np.mean(counts == 0) == pytest.approx(0.2, abs=0.03)
    assert np.mean(counts == MAX_HINTS) == pytest.approx(0.01, abs=0.008)
    assert counts[(counts > 0) & (counts < MAX_HINTS)].mean() == pytest.approx(7.9, abs=0.5)
    assert counts.min() == 0


def test_where_and_how_large(drawn):
    few = drawn[drawn[..., 6].sum(axis=1) < MAX_HINTS].reshape(-1, 7)
    top, left, bottom, right = few[:, :4].T
    assert ((few[:, :4] >= 0) & (few[:, :4] <= 1)).all()
    assert (top + bottom).mean() / 2 == pytest.approx(0.5, abs=0.01)
    assert ((left + right) / 2).std() == pytest.approx(0.24, abs=0.03)
    assert ((right - left) * 64).max() == pytest.approx(9, abs=1e-3)
    assert ((right - left) * 64).min() == pytest.approx(1, abs=1e-3)


def test_their_colours(drawn):
    used = drawn[drawn[..., 6] > 0]
    red, blue = numpy(color.rgb_to_lab(np.array([[0.5, 0, 0], [0, 0, 0.5]], "float32")))[:, 1:]
    left, right = used[used[:, 3] < 0.5], used[used[:, 1] > 0.5]
    assert np.abs(left[:, 4:6] - red).max() < 0.05
    assert np.abs(right[:, 4:6] - blue).max() < 0.05


def test_all_colours_in_one_of_a_hundred(drawn):
    whole = drawn[drawn[..., 6].sum(axis=1) == MAX_HINTS]
    covered = np.prod(whole[:, :, 2:4] - whole[:, :, :2], axis=-1).sum(axis=1)
    assert np.isclose(covered, 1, atol=1e-4).any()


def test_a_seed_decides():
    pictures = np.random.default_rng(0).random((3, 16, 16, 3), dtype="float32")
    one, other = (ops.convert_to_numpy(SampledHints(seed=seed)(pictures)[0]) for seed in (5, 5))
    assert np.array_equal(one, other)
    assert SampledHints.from_config(SampledHints(bold=0.1, seed=5).get_config()).bold == 0.1
    with pytest.raises(ValueError, match="Expected `bold`"):
        SampledHints(bold=2)


def test_a_thing_gets_a_bold_colour_and_what_is_beside_it_none():
    """Grey pictures, light on the left and dark on the right: the side of the first hint changes."""
    pictures = np.full((400, 32, 64, 3), 0.7, "float32")
    pictures[:, :, 32:] = 0.2
    hints, changed = (numpy(x) for x in SampledHints(bold=1, seed=2)(pictures))
    ab = np.linalg.norm(numpy(color.rgb_to_lab(changed))[..., 1:], axis=-1)
    one = (hints[..., 6].sum(axis=1) == 1) & (np.abs(hints[:, 0, 1] + hints[:, 0, 3] - 1) > 0.3)
    assert one.sum() >= 3
    for hint, strength in zip(hints[one, 0], ab[one], strict=True):
        y, x = (int((hint[i] + hint[i + 2]) / 2 * side) for i, side in ((0, 32), (1, 64)))
        assert strength[y, x] > 8
        assert np.linalg.norm(hint[4:6]) == pytest.approx(strength[y, x], abs=4)
        assert (strength[:, 60:] if x < 32 else strength[:, :4]).max() < 4
    assert ab[hints[..., 6].sum(axis=1) == 0].max() < 0.1
