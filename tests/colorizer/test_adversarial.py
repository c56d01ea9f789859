"""Adversarial training: one step against a hand-made one, who learns when, and what is written down."""

import keras
import numpy as np
import pytest
from keras import ops

import kcolor
from kcolor import color, losses, models, targets
from kcolor.colorizer.adversarial import AdversarialColorizer, Rules
from kcolor.colorizer.two_optimizers import Rivals
from kcolor.images import arrays
from kcolor.training import checkpoint

WATCHED_OF_DISCRIMINATOR = ["discriminator_real", "discriminator_fake", "discriminator_accuracy"]
WATCHED = {"content", "adversarial", "discriminator_real", "discriminator_fake", "discriminator_accuracy"}


def judge(channels=3, norm=False):
    """A small discriminator, always the same; patches of 4×4."""
    keras.utils.set_random_seed(4)
    picture = keras.Input((None, None, channels))
    x = keras.layers.Conv2D(4, 4, strides=4, name="first")(picture)
    x = keras.layers.BatchNormalization(momentum=0.9, name="norm")(x) if norm else x
    x = keras.layers.Activation("tanh")(x)
    return keras.Model(picture, keras.layers.Conv2D(1, 1, name="last")(x))


def made(target="lab", discriminator=None, network=None, **options):
    """An adversarial colorizer, compiled with plain gradient descent at rate 1: a step is the gradient."""
    keras.utils.set_random_seed(3)
    target = targets.get(target)
    colorizer = AdversarialColorizer(
        network or models.build("unet", target, filters=(4,), activation="tanh"), target, discriminator or judge(norm=True)
    )
    settings = {"optimizer": keras.optimizers.SGD(1.0), "discriminator_optimizer": keras.optimizers.SGD(1.0), "loss": "mse"}
    colorizer.compile(**{**settings, "factor": 0.3, **options})
    return colorizer


def weights(model):
    return [ops.convert_to_numpy(variable) for variable in model.trainable_variables]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def logits(colorizer, blobs):
    """What the discriminator says of photos and of results in one batch in training, made by hand. Changes its statistics."""
    rgb = arrays.to_float(blobs)
    raw = colorizer.network(colorizer.target.luma(rgb), training=True)
    fake = ops.concatenate([color.rgb_to_lightness(rgb), raw * 110], axis=-1)
    both = ops.concatenate([color.rgb_to_lab(rgb), fake])
    both = ops.concatenate([both[..., :1] / 50 - 1, both[..., 1:] / 110], axis=-1)
    answers = ops.convert_to_numpy(colorizer.discriminator(both, training=True))
    return answers[: len(blobs)], answers[len(blobs) :], ops.convert_to_numpy(raw)


def generators_loss(colorizer, blobs, factor=0.3):
    _, fake, raw = logits(colorizer, blobs)
    content = np.square(raw - ops.convert_to_numpy(colorizer.target.encode(arrays.to_float(blobs)))).mean()
    return (1 - factor) * content + factor * np.log1p(np.exp(-fake.astype("float64"))).mean()


def discriminators_loss(colorizer, blobs):
    real, fake, _ = logits(colorizer, blobs)
    return (np.log1p(np.exp(-real.astype("float64"))).mean() + np.log1p(np.exp(fake.astype("float64"))).mean()) / 2


def slope(function, variable, direction, step=3e-3):
    """By finite differences: how fast a loss grows when a variable goes in a direction."""
    start = ops.convert_to_numpy(variable)
    values = []
    for sign in (1, -1):
        variable.assign(start + sign * step * direction)
        values.append(function())
    variable.assign(start)
    return (values[0] - values[1]) / (2 * step)


