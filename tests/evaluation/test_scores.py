"""The metrics that only an evaluation has."""

import numpy as np
import pytest
from helpers.colorizers import numpy

from kcolor import bins
from kcolor.evaluation.scores import SCORES, Score, ab_mse_unit, bin_hits, mean_ab_mse_unit

RED_AB = (80.0925, 67.2032)  # scikit-image's, of pure red


def flat(rgb, width=4):
    return np.tile(np.asarray(rgb, "float32"), (1, 4, width, 1))


def test_ab_error_on_system_cs_scale_by_hand():
    red, gray = flat((1, 0, 0)), flat((0.5, 0.5, 0.5))
    whole = (RED_AB[0] ** 2 + RED_AB[1] ** 2) / 2 / 255**2  # 0.0840
    half = np.concatenate([red, gray], axis=2)
    both_gray = np.concatenate([gray, gray], axis=2)
    assert float(ab_mse_unit(red, gray)[0]) == pytest.approx(whole, rel=1e-4)
    assert float(ab_mse_unit(half, both_gray)[0]) == pytest.approx(whole / 2, rel=1e-4)
    assert float(mean_ab_mse_unit(half, both_gray)[0]) == pytest.approx(whole / 4, rel=1e-4)  # of half the mean colour


def test_bin_hits_by_hand():
    grid = bins.gamut_grid(10.0)
    gray, red, blue = flat((0.5, 0.5, 0.5), 2), flat((1, 0, 0), 1), flat((0, 0, 1), 1)
    truth = np.concatenate([np.concatenate([gray, red, blue], axis=2), np.concatenate([gray, gray], axis=2)])
    neutral, red_bin = (int(bins.bin_of(np.array([ab]), grid)[0]) for ab in ((0.0, 0.0), RED_AB))
    answered = np.full((2, 4, 4), neutral)
    answered[0, :, 2] = red_bin  # right; blue is taken for neutral
    hits = {name: numpy(value) for name, value in bin_hits(answered, truth, grid).items()}
    np.testing.assert_allclose(hits["bin_accuracy"], [0.75, 1.0])
    np.testing.assert_allclose(hits["bin_accuracy_colored"], [0.5, np.nan])  # the second has no coloured pixel


def test_chroma_from_ten_on_counts_as_colored():
    grid = bins.uniform_grid(1)  # everything is right
    pale, vivid = flat((0.55, 0.5, 0.5)), flat((0.6, 0.5, 0.5))  # chroma 6.7 and 13.4
    hits = bin_hits(np.zeros((2, 4, 4)), np.concatenate([pale, vivid]), grid)
    np.testing.assert_allclose(numpy(hits["bin_accuracy_colored"]), [np.nan, 1.0])


def test_every_score_names_its_convention():
    for score in SCORES.values():
        assert isinstance(score, Score)
        assert len(score.convention) > 10
        assert score.better in ("higher", "lower", None)
