"""Places that look alike."""

import numpy as np

from kcolor.hints.matching import Match, guesses, matches


def test_each_is_the_others_nearest(rng):
    others = rng.normal(size=(4, 5, 16))
    features = others[::-1, ::-1] + 0.05 * rng.normal(size=(4, 5, 16)) + 3.0  # what all share says nothing
    ab = rng.normal(size=(4, 5, 2))
    found = matches(features, others + 3.0, ab)
    assert len(found) == 20
    for match in found:
        assert np.allclose(np.add(match.here, match.there), 1.0)
        column, row = int(5 * match.there[0]), int(4 * match.there[1])
        assert np.allclose(match.ab, ab[row, column])
    assert [match.likeness for match in found] == sorted((match.likeness for match in found), reverse=True)
    assert len(matches(features, others + 3.0, ab, most=3)) == 3


def test_of_several_places_that_look_like_one_the_nearest_alone_is_matched():
    one, other, third = np.eye(3)
    features = np.stack([one, 0.95 * one + 0.3 * other, third])[None]
    found = matches(features, np.stack([one, third])[None], np.zeros((1, 2, 2)))
    assert sorted(match.here[0] for match in found) == [0.5 / 3, 2.5 / 3]


def test_what_has_nothing_in_common_is_not_matched(rng):
    assert len(matches(rng.normal(size=(6, 6, 64)), rng.normal(size=(6, 6, 64)), np.zeros((6, 6, 2)))) == 0


def test_guesses_are_hints_that_need_not_be_exact():
    (hint,) = guesses([Match((0.25, 0.5), (0.1, 0.2), (12.0, -3.0), 0.9)])
    assert (hint.x, hint.y, hint.color, hint.relative, hint.exact) == (0.25, 0.5, (12.0, -3.0), True, False)