class TestOneStep:
    @pytest.mark.parametrize("norm", [False, True])
    @pytest.mark.parametrize("side", ["generator", "discriminator"])
    def test_each_side_follows_the_gradient_of_its_own_loss(self, side, norm, blobs, rng):
        colorizer, twin = (made(discriminator=None if norm else judge()) for _ in range(2))
        model, loss = {
            "generator": ("network", generators_loss),
            "discriminator": ("discriminator", discriminators_loss),
        }[side]
        colorizer.train_on_batch(blobs)
        for before, after in zip(
            getattr(twin, model).trainable_variables, getattr(colorizer, model).trainable_variables, strict=True
        ):
            start = ops.convert_to_numpy(before)
            gradient = start - ops.convert_to_numpy(after)
            direction = gradient / max(np.linalg.norm(gradient), 1e-12) + 0.1 * rng.normal(size=start.shape) / start.size**0.5
            found = slope(lambda: loss(twin, blobs), before, direction.astype("float32"))
            assert found == pytest.approx(float((gradient * direction).sum()), rel=0.02, abs=1e-4), before.path

    @pytest.mark.slow
    def test_real_and_fake_are_one_batch_that_is_measured_once(self, blobs):
        colorizer, twin = made(), made()
        logits(twin, blobs)  # calls it once
        colorizer.train_on_batch(blobs)
        for found, expected in zip(
            colorizer.discriminator.get_layer("norm").non_trainable_variables,
            twin.discriminator.get_layer("norm").non_trainable_variables,
            strict=True,
        ):
            assert np.allclose(found, expected, atol=1e-5)

    @pytest.mark.slow
    def test_spectral_norms_take_one_turn_a_step(self, blobs):
        """Keras's own layer, in a discriminator of one's own."""

        def spectral():
            keras.utils.set_random_seed(5)
            normed = keras.layers.SpectralNormalization(keras.layers.Conv2D(4, 4, strides=4), name="normed")
            return keras.Sequential([keras.Input((None, None, 3)), normed, keras.layers.Conv2D(1, 1)])

        still = keras.optimizers.SGD(0.0)
        colorizer, twin = (made(discriminator=spectral(), discriminator_optimizer=still) for _ in range(2))
        logits(twin, blobs)  # calls it once
        colorizer.train_on_batch(blobs)
        found, expected = (each.discriminator.get_layer("normed") for each in (colorizer, twin))
        assert np.allclose(found.vector_u, expected.vector_u, atol=1e-5)
        if keras.backend.backend() != "jax":  # there the kernel is divided for the forward pass alone, and kept as it is
            assert np.allclose(found.kernel, expected.kernel, atol=1e-5)
        before = ops.convert_to_numpy(found.vector_u)
        colorizer.train_on_batch(blobs)
        assert not np.allclose(found.vector_u, before, atol=1e-5)

    @pytest.mark.slow
    @pytest.mark.graphs
    def test_what_is_written_down(self, blobs):
        colorizer = made()
        real, fake, _ = logits(made(), blobs)
        logs = colorizer.train_on_batch(blobs, return_dict=True)
        assert set(logs) == WATCHED | {"loss"}
        assert logs["loss"] == pytest.approx(generators_loss(made(), blobs), rel=1e-4)
        assert logs["loss"] == pytest.approx(0.7 * logs["content"] + 0.3 * logs["adversarial"], rel=1e-4)
        assert logs["discriminator_real"] == pytest.approx(np.log1p(np.exp(-real)).mean(), rel=1e-4)
        assert logs["discriminator_accuracy"] == pytest.approx(((real > 0).mean() + (fake <= 0).mean()) / 2)

    @pytest.mark.slow
    def test_a_picture_in_rgb_and_grey_is_judged_too(self, blobs):
        for target in ("lab", "rgb", "ycbcr", "quotient", "bins"):
            colorizer = made(target, judge(4), loss=None, factor=1.0)
            before = weights(colorizer.network)
            assert np.isfinite(colorizer.train_on_batch(blobs, return_dict=True)["loss"])
            assert not same(before, weights(colorizer.network)), target  # by the discriminator's word alone

    @pytest.mark.parametrize("target", ["rgb", "bins"])
    def test_other_targets_are_judged_in_lab(self, target, blobs):
        colorizer = made(target, factor=1.0, loss=None)
        before = weights(colorizer.network)
        colorizer.train_on_batch(blobs)
        assert not same(before, weights(colorizer.network))


