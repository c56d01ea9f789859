"""Losses, metrics and truth of a training step."""

import json

import keras
import numpy as np
import pytest
from helpers.colorizers import lightness, numpy, painter, small
from helpers.processes import run_python
from keras import layers, ops

import kcolor
from kcolor import models, targets
from kcolor.colorizer.training_step import Learner
from kcolor.images import arrays
from kcolor.images.resizing import resize
from kcolor.losses.perceptual import Perceptual, RGBLoss
from kcolor.models.hint_branch import freeze_hints


@pytest.mark.slow
def test_fixed_size_networks_train_on_the_whole_photo(blobs):
    """Photos of twice the network's size: its answers, loss and pictures are those of the photo scaled down."""
    target = targets.get("lab")
    colorizer = kcolor.Colorizer(models.build("unet", target, filters=(4, 8), size=16), target)
    colorizer.compile(metrics=["psnr"])
    rgb = blobs.astype("float32") / 255
    small_photos = numpy(resize(rgb, (16, 16)))
    raw = numpy(colorizer.network(target.luma(small_photos)))
    expected = np.square(numpy(target.encode(small_photos)) - raw).mean()
    logs = colorizer.evaluate(blobs, batch_size=8, verbose=0, return_dict=True)
    assert logs["loss"] == pytest.approx(expected, rel=1e-4)
    assert np.abs(arrays.to_uint8(colorizer(blobs)).astype(int) - colorizer.colorize(blobs)).max() <= 1


