"""The colorizer: pictures in and out, training, saving."""

import json
import zipfile

import keras
import numpy as np
import pytest
from helpers.processes import run_python
from keras import layers, ops

import kcolor
from kcolor import color, models, targets
from kcolor.colorizer import inference
from kcolor.colorizer.training_step import Learner
from kcolor.images import arrays
from kcolor.images.resizing import resize
from kcolor.losses.perceptual import Perceptual, RGBLoss
from kcolor.models import head


def numpy(x):
    return ops.convert_to_numpy(x)


def small(target="lab", **options):
    """An untrained colorizer of stride 2."""
    target = targets.get(target)
    return kcolor.Colorizer(models.build("unet", target, filters=(4, 8)), target, **options)


def painter(output_stride=1, **options):
    """A colorizer whose raw answer is half of the lightness, at the photo's resolution or a fraction of it."""
    luma = keras.Input((None, None, 1))
    paint = layers.Conv2D(2, 1, kernel_initializer=keras.initializers.Constant(0.5), use_bias=False)
    raw = paint(layers.AveragePooling2D(output_stride)(luma))
    return kcolor.Colorizer(keras.Model(luma, raw), targets.get("lab", activation="linear"), stride=4, **options)


def lightness(rgb):
    return numpy(color.rgb_to_lightness(rgb.astype("float32") / 255))


