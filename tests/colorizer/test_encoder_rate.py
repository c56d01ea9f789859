"""An encoder that learns at a share of the rate: steps by hand, in training, saved, and in half precision."""

import keras
import numpy as np
import pytest
from helpers.colorizers import numpy
from keras import layers, ops, optimizers

import kcolor
from kcolor import backbones, models
from kcolor.colorizer.encoder_rate import EncoderRate, name_encoder
from kcolor.colorizer.two_optimizers import Rivals
from kcolor.training import checkpoint
from kcolor.training.averaging import averaged

EAGER = keras.backend.backend() == "tensorflow"  # where a graph of each of these would take seconds
KINDS = {
    "sgd": lambda rate: optimizers.SGD(rate, momentum=0.5),
    "adam": lambda rate: optimizers.Adam(rate),
    "adamw": lambda rate: optimizers.AdamW(rate, weight_decay=0.1),
    "average": lambda rate: optimizers.AdamW(rate, use_ema=True, ema_momentum=0.5),
}


def build(include_top, weights, input_tensor):
    x = layers.Conv2D(4, 3, padding="same", use_bias=False, name="fine")(input_tensor)
    x = layers.BatchNormalization(name="fine_norm")(x)
    coarse = layers.Conv2D(8, 3, strides=2, padding="same", name="coarse")(x)
    return keras.Model(input_tensor._keras_history.operation.input, coarse)


@pytest.fixture(autouse=True)
def tiny_backbone(monkeypatch):
    backbone = backbones.Backbone(build, "tf", ("fine_norm", "coarse"), 1)
    monkeypatch.setitem(backbones.BACKBONES, "tiny", backbone)


def network(**options):
    keras.utils.set_random_seed(3)
    return models.build(
        "pretrained_unet", "lab", **{"backbone": "tiny", "weights": None, "filters": (4,), "trainable": True, **options}
    )


def made(**options):
    colorizer = kcolor.Colorizer(network(), "lab")
    colorizer.compile(**{"optimizer": optimizers.Adam(1e-2), "encoder_rate": 0.1, "run_eagerly": EAGER, **options})
    return colorizer


def pair(seed=0):
    draw = np.random.default_rng(seed)
    return [keras.Variable(draw.normal(size=(3,)).astype("float32"), name=name) for name in ("decoder", "encoder")]


@pytest.mark.parametrize("kind", KINDS)
def test_each_side_goes_as_an_optimizer_of_its_rate_would(kind, rng):
    both, alone = pair(), pair()
    optimizer = EncoderRate(KINDS[kind](0.1), 0.25, theirs=both[1:])
    apart = [KINDS[kind](0.1), KINDS[kind](0.025)]
    optimizer.build(both)
    for one, variable in zip(apart, alone, strict=True):
        one.build([variable])
    for _ in range(4):
        gradients = [rng.normal(size=(3,)).astype("float32") for _ in both]
        optimizer.apply([keras.ops.convert_to_tensor(gradient) for gradient in gradients], both)
        for one, variable, gradient in zip(apart, alone, gradients, strict=True):
            one.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    for name in ("steps", "averages"):
        for one, other in zip(both, alone, strict=True):
            assert numpy(one.value) == pytest.approx(numpy(other.value), abs=1e-6), name
        optimizer.finalize_variable_values(both)
        for one, variable in zip(apart, alone, strict=True):
            one.finalize_variable_values([variable])


def test_a_schedule_is_followed_at_its_share():
    optimizer = EncoderRate(optimizers.SGD(optimizers.schedules.CosineDecay(1.0, 10)), 0.5)
    variables = pair()
    optimizer.theirs = {id(variables[1])}
    rates = []
    for _ in range(6):
        rates.append([float(numpy(one.learning_rate)) for one in optimizer.optimizers])
        optimizer.apply([keras.ops.ones((3,))] * 2, variables)
    assert rates[5][0] == pytest.approx(0.5)
    assert all(slow == pytest.approx(0.5 * fast) for fast, slow in rates)


def test_a_plateau_slows_both():
    optimizer = EncoderRate(optimizers.SGD(1.0), 0.25)
    optimizer.learning_rate = 0.2
    assert [float(numpy(one.learning_rate)) for one in optimizer.optimizers] == pytest.approx([0.2, 0.05])


def test_a_colorizer_knows_its_encoder(blobs):
    colorizer = made()
    colorizer.train_on_batch(blobs)
    slow = {variable.path for variable in colorizer.optimizer.encoder._trainable_variables}
    assert {path.rpartition("/")[0].rpartition("/")[2] for path in slow} == {"fine", "fine_norm", "coarse"}
    assert len(colorizer.optimizer.decoder._trainable_variables) == len(colorizer.trainable_variables) - len(slow)


def test_an_encoder_is_found_in_whatever_its_optimizer_stands_in():
    built = network()
    optimizer = EncoderRate("adam", 0.1)
    name_encoder(optimizers.LossScaleOptimizer(Rivals(optimizer, "sgd")), built)
    assert optimizer.theirs == {
        id(variable) for layer in models.encoder_layers(built) for variable in layer.trainable_variables
    }
    name_encoder(None, built)
    name_encoder(optimizers.SGD(), built)