def test_loss_is_the_targets_between_its_encoding_and_the_answer(blobs):
    colorizer = small("lab")
    colorizer.compile()
    rgb = blobs.astype("float32") / 255
    raw = numpy(colorizer.network(colorizer.target.luma(rgb)))
    expected = np.square(numpy(colorizer.target.encode(rgb)) - raw).mean()
    assert colorizer.evaluate(blobs, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-5)
    assert colorizer.evaluate(rgb, rgb, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
def test_metrics_are_between_pictures(blobs):
    colorizer = small()
    colorizer.compile(metrics=["psnr", kcolor.metrics.get("colorfulness")])
    logs = colorizer.evaluate(blobs, batch_size=4, verbose=0, return_dict=True)
    result = numpy(colorizer(blobs))
    expected = numpy(kcolor.metrics.psnr(blobs / np.float32(255), result)).mean()
    assert logs["psnr"] == pytest.approx(expected, rel=1e-4)
    assert logs["colorfulness"] == pytest.approx(numpy(kcolor.metrics.colorfulness(result)).mean(), rel=1e-4)


@pytest.mark.slow
@pytest.mark.graphs
def test_learns(blobs):
    target = targets.get("bins", grid=6).measure(blobs)
    colorizer = kcolor.Colorizer(models.build("unet", target, filters=(8, 16)), target)
    colorizer.compile(keras.optimizers.Adam(0.02), metrics=["ab_rmse"])
    history = colorizer.fit(blobs, epochs=40, batch_size=8, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    assert history["ab_rmse"][-1] < history["ab_rmse"][0]


def test_truth_may_differ_from_what_is_seen(blobs):
    colorizer = small()
    colorizer.compile()
    seen = 255 - blobs
    raw = numpy(colorizer.network(colorizer.target.luma(seen / np.float32(255))))
    expected = np.square(numpy(colorizer.target.encode(blobs / np.float32(255))) - raw).mean()
    assert colorizer.evaluate(seen, blobs, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-5)


def test_a_colorizer_is_a_model_that_learns():
    assert issubclass(kcolor.Colorizer, Learner)
    assert issubclass(Learner, keras.Model)


def test_compiling_again_replaces_loss_and_metrics(blobs):
    colorizer = small()
    colorizer.compile(metrics=["psnr", "ssim"])
    colorizer(blobs)
    colorizer.compile(loss="mae", metrics=["rmse"])
    assert set(colorizer.evaluate(blobs, verbose=0, return_dict=True)) == {"loss", "rmse"}


def test_augmentation_moves_photo_and_truth_alike_and_ageing_the_photo_alone(blobs):
    class Mirror(layers.Layer):
        def call(self, x, training=False):
            return ops.flip(x, axis=2) if training else x

    class Darken(layers.Layer):
        def call(self, x, training=False):
            return x * 0.5 if training else x

    watched = []

    class Watched(kcolor.Colorizer):
        def _raw_in_training(self, seen, training, hints):
            watched.append(numpy(seen))
            return super()._raw_in_training(seen, training, hints)

    target = targets.get("lab")
    network = models.build("unet", target, filters=(4, 8))
    colorizer = Watched(network, target, augment=Mirror(), age=Darken())
    rgb = blobs.astype("float32") / 255
    for pair in ({"photo": blobs}, {"photo": blobs, "truth": blobs}):
        answer = colorizer(pair, training=True)
        assert numpy(answer["truth"]) == pytest.approx(rgb[:, :, ::-1])
        assert numpy(answer["photo"]) == pytest.approx(rgb[:, :, ::-1])
        assert watched[-1] == pytest.approx(rgb[:, :, ::-1] / 2)
    colorizer({"photo": blobs}, training=False)
    assert watched[-1] == pytest.approx(rgb)


@pytest.mark.slow
def test_perceptual_loss_trains_on_pictures_and_is_not_saved(blobs, tmp_path):
    colorizer = small("lab")
    loss = Perceptual(None, ("block1_conv2",))
    before = [numpy(w) for w in loss.features.model.weights]
    colorizer.compile("adam", loss=loss)
    rgb = blobs.astype("float32") / 255
    expected = float(numpy(loss(rgb, colorizer(rgb))))
    assert colorizer.evaluate(blobs, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-4)
    history = colorizer.fit(blobs, epochs=3, verbose=0).history["loss"]
    assert history[-1] < history[0]
    assert all(np.array_equal(a, numpy(b)) for a, b in zip(before, loss.features.model.weights, strict=True))
    colorizer.save(tmp_path / "x.keras")
    assert (tmp_path / "x.keras").stat().st_size < 300_000  # VGG16 to block1_conv2 alone has 40,000 weights


@pytest.mark.slow
def test_a_loss_of_ones_own_between_pictures(blobs):
    class Paleness(RGBLoss):
        def call(self, y_true, y_pred):
            return ops.mean(y_pred - y_true, axis=-1)

    colorizer = small()
    colorizer.compile(loss=Paleness())
    expected = (numpy(colorizer(blobs)) - blobs / np.float32(255)).mean()
    assert colorizer.evaluate(blobs, batch_size=8, verbose=0) == pytest.approx(expected, abs=1e-5)


@pytest.mark.slow
def test_smaller_answers_are_compared_with_smaller_truth(blobs):
    target = targets.get("bins", grid=6)
    network = models.build("pretrained_unet", target, weights=None, filters=(4,), output_stride=2)
    colorizer = kcolor.Colorizer(network, target)
    colorizer.compile(metrics=["psnr"])
    logs = colorizer.evaluate(blobs, verbose=0, return_dict=True)
    assert logs["loss"] == pytest.approx(np.log(36), rel=0.2)  # an untrained network guesses


@pytest.mark.slow
def test_loss_of_a_smaller_answer_by_hand(blobs):
    colorizer = painter(output_stride=2)
    colorizer.compile()
    rgb = blobs.astype("float32") / 255
    rgb[:, :16] = rgb[:, :16, ::-1] / 2  # neither axis is like its mirror image
    halves = rgb.reshape(8, 16, 2, 16, 2, 3).mean(axis=(2, 4))
    luma = numpy(colorizer.target.luma(rgb)).reshape(8, 16, 2, 16, 2, 1).mean(axis=(2, 4))
    expected = np.square(numpy(colorizer.target.encode(halves)) - luma / 2).mean()
    assert colorizer.evaluate(rgb, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-4)


@pytest.mark.slow
def test_a_pooled_truth_is_that_of_the_photo_not_of_its_margin(samples):
    target = targets.get("mean_ab")
    colorizer = kcolor.Colorizer(models.build("mean_regressor", target, stages=5), target)
    colorizer.compile()
    photo = samples["hats"][None, :40, :50]
    raw = numpy(colorizer.forward_pass.raw(photo / np.float32(255)))
    expected = np.square(numpy(target.encode(photo / np.float32(255))) - raw).mean()
    assert colorizer.evaluate(photo, verbose=0) == pytest.approx(expected, rel=1e-4)


@pytest.mark.graphs
def test_weights_of_photos_count_in_graphs_and_without_other_pictures(blobs):
    photos, weights = blobs[:2], np.array([1.0, 0.0], "float32")
    colorizer = small()
    colorizer.compile()
    alone = colorizer.evaluate(photos[:1], verbose=0)
    assert colorizer.evaluate(photos, sample_weight=weights, verbose=0) == pytest.approx(alone / 2, rel=1e-4)
    colorizer.fit(photos, sample_weight=weights, validation_data=(photos, None, weights), verbose=0)
    colorizer.train_on_batch(photos, sample_weight=weights)
    now = colorizer.evaluate(photos[:1], verbose=0)
    assert colorizer.test_on_batch(photos, sample_weight=weights) == pytest.approx(now / 2, rel=1e-4)
    with pytest.raises(ValueError, match="a photo has no class"):
        colorizer.fit(photos, class_weight={0: 1.0}, verbose=0)


def test_callbacks_know_which_values_are_better(blobs):
    colorizer = small()
    colorizer.compile(metrics=["psnr", "ab_distance"])
    callbacks = [keras.callbacks.EarlyStopping("val_psnr"), keras.callbacks.ReduceLROnPlateau("val_ab_distance")]
    colorizer.fit(blobs[:2], validation_data=blobs[:2], epochs=2, callbacks=callbacks, verbose=0)
    assert [callback.mode for callback in callbacks] == ["max", "min"]


def test_a_colorizer_that_is_not_compiled_says_so(blobs):
    with pytest.raises(ValueError, match="compile"):
        small().fit(blobs[:1], verbose=0)
    with pytest.raises(ValueError, match="Expected metrics as names"):
        small().compile(metrics=[lambda truth, picture: 0.0])


@pytest.mark.slow
def test_sample_weights_are_one_a_picture(blobs):
    weights, blobs = np.array([0, 1, 2.0], "float32"), blobs[:3]
    for target in ("lab", "mean_ab"):
        colorizer = small(target)
        colorizer.compile(metrics=["rmse"])
        each = [colorizer.evaluate(photo[None], verbose=0, return_dict=True)["loss"] for photo in blobs]
        loss = colorizer.evaluate(blobs, blobs, sample_weight=weights, batch_size=8, verbose=0, return_dict=True)["loss"]
        assert loss == pytest.approx((np.array(each) * weights).mean(), rel=1e-4)
    colorizer.fit(blobs, blobs, sample_weight=weights, validation_data=(blobs, blobs, weights), verbose=0)
    colorizer.compile(loss=Perceptual(None, ("block1_conv1",)))  # one a pixel, of a pooled target
    assert np.isfinite(colorizer.evaluate(blobs, blobs, sample_weight=weights, verbose=0))


@pytest.mark.parametrize("axes", [(1, 2, 3), 3])
def test_weights_of_a_loss_that_is_one_a_picture_or_one_a_pixel(axes, blobs):
    class Own(RGBLoss):
        def call(self, y_true, y_pred):
            return ops.mean(ops.square(y_true - y_pred), axis=axes)

    weights = np.array([0, 1, 3.0], "float32")
    colorizer = small()
    colorizer.compile(loss=Own())
    each = np.square(numpy(colorizer(blobs[:3])) - blobs[:3] / np.float32(255)).mean(axis=(1, 2, 3))
    found = colorizer.evaluate(blobs[:3], blobs[:3], sample_weight=weights, batch_size=8, verbose=0)
    assert found == pytest.approx((each * weights).mean(), rel=1e-4)


def test_a_metric_around_a_function_is_not_saved(blobs, tmp_path):
    def greenness(truth, result):
        return ops.mean(result[..., 1], axis=(1, 2))

    colorizer = small()
    colorizer.compile(metrics=[kcolor.metrics.PictureMetric(greenness, "greenness"), "psnr"])
    colorizer.train_on_batch(blobs)
    with pytest.warns(UserWarning, match="Saved without a PictureMetric around a given function"):
        colorizer.save(tmp_path / "x.keras")
    again = keras.saving.load_model(tmp_path / "x.keras")
    assert set(again.evaluate(blobs, verbose=0, return_dict=True)) == {"loss", "psnr"}


def test_regularisation_is_added_once(blobs):
    luma = keras.Input((None, None, 1))
    raw = layers.Conv2D(2, 1, kernel_regularizer=keras.regularizers.L2(3.0), activation="tanh")(luma)
    colorizer = kcolor.Colorizer(keras.Model(luma, raw), targets.get("lab"))
    colorizer.compile()
    answer = colorizer({"photo": blobs})
    kernel = numpy(colorizer.network.layers[-1].kernel)
    plain = float(numpy(targets.get("lab").loss()(colorizer._encoded(answer), answer["raw"])))
    assert float(numpy(colorizer.compute_loss(y_pred=answer))) == pytest.approx(plain + 3 * np.square(kernel).sum(), rel=1e-4)


@pytest.mark.slow
@pytest.mark.graphs
def test_batch_statistics_follow_within_minutes(blobs):
    """After fifty steps the network answers in use what it answered in training."""
    target = targets.get("lab")
    colorizer = kcolor.Colorizer(models.build("unet", target, filters=(8, 16)), target)
    colorizer.compile(keras.optimizers.Adam(1e-3))
    colorizer.fit(np.tile(blobs, (50, 1, 1, 1)), batch_size=8, shuffle=False, verbose=0)
    luma = target.luma(blobs / np.float32(255))
    used, trained = (numpy(colorizer.network(luma, training=training)) for training in (False, True))
    assert np.abs(used - trained).mean() < 0.5 * np.abs(trained).mean()


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data is TensorFlow's")
def test_fits_a_tf_data_set_and_validates_on_one(blobs):
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices(blobs).batch(4)
    colorizer = small()
    colorizer.compile(metrics=["psnr"])
    history = colorizer.fit(data, validation_data=data.map(lambda p: (p, p)), epochs=2, verbose=0).history
    assert set(history) == {"loss", "psnr", "val_loss", "val_psnr"}


@pytest.mark.slow
def test_several_devices_and_xla(tmp_path):
    """In a process of its own: logical devices cannot be made once TensorFlow has started."""
    printed = run_python(
        "import numpy as np, tensorflow as tf\n"
        "cpu = tf.config.list_physical_devices('CPU')[0]\n"
        "tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)\n"
        "import kcolor\n"
        "photos = np.random.default_rng(0).integers(0, 256, (16, 16, 16, 3), dtype='uint8')\n"
        "target = kcolor.targets.get('bins', grid=6)\n"
        "for options in ({}, {'jit_compile': True, 'steps_per_execution': 2}):\n"
        "    strategy = tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'][: 1 if options else 2])\n"
        "    with strategy.scope():\n"
        "        network = kcolor.models.build('unet', target, filters=(4, 8))\n"
        "        colorizer = kcolor.Colorizer(network, target, augment=kcolor.augment.Geometry(rotation=5))\n"
        "        colorizer.compile('adam', metrics=['psnr', 'ssim'], **options)\n"
        "    print(colorizer.fit(photos, batch_size=4, epochs=6, verbose=0).history['loss'])"
    )
    for line in printed.splitlines():
        losses = json.loads(line)
        assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    "name", ["mixed_bfloat16", pytest.param("mixed_float16", marks=[pytest.mark.graphs, pytest.mark.slow])]
)
def test_half_precision_stops_at_the_network(name, blobs, policy):
    policy(name)
    colorizer = small(augment=kcolor.augment.Geometry(rotation=10))
    assert colorizer.network.compute_dtype == name.removeprefix("mixed_")
    assert colorizer.compute_dtype == "float32"
    colorizer.compile(keras.optimizers.Adam(1e-3), metrics=["psnr"])
    scaled = isinstance(colorizer.optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (name == "mixed_float16")
    history = colorizer.fit(blobs, epochs=3, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert all(np.isfinite(numpy(w)).all() for w in colorizer.weights)
    assert np.abs(lightness(colorizer.colorize(blobs)) - lightness(blobs)).max() < 0.6


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((np.zeros((2, 4, 4, 1), "uint8"),), r"Received shape: \(2, 4, 4, 1\)"),
        ((np.full((2, 4, 4, 3), 99.0),), "0..255"),
        ((np.zeros((2, 4, 4, 3), "uint8"), np.full((2, 4, 4, 3), np.nan)), "NaN"),
    ],
)
def test_fit_refuses(data, message):
    colorizer = small()
    colorizer.compile()
    for run in (colorizer.fit, colorizer.evaluate):
        with pytest.raises(ValueError, match=message):
            run(*data, verbose=0)
    with pytest.raises(ValueError, match=message):
        colorizer.fit(np.zeros((2, 4, 4, 3), "uint8"), validation_data=data, verbose=0)
    with pytest.raises(ValueError, match=message):
        colorizer.train_on_batch(*data)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data is TensorFlow's")
def test_fit_refuses_data_sets_of_other_shapes():
    import tensorflow as tf

    colorizer = small()
    colorizer.compile()
    with pytest.raises(ValueError, match=r"photo batch of shape \(batch, height, width, 3\)"):
        colorizer.fit(tf.data.Dataset.from_tensors(np.zeros((2, 4, 4, 1), "uint8")), verbose=0)


@pytest.mark.slow
@pytest.mark.graphs
def test_metrics_for_evaluation_alone(blobs):
    """They take no part in a step of training, and are there when it is evaluated."""
    colorizer = small("ycbcr")
    colorizer.compile("adam", metrics=["psnr"], training_metrics=False)
    history = colorizer.fit(blobs, validation_data=(blobs,), batch_size=4, epochs=2, verbose=0).history
    assert set(history) == {"loss", "val_loss", "val_psnr"}
    assert history["val_psnr"][0] > 1


@pytest.mark.slow
def test_metrics_for_evaluation_alone_stay_so_after_saving(blobs):
    colorizer = small("ycbcr")
    colorizer.compile("adam", metrics=["psnr"], training_metrics=False)
    assert set(colorizer.train_on_batch(blobs, return_dict=True)) == {"loss"}
    assert colorizer.evaluate(blobs, verbose=0, return_dict=True)["psnr"] > 1
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(colorizer))
    again.compile_from_config(colorizer.get_compile_config())
    assert set(again.fit(blobs, verbose=0).history) == {"loss"}


