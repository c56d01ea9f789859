"""The colorizer: pictures in and out, training, saving."""

import json
import zipfile

import keras
import numpy as np
import pytest
from conftest import run_python
from keras import layers, ops

import kcolor
from kcolor import color, models, targets
from kcolor.perceptual import Perceptual, RGBLoss


def numpy(x):
    return ops.convert_to_numpy(x)


def small(target="lab", **options):
    """An untrained colorizer of stride 2."""
    target = targets.get(target)
    return kcolor.Colorizer(models.build("unet", target, filters=(4, 8)), target, **options)


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
        gray = kcolor.photos.to_uint8(colorizer.target.gray(photo / np.float32(255)))
        assert np.abs(colorizer.colorize(photo).astype(int) - colorizer.colorize(gray)).max() <= 3

    def test_call_is_colorize_without_rounding(self, blobs):
        colorizer = small()
        result = numpy(colorizer(blobs))
        assert result.dtype == np.float32
        assert np.array_equal(kcolor.photos.to_uint8(result), colorizer.colorize(blobs))
        assert np.array_equal(kcolor.photos.to_uint8(colorizer.predict(blobs, verbose=0)), colorizer.colorize(blobs))

    def test_padding_changes_nothing_but_the_margin(self, rng):
        """A photo whose size the strides allow, and the same with one more row: both alike, away from that row."""
        colorizer = small()
        photo = rng.uniform(size=(1, 33, 32, 3)).astype("float32")
        odd, even = numpy(colorizer(photo)), numpy(colorizer(photo[:, :32]))
        assert odd.shape == photo.shape
        assert odd[:, :16] == pytest.approx(even[:, :16], abs=1e-5)

    def test_colour_lies_where_it_belongs(self):
        """A network that paints what is bright: its colour ends up on the bright half, at any size and working size."""
        luma = keras.Input((None, None, 1))
        raw = layers.Conv2D(2, 1, kernel_initializer=keras.initializers.Constant(0.5), use_bias=False)(luma)
        for size, height, width in [(None, 37, 50), (8, 37, 50), (64, 37, 50), (16, 200, 20)]:
            colorizer = kcolor.Colorizer(keras.Model(luma, raw), targets.get("lab", activation="linear"), size=size)
            photo = np.zeros((height, width, 3), "uint8")
            photo[height // 2 :] = 200
            ab = numpy(color.rgb_to_lab(colorizer.colorize(photo) / np.float32(255)))[..., 1]
            assert ab[height * 3 // 4 :].min() > 10
            assert np.abs(ab[: height // 4]).max() < 1

    def test_fixed_size_networks_see_the_whole_photo(self, rng):
        network = models.build("unet", "lab", filters=(4, 8), size=(16, 16))
        colorizer = kcolor.Colorizer(network, targets.get("lab"))
        photo = rng.integers(0, 256, (40, 100, 3), dtype="uint8")
        assert colorizer.colorize(photo).shape == photo.shape
        assert np.abs(lightness(colorizer.colorize(photo)) - lightness(photo)).max() < 0.6

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
        assert colorizer._working_size(100, 200) == (32, 64)
        assert colorizer._working_size(100, 100000) == (1, 128)

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

    def test_guided_by_another_colorizer_that_stays_as_it_is(self, blobs, tmp_path):
        mean = targets.get("mean_ab")
        guide = kcolor.Colorizer(models.build("mean_regressor", mean, stages=3), mean)
        network = models.build("encoder_decoder", "lab", down=(4, 4), guide=True)
        colorizer = kcolor.Colorizer(network, targets.get("lab"), guide=guide)
        before = [numpy(w) for w in guide.weights]
        colorizer.compile()
        colorizer.fit(blobs, epochs=2, verbose=0)
        assert all(np.array_equal(a, numpy(b)) for a, b in zip(before, guide.weights, strict=True))
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

    def test_half_precision_comes_back_too(self, blobs, tmp_path, policy):
        policy("mixed_float16")
        colorizer = small()
        colorizer.save(tmp_path / "x.keras")
        policy("float32")
        assert np.array_equal(kcolor.load(tmp_path / "x.keras").colorize(blobs), colorizer.colorize(blobs))

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


def unet(target="lab", **options):
    return models.build("unet", target, filters=(4,), **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kcolor.Colorizer(unet(), "lab"), "Expected `target` as a kcolor.targets.ColorTarget"),
        (lambda: kcolor.Colorizer("unet", targets.get("lab")), "Expected `network` as a built Keras model"),
        (
            lambda: kcolor.Colorizer(unet(), targets.get("rgb")),
            r"do not match: RGB needs answers of shape \(batch, height, width, 3\). Received: \(None, None, None, 2\)",
        ),
        (lambda: kcolor.Colorizer(unet(), targets.get("mean_ab")), r"shape \(batch, 2\)"),
        (lambda: kcolor.Colorizer(unet(targets.get("lab", unit=True)), targets.get("lab")), "'sigmoid' does not fit"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), size=0), "`size` as a number of pixels"),
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
        (lambda: small().compile(metrics=["sharpness"]), "sharpness"),
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


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data is TensorFlow's")
def test_fit_refuses_data_sets_of_other_shapes():
    import tensorflow as tf

    colorizer = small()
    colorizer.compile()
    with pytest.raises(ValueError, match=r"photo batch of shape \(batch, height, width, 3\)"):
        colorizer.fit(tf.data.Dataset.from_tensors(np.zeros((2, 4, 4, 1), "uint8")), verbose=0)
