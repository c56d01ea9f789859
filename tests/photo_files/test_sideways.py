"""Photos that seem to lie on their side."""

import numpy as np
import pytest
from helpers.package import PACKAGE
from PIL import Image

from kcolor.photo_files import sideways
from kcolor.photo_files.sideways import features, lead_of_quarter_turns, seems_sideways, upright_scores

HISTORIC = PACKAGE / "samples" / "historic"


def test_upright_photos_are_not_said_to_lie_on_their_side(samples):
    assert not any(seems_sideways(photo) for photo in samples.values())
    assert not any(seems_sideways(np.rot90(photo, 2)) for photo in samples.values())


@pytest.mark.parametrize("turns", [1, 3])
def test_a_train_on_its_side_is_told(turns):
    train = np.asarray(Image.open(HISTORIC / "Locomotive1880s.jpg").convert("RGB"))
    assert not seems_sideways(train)
    assert seems_sideways(np.rot90(train, turns))


def test_what_is_seen_of_a_turned_photo_is_what_is_seen_in_another_order(samples):
    photo = samples["hats"][40:88, 40:88]
    seen = features(photo)
    assert seen.shape == (4, 612)
    np.testing.assert_allclose(features(np.rot90(photo))[:3], seen[1:], atol=1e-4)


def test_brightness_and_contrast_matter_little(samples):
    photo = samples["beach"]
    clear, faded = (upright_scores(features(one), sideways.weights()) for one in (photo, (60 + photo * 0.6).astype("uint8")))
    np.testing.assert_allclose(faded, clear, atol=0.5)


def test_scores_by_hand():
    weights = {
        "mean": np.float32([1, 0]),
        "scale": np.float32([2, 1]),
        "kernel0": np.float32([[1, -1], [0, 1]]),
        "bias0": np.float32([0, 1]),
        "kernel1": np.float32([3, 5]),
    }
    # Hidden: 2 (x - 1), and -2 (x - 1) + y + 1.
    assert upright_scores(np.float32([[2, 0], [1, 4]]), weights).tolist() == [6, 25]
    assert lead_of_quarter_turns(np.float32([[1, 2, 3, 7], [5, 1, 1, 2]])).tolist() == [4, -3]


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 900, 3), (48, 48, 3)])
def test_photos_of_any_size_are_taken(shape, rng):
    assert seems_sideways(rng.integers(0, 256, shape, dtype="uint8")) in (True, False)
