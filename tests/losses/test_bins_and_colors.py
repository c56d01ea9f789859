"""The error of colours at equal colourfulness, and the loss that has it beside the cross entropy."""

import keras
import numpy as np
import pytest
from helpers.gradients import gradient
from keras import ops

from kcolor import losses, targets


@pytest.fixture
def ab():
    """Colours of two pictures, a strong and a faint one."""
    random = np.random.default_rng(0)
    return np.float32([random.normal(20, 30, (6, 5, 2)), random.normal(-3, 5, (6, 5, 2))])


def error(truth, ab, **options):
    return float(ops.mean(losses.equal_color_error(truth, ab, **options)))


def test_neither_pale_nor_strong_colors_are_better_than_their_hue_and_place(ab):
    errors = [error(ab, factor * ab) for factor in (0.4, 0.9, 1.0, 3.0)]
    assert errors == pytest.approx([errors[0]] * 4, rel=1e-3)
    assert error(ab, 0.4 * ab, share=1.0) == pytest.approx(0, abs=1e-3)


def test_what_is_faint_where_it_is_unsure_is_better_than_what_is_faint_everywhere(ab):
    wrong = np.stack([ab[0], -ab[1]])  # of the faint picture every hue is wrong
    unsure = np.stack([ab[0], 0.1 * wrong[1]])
    assert error(ab, unsure) < error(ab, wrong)


def test_color_error_by_hand():
    truth = np.float32([[[[30, 0], [-30, 0]]]])
    # The factor makes them as strong as 0.9 of the truth: (0, ±27), at a distance of √(30² + 27²).
    result = ops.convert_to_numpy(losses.equal_color_error(truth, truth[..., ::-1]))
    assert result == pytest.approx(np.full((1, 1, 2), np.hypot(30, 27) - 0.5), abs=0.01)


def test_hardly_any_color_is_not_made_strong(ab):
    assert error(ab, 1e-4 * ab) == pytest.approx(error(ab, 0 * ab), rel=0.01)
    assert error(ab, 0 * ab) == pytest.approx(float(np.sqrt((ab**2).sum(-1) + 0.25).mean() - 0.5), rel=1e-3)


@pytest.mark.parametrize("soft", [False, True])
def test_loss_is_cross_entropy_and_the_error_of_the_annealed_mean(soft):
    target = targets.get("bins", step=20, soft=soft, color_weight=0.2, temperature=0.5)
    plain = targets.get("bins", step=20, soft=soft, temperature=0.5)
    random = np.random.default_rng(1)
    photo = random.uniform(size=(2, 4, 4, 3)).astype("float32")
    logits = random.normal(size=(2, 4, 4, target.channels)).astype("float32")
    truth = target.truth(photo)
    if soft:
        index, share = (ops.convert_to_numpy(truth[name]) for name in ("index", "share"))
        true_ab = (share[..., None] * target.bins.centers[index]).sum(-2)
    else:
        true_ab = target.bins.centers[ops.convert_to_numpy(truth)[..., 0]]
    expected = float(plain.loss()(truth, logits)) + 0.2 * error(true_ab, target.chroma(logits))
    assert float(target.loss()(truth, logits)) == pytest.approx(expected, rel=1e-4)
    assert float(target.loss()(target.encode(photo), logits)) == pytest.approx(expected, rel=1e-3)


def test_rare_colors_count_more_in_the_cross_entropy_alone():
    colors, truth, logits = [[0, 0], [50, 0]], np.int32([[[[0], [1]]]]), np.float32([[[[1, 0], [0, 1]]]])
    both, rare = (losses.BinsAndColors(colors, weights=weights)(truth, logits) for weights in (None, [1, 3]))
    entropy, weighed = (losses.BinCrossEntropy(weights)(truth, logits) for weights in (None, [1, 3]))
    assert float(rare - both) == pytest.approx(float(weighed - entropy), rel=1e-4)


def test_its_gradient_is_finite_without_any_color():
    loss = losses.BinsAndColors([[0, 0], [50, 0]])
    truth = np.log(np.float32(np.ones((1, 4, 4, 1)) * [0.9, 0.1]))
    slopes = gradient(lambda logits: loss(truth, logits), np.float32(np.ones((1, 4, 4, 1)) * [40, -40]))
    assert np.isfinite(slopes).all()


def test_it_survives_its_config():
    options = {"color_weight": 0.3, "temperature": 0.25, "share": 0.8}
    loss = losses.get("bins_and_colors", colors=[[0, 0], [50, 0]], weights=[1, 2], **options)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss))
    assert again.get_config() == loss.get_config()
    assert {name: getattr(again, name) for name in options} == options


def test_wrong_arguments_say_what_is_expected():
    with pytest.raises(ValueError, match=r"\(bins, 2\)"):
        losses.BinsAndColors([1, 2, 3])
    with pytest.raises(ValueError, match="`temperature` and `share` above 0"):
        losses.BinsAndColors([[0, 0]], temperature=0)
    with pytest.raises(ValueError, match="`color_weight` above 0"):
        targets.get("bins", color_weight=0)
    with pytest.raises(ValueError, match="has no gradient"):
        targets.get("bins", color_weight=0.1, decoding="mode").loss()