class TestWhoLearns:
    @pytest.mark.slow
    @pytest.mark.graphs
    def test_hold_out_counts_steps(self, blobs):
        adam = keras.optimizers.Adam(1e-2)
        colorizer = made(discriminator_every=3, discriminator_optimizer=adam)
        changed = []
        for _ in range(7):
            before = weights(colorizer.discriminator)
            colorizer.train_on_batch(blobs)
            changed.append(not same(before, weights(colorizer.discriminator)))
        assert changed == [False, False, True, False, False, True, False]
        assert int(adam.iterations) == 2
        assert int(colorizer.optimizer.iterations) == int(colorizer.optimizer.generator.iterations) == 7

    @pytest.mark.parametrize("only", ["generator", "discriminator"])
    def test_one_side_alone(self, only, blobs):
        colorizer = made(trains=only)
        others = {"generator": "discriminator", "discriminator": "network"}[only]
        learns = {"generator": "network", "discriminator": "discriminator"}[only]
        before = {name: [np.copy(v) for v in getattr(colorizer, name).variables] for name in (learns, others)}
        colorizer.fit(blobs, batch_size=4, verbose=0)
        assert same(before[others], getattr(colorizer, others).variables)  # statistics and seeds too
        assert not same(before[learns], getattr(colorizer, learns).variables)

    def test_both_learn_again_afterwards_and_what_was_frozen_stays(self, blobs):
        network = models.build("unet", "lab", filters=(4,))
        network.layers[-1].trainable = False
        colorizer = made(network=network, trains="discriminator")
        theirs = {id(variable) for variable in colorizer.discriminator.trainable_variables}
        assert {id(variable) for variable in colorizer.trainable_variables} == theirs
        assert len(colorizer.trainable_variables) + len(colorizer.non_trainable_variables) == len(colorizer.variables)
        colorizer.compile("sgd", "mae", trains="both")
        assert len(colorizer.trainable_variables) == len(theirs) + len(network.trainable_variables)
        assert not network.layers[-1].trainable

    @pytest.mark.slow
    def test_a_discriminator_without_a_say_changes_nothing(self, blobs):
        """To the digit, dropout included."""

        def network():
            keras.utils.set_random_seed(5)
            return models.build("unet", "lab", filters=(4, 8), dropout=(0.3,))

        plain = kcolor.Colorizer(network(), targets.get("lab"))
        plain.compile(keras.optimizers.Adam(1e-2), "mse")
        duel = made(network=network(), factor=0.0, optimizer=keras.optimizers.Adam(1e-2))
        for colorizer in (plain, duel):
            keras.utils.set_random_seed(6)
            for _ in range(2):
                colorizer.train_on_batch(blobs)
        assert same(weights(plain.network), weights(duel.network))

    def test_the_learning_rates_fall_together(self):
        colorizer = made(optimizer=keras.optimizers.SGD(0.1), discriminator_optimizer=keras.optimizers.SGD(0.4))
        colorizer.optimizer.learning_rate = 0.05
        assert float(colorizer.optimizer.discriminator.learning_rate) == pytest.approx(0.2)
        assert float(colorizer.optimizer.learning_rate) == pytest.approx(0.05)


