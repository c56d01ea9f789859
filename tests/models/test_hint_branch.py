"""The branch that uses hints: by hand, at any size, and nothing where there are no hints."""

import keras
import numpy as np
import pytest
from helpers.colorizers import numpy
from keras import ops

from kcolor import heads, models, targets
from kcolor.models.hint_branch import (
    HintAttention,
    HintMaps,
    covered,
    freeze_all_but_hints,
    freeze_hints,
    hint_branch,
    hint_input,
    hints_learn,
    mean_inside,
    split,
    uses_hints,
)
from kcolor.saving import safe_loading
from kcolor.utils.precision import policy

LEFT = [0, 0, 1, 0.5, 20, -10, 1]
CORNER = [0.5, 0.75, 1, 1, 50, 50, 1]
UNUSED = [0, 0, 1, 1, 90, 90, 0]


def listed(*hints):
    return np.array([hints], "float32")


def network(**options):
    return models.build(
        "pretrained_unet", "bins", backbone="squeezenet", weights="random", filters=(8,), output_stride=4, hints=True, **options
    )


def awake(model):
    """Has places attend to hints from the beginning."""
    layer = model.get_layer("hint_attention")
    layer.none.assign(-1 + 0 * layer.none)
    layer.nearness.assign(0 * layer.nearness)
    return model


