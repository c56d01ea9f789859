"""The saturation at which pictures have a given colourfulness."""

import pytest

from kcolor.evaluation.saturation_search import MAX_SATURATION, saturation_for


@pytest.mark.parametrize(
    ("colorful", "expected", "most"),
    [
        (lambda s: 10 * s, 3.0, 3),
        (lambda s: 100 * s, 0.3, 2),
        (lambda s: 60 * s / (s + 1), 1.0, 3),
        (lambda s: min(40 * s**0.5, 50), 0.5625, 6),
        (lambda s: 20 * min(s, 1), MAX_SATURATION, 8),
    ],
)
def test_the_saturation_is_found_in_a_few_steps(colorful, expected, most):
    steps = []
    found = saturation_for(30.0, lambda s: steps.append(s) or colorful(s))
    assert found == pytest.approx(expected, rel=0.005)
    assert found == steps[-1]
    assert len(steps) <= most