class TestTraining:
    @pytest.mark.slow
    @pytest.mark.graphs
    def test_history_has_both_sides(self, blobs):
        history = made(metrics=["psnr"]).fit(blobs, epochs=2, batch_size=4, validation_data=blobs, verbose=0).history
        names = WATCHED | {"loss", "psnr"}
        assert set(history) == names | {f"val_{name}" for name in names}

    @pytest.mark.slow
    @pytest.mark.filterwarnings("ignore:Your input ran out of data")
    @pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="of tf.data")
    @pytest.mark.graphs
    def test_the_end_of_a_set_of_unknown_size_is_no_step(self, blobs):
        import tensorflow as tf

        colorizer = made()
        known = colorizer.evaluate(blobs, batch_size=4, return_dict=True, verbose=0)
        unknown = tf.data.Dataset.from_tensor_slices(blobs).batch(4).filter(lambda batch: True)
        assert colorizer.evaluate(unknown, return_dict=True, verbose=0) == pytest.approx(known, rel=1e-5)

    @pytest.mark.slow
    @pytest.mark.graphs
    def test_the_discriminator_learns_to_tell(self, blobs):
        colorizer = made(trains="discriminator", discriminator=judge(4), discriminator_optimizer=keras.optimizers.Adam(0.02))
        history = colorizer.fit(np.tile(blobs[:, :16, :16], (10, 1, 1, 1)), epochs=8, batch_size=8, verbose=0).history
        assert history["discriminator_accuracy"][-1] > 0.9
        assert history["discriminator_real"][-1] < 0.5 < history["discriminator_real"][0]

    @pytest.mark.slow
    def test_least_squares(self, blobs):
        logs = made(kind="least_squares", label_smoothing=0.1).train_on_batch(blobs, return_dict=True)
        real, fake, _ = logits(made(), blobs)
        assert logs["discriminator_real"] == pytest.approx(np.square(real - 0.9).mean(), rel=1e-4)
        assert logs["discriminator_accuracy"] == pytest.approx(((real > 0.45).mean() + (fake <= 0.45).mean()) / 2)
        judged = made(kind="least_squares").train_on_batch(blobs, return_dict=True)["adversarial"]
        assert logs["adversarial"] == pytest.approx(judged, rel=1e-4)  # smoothed is what the discriminator is asked for alone

    @pytest.mark.slow
    @pytest.mark.skipif(keras.backend.backend() == "torch", reason="compiling there takes a minute")
    def test_under_xla(self, blobs):
        plain, compiled = (made(jit_compile=jit).train_on_batch(blobs, return_dict=True) for jit in (False, True))
        assert plain == pytest.approx(compiled, rel=1e-4)

    @pytest.mark.graphs
    def test_losses_are_scaled_in_float16(self, blobs, policy):
        policy("mixed_float16")
        colorizer = made(optimizer=keras.optimizers.Adam(1e-3), discriminator_optimizer=keras.optimizers.Adam(1e-3))
        before = weights(colorizer)
        colorizer.fit(blobs, epochs=8, verbose=0)  # the first steps overflow, until the scale fits
        assert isinstance(colorizer.optimizer, keras.optimizers.LossScaleOptimizer)
        assert isinstance(colorizer.optimizer.inner_optimizer, Rivals)
        after = weights(colorizer)
        assert all(np.isfinite(value).all() for value in after)
        assert not same(before, after)

    def test_a_given_scale_of_the_loss_is_that_of_both(self):
        scaling = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(2e-3), initial_scale=8.0, dynamic_growth_steps=5)
        optimizer = made(optimizer=scaling).optimizer
        assert isinstance(optimizer.inner_optimizer, Rivals)
        assert isinstance(optimizer.inner_optimizer.generator, keras.optimizers.Adam)
        config = optimizer.get_config()
        assert (config["initial_scale"], config["dynamic_growth_steps"]) == (8.0, 5)

    def test_what_given_rivals_have_is_not_given_beside_them(self):
        rivals = Rivals("adam", "adam", 3)
        assert made(optimizer=rivals).optimizer is rivals
        for name, value in {"discriminator_every": 7, "encoder_rate": 0.1}.items():
            with pytest.raises(ValueError, match=f"Expected `{name}` as a part of the given Rivals.*{value}"):
                made(optimizer=rivals, **{name: value})

    @pytest.mark.slow
    def test_goes_on_as_if_never_stopped(self, tmp_path, blobs):
        def new():
            adams = {side: keras.optimizers.Adam(1e-2) for side in ("optimizer", "discriminator_optimizer")}
            colorizer = made(discriminator_every=2, **adams)
            colorizer.optimizer.build(colorizer.trainable_variables)
            return colorizer

        whole, first, second = new(), new(), new()
        for _ in range(3):
            whole.train_on_batch(blobs)
        first.train_on_batch(blobs)  # half of the discriminator's turn
        checkpoint.save_state(tmp_path / "state.npz", first, {})
        checkpoint.restore_state(tmp_path / "state.npz", second)
        for _ in range(2):
            second.train_on_batch(blobs)
        assert same(weights(whole), weights(second))
        assert same([np.asarray(v) for v in whole.optimizer.variables], [np.asarray(v) for v in second.optimizer.variables])