class TestColorize:
    @pytest.mark.parametrize("size", [(1, 1), (2, 3), (17, 31), (64, 48), (5, 300)])
    @pytest.mark.parametrize("working", [None, 16])
    def test_keeps_size_and_lightness(self, size, working, rng):
        photo = rng.integers(0, 256, (*size, 3), dtype="uint8")
        result = small(size=working).colorize(photo)
        assert result.shape == photo.shape
        assert result.dtype == np.uint8
        assert np.abs(lightness(result) - lightness(photo)).max() < 0.6  # of 100: rounding to 8 bits

    def test_gives_back_what_came_in(self, rng):
        colorizer = small()
        batch = rng.integers(0, 256, (3, 6, 8, 3), dtype="uint8")
        gray = batch[0, ..., 0]
        assert colorizer.colorize(batch, batch_size=2).shape == batch.shape
        assert colorizer.colorize(gray).shape == (6, 8, 3)
        assert colorizer.colorize(gray[..., None]).shape == (6, 8, 3)
        several = colorizer.colorize([batch[0], gray[:4], batch[1, :, :5]])
        assert [picture.shape for picture in several] == [(6, 8, 3), (4, 8, 3), (6, 5, 3)]

    def test_one_many_floats_and_batches_agree(self, rng):
        colorizer = small()
        batch = rng.integers(0, 256, (3, 6, 8, 3), dtype="uint8")
        together = colorizer.colorize(batch)
        for i, photo in enumerate(batch):
            assert np.abs(colorizer.colorize(photo).astype(int) - together[i]).max() <= 1
        assert np.abs(colorizer.colorize(batch / np.float32(255)).astype(int) - together).max() <= 1

    def test_a_photo_and_its_grey_copy_come_out_alike(self, samples):
        colorizer = small()
        photo = samples["hats"][:64, :64]
        gray = arrays.to_uint8(colorizer.target.gray(photo / np.float32(255)))
        assert np.abs(colorizer.colorize(photo).astype(int) - colorizer.colorize(gray)).max() <= 3

    def test_call_is_colorize_without_rounding(self, blobs):
        colorizer = small()
        result = numpy(colorizer(blobs))
        assert result.dtype == np.float32
        colored = colorizer.colorize(blobs).astype(int)
        for found in (result, colorizer.predict(blobs, verbose=0)):
            assert np.abs(arrays.to_uint8(found) - colored).max() <= 1  # a graph rounds on its own

    def test_one_graph_is_made_for_photos_of_all_sizes(self, samples, monkeypatch):
        """On TensorFlow; also for other saturations, but not for what the network has to see or answer otherwise."""
        made = []
        monkeypatch.setattr(
            "kcolor.colorizer.colorizer.sketching", lambda *given: made.append(given) or inference.sketching(*given)
        )
        colorizer = small()
        ways = [colorizer.colorize(samples["girl"][:side, :64], saturation=side / 50) for side in (40, 50, 60)]
        assert [way.shape[0] for way in ways] == [40, 50, 60]
        colorizer.colorize(samples["girl"], size=48)
        assert [options.size for _, options in made] == [None, 48]
        for size in (16, 24, 32, None):  # only some are kept
            colorizer.colorize(samples["girl"][:20, :20], size=size)
        assert [options.size for _, options in made] == [None, 48, 16, 24, 32, None]

    def test_a_network_that_has_to_know_its_size(self, samples):
        """Keras's bilinear enlargement is one on TensorFlow: such a network is asked without a graph."""
        target = targets.get("lab")
        gray = keras.Input((None, None, 1))
        x = keras.layers.Conv2D(4, 3, strides=2, padding="same")(gray)
        x = keras.layers.UpSampling2D(2, interpolation="bilinear")(x)
        colorizer = kcolor.Colorizer(keras.Model(gray, head.head(x, target)), target, size=32, stride=2)
        photo = samples["girl"][:50, :40]
        assert colorizer.colorize(photo).shape == photo.shape

    def test_padding_changes_nothing_but_the_margin(self, rng):
        """A photo whose size the strides allow, and the same with one more row: both alike, away from that row."""
        colorizer = small()
        photo = rng.uniform(size=(1, 33, 32, 3)).astype("float32")
        odd, even = numpy(colorizer(photo)), numpy(colorizer(photo[:, :32]))
        assert odd.shape == photo.shape
        assert odd[:, :16] == pytest.approx(even[:, :16], abs=1e-5)

    @pytest.mark.parametrize("output_stride", [1, 2])
    @pytest.mark.parametrize(("working", "height", "width"), [(None, 37, 51), (8, 37, 50), (64, 37, 50), (16, 200, 20)])
    def test_colour_lies_where_it_belongs(self, output_stride, working, height, width):
        """A network that paints what is bright: its colour ends up on the bright quarter, at any size and working size."""
        colorizer = painter(output_stride, size=working)
        photo = np.zeros((height, width, 3), "uint8")
        photo[height // 2 :, : width // 2] = 200
        ab = numpy(color.rgb_to_lab(colorizer.colorize(photo) / np.float32(255)))[..., 1]
        assert ab[height * 3 // 4 :, : width // 4].min() > 10
        assert np.abs(ab[: height // 4]).max() < 1
        assert np.abs(ab[:, width * 3 // 4 :]).max() < 1

    def test_fixed_size_networks_see_the_whole_photo(self, rng):
        network = models.build("unet", "lab", filters=(4, 8), size=(16, 16))
        colorizer = kcolor.Colorizer(network, targets.get("lab"))
        photo = rng.integers(0, 256, (40, 100, 3), dtype="uint8")
        assert colorizer.colorize(photo).shape == photo.shape
        assert np.abs(lightness(colorizer.colorize(photo)) - lightness(photo)).max() < 0.6

    def test_fixed_size_networks_train_on_the_whole_photo(self, blobs):
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

    def test_a_network_that_sees_three_channels_sees_no_colour(self, blobs):
        for target, blind in [
            (targets.get("lab"), True),
            (targets.get("rgb"), True),
            (targets.get("rgb", keep_lightness=False), False),
        ]:
            network = models.build("autoencoder", target, channel_factor=1, input_channels=3)
            colorizer = kcolor.Colorizer(network, target)
            rgb = blobs.astype("float32") / 255
            one, other = (numpy(colorizer.raw(photo)) for photo in (rgb, target.gray(rgb)))
            assert (np.abs(one - other).max() < 1e-3) == blind

    def test_networks_of_other_people(self, rng):
        luma = keras.Input((None, None, 1))
        x = layers.Conv2D(4, 3, strides=4, padding="same", activation="relu")(luma)
        half = layers.Conv2D(2, 1, activation="tanh")(layers.UpSampling2D(2)(x))  # answers at half the size
        colorizer = kcolor.Colorizer(keras.Model(luma, half), targets.get("lab"), stride=4)
        photos = rng.integers(0, 256, (2, 21, 30, 3), dtype="uint8")
        assert colorizer.colorize(photos).shape == photos.shape
        colorizer.compile()
        assert np.isfinite(colorizer.evaluate(photos, verbose=0))

    def test_keeps_a_panorama_bounded(self):
        colorizer = small(size=32)
        assert colorizer.working_size(np.zeros((1, 100, 200, 3))) == (32, 64)
        assert colorizer.working_size(np.zeros((1, 100, 100000, 3))) == (1, 128)

    def test_lives_in_a_functional_model(self, blobs):
        colorizer = small()
        photo = keras.Input((32, 32, 3))
        model = keras.Model(photo, layers.GlobalAveragePooling2D()(colorizer(photo)))
        expected = numpy(colorizer(blobs)).mean(axis=(1, 2))
        assert numpy(model(blobs / np.float32(255))) == pytest.approx(expected, abs=1e-5)


class TestTraining:
    def test_loss_is_the_targets_between_its_encoding_and_the_answer(self, blobs):
        colorizer = small("lab")
        colorizer.compile()
        rgb = blobs.astype("float32") / 255
        raw = numpy(colorizer.network(colorizer.target.luma(rgb)))
        expected = np.square(numpy(colorizer.target.encode(rgb)) - raw).mean()
        assert colorizer.evaluate(blobs, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-5)
        assert colorizer.evaluate(rgb, rgb, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-5)

    def test_metrics_are_between_pictures(self, blobs):
        colorizer = small()
        colorizer.compile(metrics=["psnr", kcolor.metrics.get("colorfulness")])
        logs = colorizer.evaluate(blobs, batch_size=4, verbose=0, return_dict=True)
        result = numpy(colorizer(blobs))
        expected = numpy(kcolor.metrics.psnr(blobs / np.float32(255), result)).mean()
        assert logs["psnr"] == pytest.approx(expected, rel=1e-4)
        assert logs["colorfulness"] == pytest.approx(numpy(kcolor.metrics.colorfulness(result)).mean(), rel=1e-4)

    def test_learns(self, blobs):
        target = targets.get("bins", grid=6).measure(blobs)
        colorizer = kcolor.Colorizer(models.build("unet", target, filters=(8, 16)), target)
        colorizer.compile(keras.optimizers.Adam(0.02), metrics=["ab_rmse"])
        history = colorizer.fit(blobs, epochs=40, batch_size=8, verbose=0).history
        assert history["loss"][-1] < 0.5 * history["loss"][0]
        assert history["ab_rmse"][-1] < history["ab_rmse"][0]

    def test_truth_may_differ_from_what_is_seen(self, blobs):
        colorizer = small()
        colorizer.compile()
        seen = 255 - blobs
        raw = numpy(colorizer.network(colorizer.target.luma(seen / np.float32(255))))
        expected = np.square(numpy(colorizer.target.encode(blobs / np.float32(255))) - raw).mean()
        assert colorizer.evaluate(seen, blobs, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-5)

    def test_a_colorizer_is_a_model_that_learns(self):
        assert issubclass(kcolor.Colorizer, Learner)
        assert issubclass(Learner, keras.Model)

    def test_compiling_again_replaces_loss_and_metrics(self, blobs):
        colorizer = small()
        colorizer.compile(metrics=["psnr", "ssim"])
        colorizer(blobs)
        colorizer.compile(loss="mae", metrics=["rmse"])
        assert set(colorizer.evaluate(blobs, verbose=0, return_dict=True)) == {"loss", "rmse"}

    def test_augmentation_moves_photo_and_truth_alike_and_ageing_the_photo_alone(self, blobs):
        class Mirror(layers.Layer):
            def call(self, x, training=False):
                return ops.flip(x, axis=2) if training else x

        class Darken(layers.Layer):
            def call(self, x, training=False):
                return x * 0.5 if training else x

        seen = []

        class Watched(kcolor.Colorizer):
            def raw(self, rgb, training=False):
                seen.append(numpy(rgb))
                return super().raw(rgb, training)

        target = targets.get("lab")
        network = models.build("unet", target, filters=(4, 8))
        colorizer = Watched(network, target, augment=Mirror(), age=Darken())
        rgb = blobs.astype("float32") / 255
        for pair in ({"photo": blobs}, {"photo": blobs, "truth": blobs}):
            answer = colorizer(pair, training=True)
            assert numpy(answer["truth"]) == pytest.approx(rgb[:, :, ::-1])
            assert numpy(answer["photo"]) == pytest.approx(rgb[:, :, ::-1])
            assert seen[-1] == pytest.approx(rgb[:, :, ::-1] / 2)
        colorizer({"photo": blobs}, training=False)
        assert seen[-1] == pytest.approx(rgb)

    def test_perceptual_loss_trains_on_pictures_and_is_not_saved(self, blobs, tmp_path):
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

    def test_a_loss_of_ones_own_between_pictures(self, blobs):
        class Paleness(RGBLoss):
            def call(self, y_true, y_pred):
                return ops.mean(y_pred - y_true, axis=-1)

        colorizer = small()
        colorizer.compile(loss=Paleness())
        expected = (numpy(colorizer(blobs)) - blobs / np.float32(255)).mean()
        assert colorizer.evaluate(blobs, batch_size=8, verbose=0) == pytest.approx(expected, abs=1e-5)

    def test_smaller_answers_are_compared_with_smaller_truth(self, blobs):
        target = targets.get("bins", grid=6)
        network = models.build("pretrained_unet", target, weights=None, filters=(4,), output_stride=2)
        colorizer = kcolor.Colorizer(network, target)
        colorizer.compile(metrics=["psnr"])
        logs = colorizer.evaluate(blobs, verbose=0, return_dict=True)
        assert logs["loss"] == pytest.approx(np.log(36), rel=0.2)  # an untrained network guesses

    def test_loss_of_a_smaller_answer_by_hand(self, blobs):
        colorizer = painter(output_stride=2)
        colorizer.compile()
        rgb = blobs.astype("float32") / 255
        rgb[:, :16] = rgb[:, :16, ::-1] / 2  # neither axis is like its mirror image
        halves = rgb.reshape(8, 16, 2, 16, 2, 3).mean(axis=(2, 4))
        luma = numpy(colorizer.target.luma(rgb)).reshape(8, 16, 2, 16, 2, 1).mean(axis=(2, 4))
        expected = np.square(numpy(colorizer.target.encode(halves)) - luma / 2).mean()
        assert colorizer.evaluate(rgb, batch_size=8, verbose=0) == pytest.approx(expected, rel=1e-4)

    def test_a_pooled_truth_is_that_of_the_photo_not_of_its_margin(self, samples):
        target = targets.get("mean_ab")
        colorizer = kcolor.Colorizer(models.build("mean_regressor", target, stages=5), target)
        colorizer.compile()
        photo = samples["hats"][None, :40, :50]
        raw = numpy(colorizer.raw(photo / np.float32(255)))
        expected = np.square(numpy(target.encode(photo / np.float32(255))) - raw).mean()
        assert colorizer.evaluate(photo, verbose=0) == pytest.approx(expected, rel=1e-4)

    def test_sample_weights_are_one_a_picture(self, blobs):
        weights = np.array([0, 0, 0, 0, 1, 1, 1, 2.0], "float32")
        for target in ("lab", "mean_ab"):
            colorizer = small(target)
            colorizer.compile(metrics=["rmse"])
            each = [colorizer.evaluate(photo[None], verbose=0, return_dict=True)["loss"] for photo in blobs]
            loss = colorizer.evaluate(blobs, blobs, sample_weight=weights, batch_size=8, verbose=0, return_dict=True)["loss"]
            assert loss == pytest.approx((np.array(each) * weights).mean(), rel=1e-4)
        colorizer.fit(blobs, blobs, sample_weight=weights, validation_data=(blobs, blobs, weights), verbose=0)
        colorizer.compile(loss=Perceptual(None, ("block1_conv1",)))  # one a pixel, of a pooled target
        assert np.isfinite(colorizer.evaluate(blobs, blobs, sample_weight=weights, verbose=0))

    def test_regularisation_is_added_once(self, blobs):
        luma = keras.Input((None, None, 1))
        raw = layers.Conv2D(2, 1, kernel_regularizer=keras.regularizers.L2(3.0), activation="tanh")(luma)
        colorizer = kcolor.Colorizer(keras.Model(luma, raw), targets.get("lab"))
        colorizer.compile()
        answer = colorizer({"photo": blobs})
        kernel = numpy(colorizer.network.layers[-1].kernel)
        plain = float(numpy(targets.get("lab").loss()(colorizer._encoded(answer), answer["raw"])))
        assert float(numpy(colorizer.compute_loss(y_pred=answer))) == pytest.approx(
            plain + 3 * np.square(kernel).sum(), rel=1e-4
        )

    def test_batch_statistics_follow_within_minutes(self, blobs):
        """After fifty steps the network answers in use what it answered in training."""
        target = targets.get("lab")
        colorizer = kcolor.Colorizer(models.build("unet", target, filters=(8, 16)), target)
        colorizer.compile(keras.optimizers.Adam(1e-3))
        colorizer.fit(blobs, batch_size=8, epochs=50, verbose=0)
        luma = target.luma(blobs / np.float32(255))
        used, trained = (numpy(colorizer.network(luma, training=training)) for training in (False, True))
        assert np.abs(used - trained).mean() < 0.5 * np.abs(trained).mean()

    def test_guided_by_another_colorizer_that_stays_as_it_is(self, blobs, tmp_path):
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
        guided_by = [numpy(guide.raw(photos / np.float32(255))) for photos in (blobs, sees_whole_photos)]
        assert np.abs(guided_by[0] - guided_by[1]).min() > 0
        colorizer.save(tmp_path / "guided.keras")
        assert np.array_equal(kcolor.load(tmp_path / "guided.keras").colorize(blobs), colorizer.colorize(blobs))

    @pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data is TensorFlow's")
    def test_fits_a_tf_data_set_and_validates_on_one(self, blobs):
        import tensorflow as tf

        data = tf.data.Dataset.from_tensor_slices(blobs).batch(4)
        colorizer = small()
        colorizer.compile(metrics=["psnr"])
        history = colorizer.fit(data, validation_data=data.map(lambda p: (p, p)), epochs=2, verbose=0).history
        assert set(history) == {"loss", "psnr", "val_loss", "val_psnr"}

    @pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes are always known elsewhere")
    @pytest.mark.parametrize("output_stride", [1, 2])
    def test_sizes_that_are_unknown_while_the_graph_is_made(self, blobs, output_stride):
        import tensorflow as tf

        options = {"weights": None, "filters": (4,), "output_stride": output_stride}
        colorizer = kcolor.Colorizer(models.build("pretrained_unet", "lab", **options), targets.get("lab"))
        graph = tf.function(colorizer, input_signature=[tf.TensorSpec([None, None, None, 3], tf.uint8)])
        for photos in (blobs[:2, :19, :27], blobs):
            assert np.abs(arrays.to_uint8(graph(photos)).astype(int) - colorizer.colorize(photos)).max() <= 1
        colorizer.compile(metrics=["psnr"])
        sizes = tf.data.Dataset.from_generator(
            lambda: iter([blobs[:2, :19, :27], blobs[:3]]), output_signature=tf.TensorSpec([None, None, None, 3], tf.uint8)
        )
        history = colorizer.fit(sizes.repeat(), steps_per_epoch=2, epochs=2, verbose=0).history
        assert np.isfinite(history["loss"]).all()
        assert history["psnr"][0] > 5

    @pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes are always known elsewhere")
    def test_a_network_of_one_size_in_a_graph_of_any(self, blobs):
        import tensorflow as tf

        colorizer = kcolor.Colorizer(models.build("unet", "lab", filters=(4, 8), size=16), targets.get("lab"))
        graph = tf.function(colorizer, input_signature=[tf.TensorSpec([None, None, None, 3], tf.uint8)])
        for batch in (blobs, blobs[:, :20], blobs[:, :9, :12]):
            assert numpy(graph(batch)) == pytest.approx(numpy(colorizer(batch)), abs=1e-5)

    @pytest.mark.slow
    def test_several_devices_and_xla(self, tmp_path):
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

    @pytest.mark.parametrize("name", ["mixed_bfloat16", "mixed_float16"])
    def test_half_precision_stops_at_the_network(self, name, blobs, policy):
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


class TestSaving:
    def test_a_second_process_gives_the_same_picture(self, blobs, tmp_path):
        target = targets.get("bins", grid=18, frequent=16).measure(blobs)
        colorizer = kcolor.Colorizer(models.build("unet", target, filters=(4, 8)), target, size=24)
        colorizer.save(tmp_path / "x.keras")
        np.save(tmp_path / "in.npy", blobs)
        run_python(
            f"folder = {str(tmp_path)!r}\n"
            "import numpy as np, kcolor\n"
            "result = kcolor.load(folder + '/x.keras').colorize(np.load(folder + '/in.npy'))\n"
            "np.save(folder + '/out.npy', result)"
        )
        assert np.array_equal(np.load(tmp_path / "out.npy"), colorizer.colorize(blobs))

    def test_everything_comes_back(self, blobs, tmp_path):
        colorizer = small(size=16, augment=kcolor.augment.Geometry(rotation=5), age=kcolor.augment.Age(noise=0.1))
        colorizer.save(tmp_path / "x.keras")
        again = kcolor.load(tmp_path / "x.keras")
        assert (again.size, again.stride, again.target) == (16, 2, colorizer.target)
        assert again.augment.get_config()["rotation"] == 5
        assert again.age.get_config()["noise"] == 0.1
        assert not again.compiled

    def test_keras_itself_loads_it_compiled_and_goes_on(self, blobs, tmp_path):
        colorizer = small()
        colorizer.compile(keras.optimizers.Adam(0.01), loss="mae", metrics=["psnr"])
        colorizer.fit(blobs, epochs=2, verbose=0)
        colorizer.save(tmp_path / "x.keras")
        again = keras.saving.load_model(tmp_path / "x.keras")
        assert int(again.optimizer.iterations) == int(colorizer.optimizer.iterations) > 0
        one, other = (c.evaluate(blobs, verbose=0, return_dict=True) for c in (colorizer, again))
        assert one == pytest.approx(other, rel=1e-5)
        again.fit(blobs, epochs=1, verbose=0)

    def test_a_loss_around_a_given_model_does_not_stop_a_run_from_being_saved(self, blobs, tmp_path):
        given, _ = kcolor.backbones.build("vgg16", None)
        colorizer = small()
        colorizer.compile(loss=Perceptual(given, ("block1_conv2",)))
        assert given.trainable_weights
        with pytest.warns(UserWarning, match="Saved without loss and optimizer"):
            colorizer.save(tmp_path / "x.keras")
        assert np.array_equal(kcolor.load(tmp_path / "x.keras").colorize(blobs), colorizer.colorize(blobs))

    def test_augmentation_goes_on_where_it_was(self, blobs, tmp_path):
        colorizer = small(augment=kcolor.augment.Geometry(seed=3))
        rgb = ops.convert_to_tensor(blobs / np.float32(255))
        colorizer.augment(rgb, training=True)
        colorizer.save(tmp_path / "x.keras")
        again = kcolor.load(tmp_path / "x.keras")
        assert np.array_equal(numpy(again.augment(rgb, training=True)), numpy(colorizer.augment(rgb, training=True)))

    def test_half_precision_comes_back_too(self, blobs, tmp_path, policy):
        policy("mixed_float16")
        colorizer = small()
        colorizer.save(tmp_path / "x.keras")
        policy("float32")
        again = kcolor.load(tmp_path / "x.keras", precision=None)
        assert np.array_equal(again.colorize(blobs), colorizer.colorize(blobs))
        again.compile("adam")
        assert isinstance(again.optimizer, keras.optimizers.LossScaleOptimizer)
        again.compile("adam", auto_scale_loss=False)
        assert not isinstance(again.optimizer, keras.optimizers.LossScaleOptimizer)
        again.compile(None)
        assert again.optimizer is None

    def test_no_code_in_a_file_is_executed(self, tmp_path):
        luma = keras.Input((None, None, 1))
        raw = layers.Conv2D(2, 1, activation="tanh")(layers.Lambda(lambda x: x * 2)(luma))
        kcolor.Colorizer(keras.Model(luma, raw), targets.get("lab")).save(tmp_path / "x.keras")
        with pytest.raises(Exception, match="(?i)lambda"):
            kcolor.load(tmp_path / "x.keras")

    def test_is_plain_json_and_numbers(self, blobs, tmp_path):
        target = targets.get("bins", grid=6).measure(blobs)
        kcolor.Colorizer(models.build("unet", target, filters=(4,)), target).save(tmp_path / "x.keras")
        with zipfile.ZipFile(tmp_path / "x.keras") as archive:
            config = json.loads(archive.read("config.json"))["config"]
            assert sorted(archive.namelist()) == ["config.json", "metadata.json", "model.weights.h5"]
        assert sum(config["target"]["config"]["measured"]["config"]["counts"]) == blobs.size // 3

    def test_refuses_files_without_a_colorizer(self, tmp_path):
        models.build("unet", "lab", filters=(4,)).save(tmp_path / "network.keras")
        with pytest.raises(ValueError, match=r"Expected a file with a kcolor.Colorizer.*Functional"):
            kcolor.load(tmp_path / "network.keras")
        with pytest.raises(ValueError, match="nowhere.keras"):
            kcolor.load(tmp_path / "nowhere.keras")


def test_the_plain_one_keeps_all_but_what_is_asked_for():
    colorizer = small(size=24, stride=4, saturation=1.3, name="mine", augment=kcolor.augment.Geometry())
    plain, other = colorizer.for_inference(), colorizer.for_inference(targets.get("lab", activation="tanh"), saturation=2.0)
    assert (plain.network, plain.target, plain.augment) == (colorizer.network, colorizer.target, None)
    assert (plain.size, plain.stride, plain.saturation, plain.name) == (24, 4, 1.3, "mine")
    assert (other.size, other.saturation) == (24, 2.0)


@pytest.mark.parametrize("value", [-0.1, 11, float("nan")])
def test_what_is_no_saturation(value):
    with pytest.raises(ValueError, match=r"`saturation` in \[0, 10\]"):
        inference.check_saturation(value)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("target", ["lab", "ycbcr", "rgb", "quotient", "bins"])
def test_a_saturation_is_in_all_that_a_colorizer_makes(target, blobs, tmp_path):
    plain = small(target)
    strong = kcolor.Colorizer(plain.network, plain.target, saturation=1.3)
    asked = plain.colorize(blobs, saturation=1.3).astype(int)
    assert np.abs(strong.colorize(blobs) - asked).max() <= 1
    assert np.abs(strong.colorize(blobs, saturation=2.0).astype(int) - plain.colorize(blobs, saturation=2.6)).max() <= 1
    assert np.abs(np.asarray(strong.predict(blobs, verbose=0)) * 255 - asked).max() < 1.6
    strong.save(tmp_path / "strong.keras")
    assert kcolor.load(tmp_path / "strong.keras").saturation == 1.3


def unet(target="lab", **options):
    return models.build("unet", target, filters=(4,), **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kcolor.Colorizer(unet(), "lab"), "Expected `target` as a kcolor.targets.ColorTarget"),
        (lambda: kcolor.Colorizer("unet", targets.get("lab")), "Expected `network` as a functional Keras model"),
        (
            lambda: kcolor.Colorizer(unet(), targets.get("rgb")),
            r"do not match: RGB needs answers of shape \(batch, height, width, 3\). Received: \(None, None, None, 2\)",
        ),
        (lambda: kcolor.Colorizer(unet(), targets.get("mean_ab")), r"shape \(batch, 2\)"),
        (lambda: kcolor.Colorizer(unet(targets.get("lab", unit=True)), targets.get("lab")), "'sigmoid' does not fit"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), size=0), "`size` as a number of pixels"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), saturation=-1), r"`saturation` in \[0, 10\].*Received: -1"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), guide=small("lab")), "needs `guide`"),
        (
            lambda: kcolor.Colorizer(models.build("encoder_decoder", "lab", down=(2,), guide=True), targets.get("lab")),
            "`guide` input needs `guide`",
        ),
        (lambda: small().colorize(np.zeros((4, 4, 4, 4), "uint8")), r"\(batch, height, width, 3\)"),
        (lambda: small().colorize(np.zeros((0, 4, 4, 3), "uint8")), "at least one picture"),
        (lambda: small().colorize([]), "empty list"),
        (lambda: small().colorize(np.full((4, 4, 3), 200.0)), "0..255"),
        (lambda: small().colorize(np.full((4, 4, 3), -30.0)), "Lab"),
        (lambda: small().colorize(np.full((4, 4, 3), np.nan)), "NaN"),
        (lambda: small().colorize(np.zeros((4, 4, 3), "int64")), "int64"),
        (lambda: small()(np.zeros((1, 4, 4, 3), "int32")), "int32"),
        (lambda: small()(np.zeros((4, 4, 3), "uint8")), "each photo batch of shape"),
        (lambda: small().predict(np.full((1, 4, 4, 3), 99.0)), "0..255"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), guide="x"), "needs `guide`"),
        (lambda: small().compile(metrics=["sharpness"]), "sharpness"),
        (lambda: small().compile(metrics=["lpips"]), "missing.*'lpips'.*weights"),
        (lambda: small().compile(metrics=["bin_accuracy"]), "'grid'"),
        (lambda: small().compile(loss_weights=[5.0]), "one loss.*loss_weights"),
        (lambda: small().compile(loss="bin_cross_entropy"), "for the target Bins. Received a target Lab"),
        (lambda: small().compile(loss="adversarial"), "for a discriminator"),
        (lambda: small("bins").compile(loss="mse"), "loss for distributions"),
        (
            lambda: small(targets.get("bins", grid=4, decoding="mean")).compile(loss=Perceptual(None, ("block1_conv1",))),
            "annealed_mean.*'mean' has no gradient",
        ),
        (lambda: small().compile(loss="hinge loss"), "hinge loss"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


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


def test_metrics_for_evaluation_alone(blobs):
    """They take no part in a step of training, and are there when it is evaluated, also after it was saved."""
    colorizer = small("ycbcr")
    colorizer.compile("adam", metrics=["psnr"], training_metrics=False)
    history = colorizer.fit(blobs, validation_data=(blobs,), batch_size=4, epochs=2, verbose=0).history
    assert set(history) == {"loss", "val_loss", "val_psnr"}
    assert history["val_psnr"][0] > 1
    assert set(colorizer.train_on_batch(blobs, return_dict=True)) == {"loss"}
    assert colorizer.evaluate(blobs, verbose=0, return_dict=True)["psnr"] > 1
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(colorizer))
    again.compile_from_config(colorizer.get_compile_config())
    assert set(again.fit(blobs, verbose=0).history) == {"loss"}