@pytest.mark.slow
def test_the_optimizers_variables_are_made_before_the_first_step(blobs):
    """Made in that step, they would have TensorFlow trace it twice."""
    built = []

    class Look(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            built.append(self.model.optimizer.built)

    colorizer = small()
    colorizer.compile(run_eagerly=keras.backend.backend() == "tensorflow")
    colorizer.fit(blobs, batch_size=8, verbose=0, callbacks=[Look()])
    assert built == [True]


def test_a_colorizer_that_uses_hints_is_trained_further_without_them(rng):
    options = {"backbone": "squeezenet", "weights": "random", "filters": (8,), "output_stride": 4}
    colorizer = kcolor.Colorizer("pretrained_unet", "bins", hints=True, **options)
    photos = rng.integers(0, 256, (2, 32, 32, 3), dtype="uint8")
    head, branch = (colorizer.network.get_layer(name) for name in ("head", "hint_mix"))
    for freeze, learns in ((None, branch), (freeze_hints, head)):
        if freeze is not None:
            freeze(colorizer.network)
        before = [numpy(layer.kernel) for layer in (head, branch)]
        colorizer.compile("adam")
        colorizer.fit(photos, epochs=1, batch_size=2, verbose=0)
        changed = [bool(np.abs(numpy(layer.kernel) - old).max()) for layer, old in zip((head, branch), before, strict=True)]
        assert changed == [learns is head, learns is branch]