class TestSaving:
    @pytest.mark.slow
    def test_keeps_both_and_their_optimizers(self, tmp_path, blobs):
        colorizer = made(discriminator_every=2, label_smoothing=0.1)
        colorizer.train_on_batch(blobs)
        colorizer.save(tmp_path / "both.keras")
        loaded = keras.saving.load_model(tmp_path / "both.keras")
        assert isinstance(loaded, AdversarialColorizer)
        assert (loaded.optimizer.discriminator_every, float(loaded.optimizer.discriminator.learning_rate)) == (2, 1.0)
        logs = [made.train_on_batch(blobs, return_dict=True) for made in (colorizer, loaded)]
        assert logs[1]["content"] == pytest.approx(logs[0]["content"], rel=1e-5)
        assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(weights(loaded), weights(colorizer), strict=True))

    @pytest.mark.slow
    def test_keeps_both_optimizers_in_float16(self, tmp_path, policy, blobs):
        policy("mixed_float16")
        colorizer = made(discriminator_every=3)
        colorizer.train_on_batch(blobs)
        colorizer.save(tmp_path / "both.keras")
        loaded = keras.saving.load_model(tmp_path / "both.keras").optimizer.inner_optimizer
        assert (type(loaded), loaded.discriminator_every) == (Rivals, 3)
        assert isinstance(loaded.generator, keras.optimizers.SGD)

    @pytest.mark.slow
    def test_colours_like_the_plain_one(self, blobs):
        duel = made()
        plain = kcolor.Colorizer(duel.network, duel.target)
        assert np.array_equal(duel.colorize(blobs), plain.colorize(blobs))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: made(factor=1.5), r"Expected `factor` in \[0, 1\]. Received: 1.5"),
        (lambda: made(trains="me"), "Expected one of .*'both'.*Received: 'me'"),
        (lambda: made(discriminator_every=0), "Expected `discriminator_every`.*Received: 0"),
        (
            lambda: made(optimizer=keras.optimizers.SGD(1.0, loss_scale_factor=8.0)),
            "without `loss_scale_factor`",
        ),
        (lambda: made(kind="wasserstein"), "Expected one of .*'wasserstein'"),
        (lambda: made(discriminator=judge(2)), "3\\) for lightness and ab or 4 for grey and RGB.*2\\)"),
        (lambda: made(discriminator=7), "Received: 7"),
        (
            lambda: AdversarialColorizer(
                models.build("unet", targets.get("bins", grid=4), filters=(4,)),
                targets.get("bins", grid=4, decoding="mode"),
                judge(),
            ),
            "gradients: bins with decoding=\"annealed_mean\". Received: 'mode'",
        ),
        (
            lambda: AdversarialColorizer(models.build("mean_regressor", "mean_ab"), targets.get("mean_ab"), judge()),
            "sees pictures; MeanAb has one colour",
        ),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_every_target_knows_its_lab(samples):
    """What a discriminator sees of a perfect answer is the photo."""
    rgb = arrays.to_float(samples["hats"][None, :64, :64])
    truth = ops.convert_to_numpy(color.rgb_to_lab(rgb))
    for name in ("lab", "ycbcr", "rgb", "difference", "quotient", "bins"):
        target = targets.get(name)
        found = ops.convert_to_numpy(target.lab(target.own_chroma(rgb), rgb))
        assert np.abs(found - truth).max() < 0.2, name
    assert losses.Adversarial().kind == "bce"


def test_rules_say_who_learns_and_what_is_recorded():
    assert Rules(factor=0.1).recorded() == ["content", "adversarial", *WATCHED_OF_DISCRIMINATOR]
    assert Rules(factor=0.0).recorded() == ["content", *WATCHED_OF_DISCRIMINATOR]
    alone = Rules(factor=0.1, trains="discriminator")
    assert (alone.generator_learns, alone.discriminator_learns, alone.asks_discriminator) == (False, True, False)
    for wrong in ({"factor": 2}, {"trains": "nobody"}):
        with pytest.raises(ValueError, match="factor|trains"):
            Rules(**wrong)