@pytest.mark.slow
def test_moving_averages_are_those_of_both_sides(blobs):
    colorizer = made(optimizer=optimizers.SGD(1e-2, use_ema=True, ema_momentum=0.5))
    seen = []
    for _ in range(2):
        colorizer.train_on_batch(blobs)
        seen.append([numpy(variable).copy() for variable in colorizer.trainable_variables])
    with averaged(colorizer):
        for variable, one, two in zip(colorizer.trainable_variables, *seen, strict=True):
            assert numpy(variable) == pytest.approx((one + two) / 2, abs=1e-6), variable.path


@pytest.mark.slow
def test_a_run_goes_on_as_if_never_stopped(tmp_path, blobs):
    def new():
        colorizer = made(optimizer=optimizers.AdamW(1e-2, use_ema=True))
        colorizer.optimizer.build(colorizer.trainable_variables)
        return colorizer

    whole, first, second = new(), new(), new()
    for batch in (blobs[:4], blobs[4:]):
        whole.train_on_batch(batch)
    first.train_on_batch(blobs[:4])
    checkpoint.save_state(tmp_path / "state.npz", first, {})
    checkpoint.restore_state(tmp_path / "state.npz", second)
    second.train_on_batch(blobs[4:])
    for one, other in zip(checkpoint.variables(whole), checkpoint.variables(second), strict=True):
        assert np.array_equal(numpy(one.value), numpy(other.value)), one.path


@pytest.mark.slow
def test_a_saved_one_learns_on_at_both_rates(tmp_path, blobs):
    colorizer = made()
    colorizer.train_on_batch(blobs)
    colorizer.save(tmp_path / "it.keras")
    loaded = keras.saving.load_model(tmp_path / "it.keras")
    assert isinstance(loaded.optimizer, EncoderRate)
    assert (loaded.optimizer.rate, len(loaded.optimizer.theirs)) == (0.1, len(colorizer.optimizer.theirs))
    for one in (colorizer, loaded):
        one.train_on_batch(blobs)
    for one, other in zip(colorizer.get_weights(), loaded.get_weights(), strict=True):
        assert one == pytest.approx(other, abs=1e-6)


@pytest.mark.slow
def test_beside_a_discriminator(blobs):
    duel = kcolor.AdversarialColorizer(network(), "lab", models.build("patchgan", filters=4))
    duel.compile(optimizers.Adam(1e-2), discriminator_optimizer=optimizers.SGD(0.3), encoder_rate=0.1)
    duel.train_on_batch(blobs)
    assert isinstance(duel.optimizer, Rivals)
    rates = [float(numpy(one.learning_rate)) for one in duel.optimizer.optimizers]
    assert rates == pytest.approx([1e-2, 1e-3, 0.3])
    sizes = [len(one._trainable_variables) for one in duel.optimizer.optimizers]
    assert min(sizes) > 0
    assert sum(sizes) == len(duel.trainable_variables)


@pytest.mark.slow
def test_in_half_precision(blobs, policy):
    policy("mixed_float16")
    colorizer = made()
    before = colorizer.get_weights()
    colorizer.fit(blobs, epochs=6, verbose=0)  # the first steps overflow, until the scale fits
    assert isinstance(colorizer.optimizer.inner_optimizer, EncoderRate)
    assert all(np.isfinite(weight).all() for weight in colorizer.get_weights())
    assert not np.array_equal(before[0], colorizer.get_weights()[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: made(encoder_rate=0), "above 0. Received: 0"),
        (lambda: kcolor.Colorizer(network(trainable=False), "lab").compile(encoder_rate=0.1), "build it with `trainable=True`"),
        (
            lambda: kcolor.Colorizer("unet", "lab", filters=(4,)).compile(encoder_rate=0.1),
            r"with a pretrained encoder \(`pretrained_unet`\). Received: unet",
        ),
        (lambda: made(optimizer=optimizers.LossScaleOptimizer(optimizers.Adam())), "the loss of both is scaled as one"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_encoder_keeps_its_share_whatever_sets_the_rate():
    """Keras's scheduler sets each of two optimizers to one value."""
    one, other = keras.Variable(np.ones(2, "float32")), keras.Variable(np.ones(2, "float32"))
    optimizer = EncoderRate(keras.optimizers.SGD(0.5), 0.1, theirs=[other])
    optimizer.build([one, other])
    for each in optimizer.optimizers:
        each.learning_rate = 0.2
    optimizer.apply([ops.ones(2), ops.ones(2)], [one, other])
    assert numpy(one) == pytest.approx([0.8, 0.8])
    assert numpy(other) == pytest.approx([0.98, 0.98])
    optimizer.learning_rate = 0.0
    optimizer.learning_rate = 0.5
    assert [float(numpy(each.learning_rate)) for each in optimizer.pair()] == pytest.approx([0.5, 0.05])


def test_what_does_not_decay_does_not_decay_in_the_encoder_either():
    adam = keras.optimizers.AdamW(0.1)
    adam.exclude_from_weight_decay(var_names=["bias"])
    slower = EncoderRate(adam, 0.1).encoder
    assert slower._exclude_from_weight_decay_pattern == adam._exclude_from_weight_decay_pattern
