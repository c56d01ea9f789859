"""Confidence intervals, against numbers worked out by hand."""

import numpy as np
import pytest

from kcolor.evaluation.confidence import RESAMPLES, Interval, bootstrap, resamples
from kcolor.evaluation.scores import SCORES


def test_the_interval_of_two_pictures_by_hand():
    # A quarter of the resamples has the first picture twice, a quarter the second one: both ends are reached.
    found = bootstrap([1.0, 3.0])
    assert (found.mean, found.low, found.high, found.count, found.half_width) == (2.0, 1.0, 3.0, 2, 1.0)


def test_weights_are_resampled_with_their_pictures():
    # By hand 1·3 + 3·1 over 4; a mean of the products resampled alone would leave 1..3.
    found = bootstrap([1.0, 3.0], [3.0, 1.0])
    assert (found.mean, found.low, found.high) == (1.5, 1.0, 3.0)


def test_the_root_is_taken_of_every_resample():
    found = bootstrap([1.0, 9.0], finish=np.sqrt)
    assert found.mean == pytest.approx(5**0.5)
    assert (found.low, found.high) == (1.0, 3.0)


def test_a_falling_finish_keeps_low_below_high():
    found = bootstrap([0.1, 0.001], finish=SCORES["psnr_of_error"].finish)
    assert (found.low, found.high) == pytest.approx((10.0, 30.0))


def test_many_pictures_have_the_interval_of_the_normal_distribution(rng):
    values = rng.normal(5.0, 2.0, 400)
    found = bootstrap(values)
    assert found.mean == pytest.approx(values.mean())
    assert found.half_width == pytest.approx(1.96 * values.std() / 20, rel=0.08)


def test_pictures_without_a_value_do_not_count():
    assert bootstrap([1.0, np.nan, 3.0], [1.0, 50.0, 1.0]) == Interval(2.0, 1.0, 3.0, 2)


def test_one_picture_has_no_interval():
    found = bootstrap([np.nan, 4.0])
    assert (found.mean, found.count) == (4.0, 1)
    assert np.isnan([found.low, found.high, found.half_width]).all()


def test_no_value_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one picture"):
        bootstrap([np.nan])


def test_resamples_draw_as_many_pictures_as_there_are_and_always_the_same():
    draws = resamples(30)
    assert draws.shape == (RESAMPLES, 30)
    assert (draws.sum(axis=1) == 30).all()
    np.testing.assert_array_equal(draws, resamples(30))
    assert len(np.unique(draws, axis=0)) > 0.99 * RESAMPLES  # the parts they are drawn in differ
