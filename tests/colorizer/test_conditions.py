"""What networks are given beside the photo."""

import numpy as np
import pytest
from helpers.colorizers import numpy

import kcolor
from kcolor import models, targets
from kcolor.colorizer.conditions import CONDITIONS, Condition, Guide


@pytest.mark.slow
def test_guided_by_another_colorizer_that_stays_as_it_is(blobs, tmp_path):
    mean = targets.get("mean_ab")
    guide = kcolor.Colorizer(models.build("mean_regressor", mean, stages=3), mean)
    network = models.build("encoder_decoder", "lab", down=(4, 4), guide=True)
    colorizer = kcolor.Colorizer(network, targets.get("lab"), guide=guide)
    before = [numpy(w) for w in guide.weights]
    colorizer.compile()
    colorizer.fit(blobs, epochs=2, verbose=0)
    assert all(np.array_equal(a, numpy(b)) for a, b in zip(before, guide.weights, strict=True))
    sees_whole_photos = blobs.copy()
    sees_whole_photos[:, 16:, 16:] //= 2
    guided_by = [numpy(guide.forward_pass.raw(photos / np.float32(255))) for photos in (blobs, sees_whole_photos)]
    assert np.abs(guided_by[0] - guided_by[1]).min() > 0
    colorizer.save(tmp_path / "guided.keras")
    assert np.array_equal(kcolor.load(tmp_path / "guided.keras").colorize(blobs), colorizer.colorize(blobs))


def test_a_guide_is_a_condition():
    mean = targets.get("mean_ab")
    guide = Guide(kcolor.Colorizer("mean_regressor", mean, stages=3))
    assert (guide.name, guide.shape) == ("guide", (2,))
    assert guide.compute(np.zeros((3, 20, 30, 3), "float32")).shape == (3, 2)
    with pytest.raises(ValueError, match="pooled target"):
        Guide("x")


def test_a_guided_network_can_be_asked_for_by_name():
    guide = kcolor.Colorizer("mean_regressor", "mean_ab", stages=3)
    colorizer = kcolor.Colorizer("encoder_decoder", "lab", guide=guide, down=(2, 2))
    assert set(colorizer.network.input) == {"luma", "guide"}


def test_every_condition_has_a_name_and_a_shape():
    for name, condition in CONDITIONS.items():
        assert issubclass(condition, Condition)
        assert condition.name == name
