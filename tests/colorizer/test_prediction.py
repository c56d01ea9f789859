"""What the network makes of photos."""

import dataclasses

import numpy as np
import pytest

from kcolor.colorizer.prediction import Prediction
from kcolor.hints import Hint


@pytest.fixture
def prediction():
    return Prediction(np.zeros((1, 4, 6, 3), "float32"), np.zeros((1, 4, 6, 2), "float32"))


def test_hints_replace_those_before(prediction):
    red, blue = (prediction.with_hints([Hint(1, 1, name)], (4, 6)) for name in ("red", "blue"))
    assert (red.hints[0].patches[0].color, blue.hints[0].patches[0].color) == ("red", "blue")
    assert prediction.hints == ()


def test_hints_are_for_each_photo():
    two = Prediction(np.zeros((2, 4, 6, 3), "float32"), np.zeros((2, 4, 6, 2), "float32"))
    with pytest.raises(ValueError, match="hints for each of 2 photos. Received: 1"):
        two.with_hints([[]], (4, 6))


def test_something_is_made_once_for_the_same_chroma_and_numbers(prediction):
    made = []

    def once(one, number):
        return one.once("scene", (one.chroma, number), lambda: made.append(number) or len(made))

    assert [once(prediction, 1.0), once(prediction.with_hints([Hint(1, 1, "red")], (4, 6)), 1.0)] == [1, 1]
    assert once(prediction, 0.5) == 2
    assert once(dataclasses.replace(prediction, chroma=prediction.chroma + 1), 0.5) == 3
