"""Colours with hints: between predict and paint."""

import io

import numpy as np
import pytest
from helpers.colorizers import numpy, painter, small
from PIL import Image

import kcolor
from kcolor import color, targets
from kcolor.colorizer.forward import Forward
from kcolor.colorizer.hinted import PhotoForHints, hinted_chroma, hinted_coefficients
from kcolor.hints import Everywhere, Hint, PhotoHints
from kcolor.hints.hint import Placement
from kcolor.hints.kept import kept
from kcolor.images.guided_filter import constant_coefficients

HINTS = [Hint(40, 30, "#7a5c3e", radius=4), Hint(90, 60, (20, -20)), Hint(15, 70, "keep", radius=5)]


@pytest.fixture(scope="module")
def inference():
    return painter(output_stride=2, size=48).inference()


def ab(picture, *where):
    return numpy(color.rgb_to_lab(picture[where] / np.float32(255)))[..., 1:].mean(axis=(0, 1))


@pytest.mark.parametrize("factor", [1, 9])
def test_hints_are_exact_in_the_file(samples, inference, factor):
    """At the size the network sees, and far larger; after 8 bits and JPEG."""
    photo = samples["hats"][:96, :128].repeat(factor, axis=0).repeat(factor, axis=1)
    hints = [Hint(h.x * factor, h.y * factor, h.color, (h.radius or 1) * factor) for h in HINTS[:2]]
    prediction = inference.predict(photo[None], features=True).with_hints(hints, photo.shape[:2])
    painted = inference.paint(prediction, photo[None])[0]
    Image.fromarray(painted).save(file := io.BytesIO(), "JPEG", quality=95, subsampling=0)
    written = np.asarray(Image.open(file))
    assert max(one.missed for one in kept(written, prediction.hints[0], inference.forward.target)) < 2.0
    assert np.linalg.norm(ab(written, *prediction.hints[0].patches[1].pixels(*photo.shape[:2])) - (20, -20)) < 2.0


@pytest.mark.slow
def test_a_further_hint_does_not_run_the_network(samples, inference, monkeypatch):
    photo = samples["hats"][None, :96, :128]
    prediction = inference.predict(photo, features=True)
    monkeypatch.setattr(Forward, "raw", None)
    pictures = [inference.paint(prediction.with_hints(HINTS[:count], (96, 128)), photo) for count in (0, 1, 2)]
    assert np.array_equal(pictures[0], inference.paint(prediction, photo))
    assert not np.array_equal(pictures[1], pictures[2])


@pytest.mark.slow
def test_a_place_to_keep_stays_as_it_is(samples, inference):
    photo = samples["hats"][None, :96, :128]
    prediction = inference.predict(photo, features=True)
    plain = inference.paint(prediction, photo)[0]
    hints = [Hint(20, 60, (60, 30), radius=3), HINTS[2], Everywhere((10, 30))]
    there = prediction.with_hints(hints, (96, 128))
    where = there.hints[0].patches[1].pixels(96, 128)
    assert ab(inference.paint(there, photo)[0], *where) == pytest.approx(ab(plain, *where), abs=1.0)
    without = inference.paint(prediction.with_hints([hints[0], hints[2]], (96, 128)), photo)[0]
    assert np.linalg.norm(ab(without, *where) - ab(plain, *where)) > 5


def test_the_whole_picture_gets_a_cast(samples, inference):
    photo = samples["hats"][None, :96, :128]
    prediction = inference.predict(photo).with_hints([Everywhere((5, 15))], (96, 128))
    assert ab(inference.paint(prediction, photo)[0]) == pytest.approx([5, 15], abs=3)


def test_hints_are_exact_with_any_saturation_and_tone(samples, inference):
    photo = samples["hats"][None, :96, :128]
    prediction = inference.predict(photo, features=True).with_hints(HINTS[:2], (96, 128))
    for options in ({"saturation": 0.0}, {"saturation": 2.0}, {"keep_tone": True}):
        painted = inference.paint(prediction, photo, **options)[0]
        assert max(one.missed for one in kept(painted, prediction.hints[0], inference.forward.target)) < 1.5


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in ("bins", "ycbcr") else pytest.mark.slow) for name in sorted(targets.TARGETS)],
)
def test_every_target_takes_hints(name, samples):
    photo, hints = samples["hats"][:48, :64], [Hint(30, 20, (25, 10), radius=3)]
    if name == "mean_ab":
        from kcolor import Colorizer

        colorizer = Colorizer("mean_regressor", name)
    else:
        colorizer = small(name, size=32)
    painted = colorizer.colorize(photo, hints=hints)
    assert painted.shape == photo.shape
    assert np.linalg.norm(ab(painted, slice(17, 24), slice(27, 34)) - (25, 10)) < 2.0


@pytest.mark.slow
def test_every_photo_has_its_own_hints(samples, inference):
    photos, colorizer = samples["hats"][:96, :128][None].repeat(2, axis=0), painter(output_stride=2, size=48)
    first, second = colorizer.colorize(photos, hints=[HINTS[:1], []])
    assert np.array_equal(first, colorizer.colorize(photos[0], hints=HINTS[:1]))
    assert np.array_equal(second, colorizer.colorize(photos[1]))
    listed = colorizer.colorize(list(photos), hints=[[], PhotoHints((HINTS[0],), (128, 96))])
    assert np.array_equal(listed[1], first)
    with pytest.raises(ValueError, match="one sequence for each of 2 photos. Received: 1"):
        colorizer.colorize(photos, hints=[HINTS])


