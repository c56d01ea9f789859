"""siggraph17's protocol of hints."""

import numpy as np
import pytest
from helpers.colorizers import numpy, small

import kcolor
from kcolor import color
from kcolor.evaluation.evaluate import evaluate
from kcolor.evaluation.hint_curve import PATCH, HintCurve, hint_curve, true_hints
from kcolor.hints.hint import place


def test_hints_are_patches_of_the_true_mean_colour(samples):
    photo = samples["hats"][:64, :96]
    lab = numpy(color.rgb_to_lab(photo / np.float32(255)))
    for hint, patch in zip(hints := true_hints(photo, 30), place(hints, 64, 96).patches, strict=True):
        rows, columns = patch.pixels(64, 96)
        assert (rows.stop - rows.start, columns.stop - columns.start) == (PATCH, PATCH)
        assert hint.color == pytest.approx(lab[rows, columns, 1:].mean(axis=(0, 1)), abs=1e-3)


def test_places_are_nested_seeded_and_around_the_middle(samples):
    photo = samples["hats"][:200, :200]
    many = true_hints(photo, 400)
    assert many[:10] == true_hints(photo, 10)
    assert many[:10] != true_hints(photo, 10, seed=1)
    for axis in ("x", "y"):
        places = np.array([getattr(hint, axis) for hint in many])
        assert (places.mean(), places.std()) == (pytest.approx(100, abs=8), pytest.approx(49, abs=7))


@pytest.mark.slow
def test_more_hints_are_better(samples):
    photos = [samples[name][:48, :64] for name in ("hats", "parrots")]
    curve = hint_curve(small(size=32), photos, (0, 1, 20))
    means = [row["psnr"].mean for row in curve.metrics.values()]
    assert means == sorted(means)
    assert means[2] > means[0] + 1
    assert curve.table().splitlines()[0].split() == ["hints", "PSNR,", "dB", "ab", "distance", "gain"]
    assert list(curve.to_json()["hints"]) == ["0", "1", "20"]
    assert list(curve.gains()) == [0, 1, 20]
    assert curve.gains()[20] == pytest.approx(means[2] - means[0])
    again = evaluate(small(size=32), photos, hints=(0,))
    assert isinstance(again, HintCurve)
    assert again.count == 2


@pytest.mark.parametrize("numbers", [(), (1, 0), (-1,), (0, 501)])
def test_wrong_numbers_are_refused(numbers, samples):
    with pytest.raises(ValueError, match="growing numbers"):
        hint_curve(small(), [samples["hats"][:32, :32]], numbers)


@pytest.mark.slow
def test_the_included_model_has_learnt_to_use_hints(samples):
    """Sample photos that it may have seen: by how much is measured elsewhere (docs/how-hints-work.md)."""
    colorizer = kcolor.load("photo")
    assert colorizer.forward_pass.uses_hints
    photos = [photo[:256, 64:320] for photo in samples.values()]
    gains = hint_curve(colorizer, photos, (0, 10)).gains()
    assert gains[10] > 2.5