def test_rows_and_columns_that_hints_cover():
    maps = np.zeros((1, 2, 4, 3), "float32")
    rows, columns = covered(listed(LEFT, CORNER, UNUSED), maps)
    assert numpy(rows)[0].tolist() == [[1, 1], [0, 1], [0, 0]]
    assert numpy(columns)[0].tolist() == [[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert numpy(covered(listed([0, 0.2, 0.1, 0.3, 0, 0, 1]), maps)[1])[0, 0] == pytest.approx([0.2, 0.2, 0, 0])


def test_the_mean_inside_of_hints(rng):
    maps, hints = rng.normal(size=(1, 2, 4, 3)).astype("float32"), listed(LEFT, CORNER, UNUSED)
    expected = [maps[0, :, :2].mean(axis=(0, 1)), maps[0, 1, 3], np.zeros(3)]
    assert numpy(mean_inside(maps, *covered(hints, maps)))[0] == pytest.approx(np.array(expected), abs=1e-5)


def test_hints_as_maps():
    found = numpy(HintMaps()([np.zeros((1, 2, 4, 3), "float32"), listed(LEFT, CORNER, UNUSED)]))[0]
    assert found[0, 0].tolist() == pytest.approx([0.4, -0.2, 1, 1])
    assert found[1, 3].tolist() == pytest.approx([1, 1, 1, 1])
    assert (found[0, 3] == 0).all()
    small = numpy(HintMaps()([np.zeros((1, 1, 1, 3), "float32"), listed([0.1, 0.1, 0.2, 0.2, 50, 0, 1])]))[0, 0, 0]
    assert small == pytest.approx([1, 0, 1, 0.01], abs=1e-5)


def test_attention_is_what_numpy_makes_of_it(rng):
    layer = HintAttention([(0, 0), (20, -10), (50, 50)], heads=2, width=3)
    raw, queries, features = (rng.normal(size=(1, 2, 4, n)).astype("float32") for n in (3, 6, 5))
    hints = listed(LEFT, CORNER, UNUSED)
    layer([raw, queries, features, hints])
    layer.doubt.kernel.assign(rng.normal(size=(6, 4)))
    normed = (features - features.mean(-1, keepdims=True)) / np.sqrt(features.var(-1, keepdims=True) + layer.norm.epsilon)
    tokens = np.array([[*normed[0, :, :2].mean(axis=(0, 1)), 0.4, -0.2], [*normed[0, 1, 3], 1, 1]])
    asked = queries.reshape(8, 6)
    query = (asked @ numpy(layer.query.kernel)).reshape(8, 2, 3)
    key = (tokens @ numpy(layer.key.kernel)).reshape(2, 2, 3)
    places = np.stack(np.meshgrid([0.25, 0.75], [0.25, 0.75, 1.25, 1.75], indexing="ij"), -1).reshape(8, 1, 2)
    far = np.sum((places - np.array([[0.5, 0.5], [0.75, 1.75]])) ** 2, axis=-1)
    nearness = np.log1p(np.exp(numpy(layer.nearness)))[:, None, None]
    plain = np.exp(raw.reshape(8, 3)) / np.exp(raw.reshape(8, 3)).sum(-1, keepdims=True)
    colors = np.eye(3)[1:]  # the hints' colours are those of bins
    likely = np.log(plain[:, 1:] + 1e-4)
    likeness = np.einsum("qhd,khd->hqk", query, key) / np.sqrt(3) - nearness * far + 0.5 * likely
    doubt = (asked @ numpy(layer.doubt.kernel)).T
    none, says = doubt[:2] + numpy(layer.none)[:, None], np.exp(doubt[2:]) / np.exp(doubt[2:]).sum(axis=0)
    shares = np.exp(np.concatenate([likeness, none[..., None]], axis=-1))
    shares = np.sum(shares / shares.sum(-1, keepdims=True) * says[..., None], axis=0)
    expected = np.log(shares[:, 2:] * plain + shares[:, :2] @ colors + 1e-8).reshape(1, 2, 4, 3)
    assert numpy(layer([raw, queries, features, hints])) == pytest.approx(expected, abs=1e-3)


def test_without_hints_nothing_changes(rng):
    model = awake(network())
    luma = rng.random((2, 32, 64, 1)).astype("float32")
    plain, looked, branch = split(model)
    hints = np.stack([listed(UNUSED, UNUSED)[0], listed(LEFT, UNUSED)[0]])
    with_hints, without = numpy(model({"luma": luma, "hints": hints})), numpy(plain(luma))
    assert np.array_equal(with_hints[0], without[0])
    assert np.abs(with_hints[1] - without[1]).max() > 0.1
    raw, fine, coarse = looked(luma)
    assert numpy(raw) == pytest.approx(without, abs=1e-4)
    assert numpy(branch([raw, fine, coarse, ops.convert_to_tensor(hints)])) == pytest.approx(with_hints, abs=1e-3)


def test_it_begins_with_next_to_no_change_and_learns_alone(rng):
    model = network()
    luma = rng.random((1, 32, 32, 1)).astype("float32")
    with_hints, without = model({"luma": luma, "hints": listed(LEFT)}), split(model)[0](luma)
    assert numpy(ops.softmax(with_hints)) == pytest.approx(numpy(ops.softmax(without)), abs=0.05)
    assert {weight.path.split("/")[0][:5] for weight in model.trainable_variables} == {"hint_"}
    model.trainable = True
    freeze_all_but_hints(model)
    assert len(model.trainable_variables) == 17


def test_a_hint_reaches_the_other_end_of_the_picture(rng):
    model = awake(network())
    luma = rng.random((1, 32, 256, 1)).astype("float32")
    near = [0.4, 0, 0.6, 0.05, 60, 60, 1]
    change = numpy(model({"luma": luma, "hints": listed(near)})) - numpy(split(model)[0](luma))
    assert np.abs(change[0, :, -2:]).max() > 1e-3


def test_the_order_and_number_of_hints_do_not_matter(rng):
    model = awake(network())
    luma = rng.random((1, 32, 32, 1)).astype("float32")
    one, other = (
        numpy(model({"luma": luma, "hints": x})) for x in (listed(LEFT, CORNER), listed(UNUSED, CORNER, UNUSED, LEFT))
    )
    assert one == pytest.approx(other, abs=1e-3)


def test_which_networks_use_hints(rng):
    assert uses_hints(network())
    plain = models.build("unet", "lab", filters=(4,))
    assert not uses_hints(plain)
    with pytest.raises(ValueError, match="hints=True"):
        split(plain)


def test_a_network_of_ones_own(rng):
    luma, hints, target = keras.Input((None, None, 1), name="luma"), hint_input(), targets.get("bins", grid=4)
    coarse = keras.layers.Conv2D(4, 3, strides=2, padding="same")(luma)
    fine = keras.layers.Conv2D(4, 3, padding="same")(luma)
    raw = heads.head(fine, target)
    model = keras.Model({"luma": luma, "hints": hints}, hint_branch(raw, fine, coarse, hints, target, width=8))
    assert model.output_shape == (None, None, None, 16)
    assert uses_hints(model)
    assert split(model)[0].output_shape == (None, None, None, 16)
    with pytest.raises(ValueError, match="Expected a target of bins"):
        hint_branch(raw, fine, coarse, hints, targets.get("lab"))


def test_a_finished_network_is_trained_further_without_hints(tmp_path):
    model = network()
    assert hints_learn(model)
    freeze_hints(model)
    assert not hints_learn(model)
    learning = {weight.path.split("/")[0] for weight in model.trainable_variables}
    assert {"head", "up4_conv1"} <= learning
    assert not any(name.startswith(("hint_", "fire", "conv1")) for name in learning)
    plain = models.build("pretrained_unet", "bins", backbone="squeezenet", weights="random", filters=(8,), output_stride=4)
    assert len(model.trainable_variables) == len(plain.trainable_variables)
    model.save(tmp_path / "model.keras")
    assert len(safe_loading.restore(tmp_path / "model.keras").trainable_variables) == len(plain.trainable_variables)
    assert not hints_learn(plain)


@pytest.mark.parametrize("name", ["mixed_bfloat16", "mixed_float16"])
def test_it_can_be_called_in_half_precision_outside_of_a_model(rng, name):
    """There Keras casts what does not say that it must not be cast."""
    with policy(name):
        attention = HintAttention([(0, 0), (10, 0)], heads=2, width=4)
    raw, maps, hints = rng.random((1, 4, 6, 2)), rng.random((1, 4, 6, 8)), np.ones((1, 3, 7))
    found = attention([np.float32(part) for part in (raw, maps, maps, hints)])
    assert np.isfinite(numpy(found)).all()