def test_without_hints_the_coefficients_are_those_of_the_chroma():
    lab, chroma = targets.get("lab"), np.ones((1, 1, 1, 2), "float32")
    seen, photo = np.zeros((1, 4, 6, 3), "float32"), np.zeros((8, 12, 3), "uint8")
    prepared = PhotoForHints(chroma, seen, seen, lab)
    found = hinted_coefficients(prepared, Placement(), photo, lambda chroma, luma: constant_coefficients(chroma))
    assert found.shape == (4, 6, 4)
    assert np.array_equal(found[0, 0], [0, 0, 1, 1])


def test_chroma_has_the_hints_before_it_is_painted(samples, inference):
    photo = samples["hats"][None, :96, :128]
    prediction = inference.predict(photo, features=True).with_hints([Hint(90, 60, (20, -20), radius=6)], (96, 128))
    chroma, plain = numpy(inference.chroma(prediction, photo)), numpy(prediction.chroma)
    assert np.linalg.norm(chroma[0, 30, 45] - (20, -20)) < np.linalg.norm(plain[0, 30, 45] - (20, -20)) / 4
    np.testing.assert_array_equal(numpy(inference.chroma(inference.predict(photo), photo)), plain)
    prepared = PhotoForHints(prediction.chroma, prediction.seen, prediction.descriptors, inference.forward.target)
    np.testing.assert_allclose(numpy(hinted_chroma(prepared, prediction.hints[0], photo[0])), chroma, atol=1e-6)


def test_hints_outside_are_refused(samples, inference):
    with pytest.raises(ValueError, match="Expected hint 1 inside the photo of 128 × 96 pixels"):
        inference.predict(samples["hats"][None, :96, :128]).with_hints([Hint(200, 3, "red")], (96, 128))


@pytest.mark.slow
def test_a_guess_need_not_be_exact_and_gives_way(samples, inference):
    photo = samples["hats"][None, :96, :128]
    prediction = inference.predict(photo, features=True)
    guess, sure = Hint(60, 50, (0, 0), radius=3, exact=False), Hint(60, 50, (10, -10), radius=3)
    pictures = [inference.paint(prediction.with_hints(hints, (96, 128)), photo)[0] for hints in ([], [guess], [guess, sure])]
    plain, guessed, both = (ab(picture, slice(47, 54), slice(57, 64)) for picture in pictures)
    assert 2 < np.linalg.norm(guessed) < np.linalg.norm(plain)
    assert np.linalg.norm(both - (10, -10)) < 1.5


@pytest.fixture(scope="module")
def learnt():
    """A colorizer whose branch for hints says something."""
    options = {"backbone": "squeezenet", "weights": "random", "filters": (8,), "output_stride": 4, "hints": True}
    colorizer = kcolor.Colorizer("pretrained_unet", "bins", size=64, **options)
    none = colorizer.network.get_layer("hint_attention").none
    none.assign(-1 + 0 * none)
    return colorizer


def test_what_the_network_makes_of_hints_is_kept_exactly_too(samples, learnt):
    photo = samples["hats"][None, :90, :130]  # no multiple of the stride
    plain = learnt.inference().predict(photo, features=True)
    assert len(plain.trunk) == 3
    prediction = plain.with_hints(HINTS, photo.shape[1:3])
    painted, before = (learnt.inference().paint(one, photo)[0] for one in (prediction, plain))
    assert max(one.missed for one in kept(painted, prediction.hints[0], learnt.target)) < 2.0
    where = prediction.hints[0].patches[2].pixels(*photo.shape[1:3])  # what is to stay as it is without hints
    assert ab(painted, *where) == pytest.approx(ab(before, *where), abs=1.5)


def test_the_network_sees_hints_where_they_are(samples, learnt):
    """Its input has a margin, and a hint is a share of the photo without it."""
    photo = samples["hats"][None, :90, :130]
    prediction, forward = learnt.inference().predict(photo, features=True), learnt.forward_pass
    (height, width), framed = prediction.seen.shape[1:3], forward.framed(prediction.seen).shape[1:3]
    assert framed[1] > width
    hint = np.array([[0.2, 0.7, 0.4, 0.9, 60, 40, 1]], "float32")
    in_frame = hint * np.array([height / framed[0], width / framed[1]] * 2 + [1, 1, 1], "float32")
    expected = forward.chroma(forward.raw(prediction.seen, hints=in_frame[None]), prediction.seen) - prediction.chroma
    found = learnt.inference()._prepared(prediction, 1.0, False)[0].learnt(hint)
    assert np.abs(numpy(expected)).max() > 1
    assert numpy(found) == pytest.approx(numpy(expected), abs=0.05)


def test_guesses_and_very_small_places_are_not_for_the_network(samples, learnt):
    """Nothing is asked of it, as it has learnt from truths."""
    photo = samples["hats"][None, :64, :96]
    prediction = learnt.inference().predict(photo, features=True)
    asked = []
    given = (prediction.chroma, prediction.seen, prediction.descriptors, learnt.target)
    prepared = PhotoForHints(*given, learnt=lambda hints: asked.append(hints) or 0)
    guess, sure, small = Hint(10, 10, "red", exact=False), Hint(40, 30, (10, 20)), Hint(70, 20, "navy", radius=0.2)
    hinted_chroma(prepared, prediction.with_hints([guess, sure, small], (64, 96)).hints[0], photo[0])
    assert asked[0].shape == (1, 7)
    assert asked[0][0, 4:6] == pytest.approx([10, 20], abs=1.0)
