"""The colorizer as a whole: photos in, pictures out."""

import keras
import numpy as np
import pytest
from helpers.colorizers import lightness, numpy, painter, small, unet
from keras import layers

import kcolor
from kcolor import color, models, targets
from kcolor.images import arrays
from kcolor.losses.perceptual import Perceptual


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (17, 31), (64, 48), (5, 300)])
@pytest.mark.parametrize("working", [None, 16])
def test_keeps_size_and_lightness(size, working, rng):
    photo = rng.integers(0, 256, (*size, 3), dtype="uint8")
    result = small(size=working).colorize(photo)
    assert result.shape == photo.shape
    assert result.dtype == np.uint8
    assert np.abs(lightness(result) - lightness(photo)).max() < 0.6  # of 100: rounding to 8 bits


@pytest.mark.slow
def test_gives_back_what_came_in(rng):
    colorizer = small()
    batch = rng.integers(0, 256, (3, 6, 8, 3), dtype="uint8")
    gray = batch[0, ..., 0]
    assert colorizer.colorize(batch, batch_size=2).shape == batch.shape
    assert colorizer.colorize(gray).shape == (6, 8, 3)
    assert colorizer.colorize(gray[..., None]).shape == (6, 8, 3)
    several = colorizer.colorize([batch[0], gray[:4], batch[1, :, :5]])
    assert [picture.shape for picture in several] == [(6, 8, 3), (4, 8, 3), (6, 5, 3)]


def test_one_many_floats_and_batches_agree(rng):
    colorizer = small()
    batch = rng.integers(0, 256, (3, 6, 8, 3), dtype="uint8")
    together = colorizer.colorize(batch)
    for i, photo in enumerate(batch):
        assert np.abs(colorizer.colorize(photo).astype(int) - together[i]).max() <= 1
    assert np.abs(colorizer.colorize(batch / np.float32(255)).astype(int) - together).max() <= 1


def test_a_photo_and_its_grey_copy_come_out_alike(samples):
    colorizer = small()
    photo = samples["hats"][:64, :64]
    gray = arrays.to_uint8(colorizer.target.gray(photo / np.float32(255)))
    assert np.abs(colorizer.colorize(photo).astype(int) - colorizer.colorize(gray)).max() <= 3


@pytest.mark.graphs
def test_call_is_colorize_without_rounding(blobs):
    colorizer = small()
    result = numpy(colorizer(blobs))
    assert result.dtype == np.float32
    colored = colorizer.colorize(blobs).astype(int)
    for found in (result, colorizer.predict(blobs, verbose=0)):
        assert np.abs(arrays.to_uint8(found) - colored).max() <= 1  # a graph rounds on its own


@pytest.mark.parametrize("output_stride", [1, 2])
@pytest.mark.parametrize(("working", "height", "width"), [(None, 37, 51), (8, 37, 50), (64, 37, 50), (16, 200, 20)])
def test_colour_lies_where_it_belongs(output_stride, working, height, width):
    """A network that paints what is bright: its colour ends up on the bright quarter, at any size and working size."""
    colorizer = painter(output_stride, size=working)
    photo = np.zeros((height, width, 3), "uint8")
    photo[height // 2 :, : width // 2] = 200
    ab = numpy(color.rgb_to_lab(colorizer.colorize(photo) / np.float32(255)))[..., 1]
    assert ab[height * 3 // 4 :, : width // 4].min() > 10
    assert np.abs(ab[: height // 4]).max() < 1
    assert np.abs(ab[:, width * 3 // 4 :]).max() < 1


@pytest.mark.slow
def test_networks_of_other_people(rng):
    luma = keras.Input((None, None, 1))
    x = layers.Conv2D(4, 3, strides=4, padding="same", activation="relu")(luma)
    half = layers.Conv2D(2, 1, activation="tanh")(layers.UpSampling2D(2)(x))  # answers at half the size
    colorizer = kcolor.Colorizer(keras.Model(luma, half), targets.get("lab"), stride=4)
    photos = rng.integers(0, 256, (2, 21, 30, 3), dtype="uint8")
    assert colorizer.colorize(photos).shape == photos.shape
    colorizer.compile()
    assert np.isfinite(colorizer.evaluate(photos, verbose=0))


@pytest.mark.slow
def test_lives_in_a_functional_model(blobs):
    colorizer = small()
    photo = keras.Input((32, 32, 3))
    model = keras.Model(photo, layers.GlobalAveragePooling2D()(colorizer(photo)))
    expected = numpy(colorizer(blobs)).mean(axis=(1, 2))
    assert numpy(model(blobs / np.float32(255))) == pytest.approx(expected, abs=1e-5)


def of_strides(output_stride):
    options = {"backbone": "squeezenet", "weights": "random", "filters": (4,), "output_stride": output_stride}
    return kcolor.Colorizer(models.build("pretrained_unet", "lab", **options), targets.get("lab"))


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes are always known elsewhere")
@pytest.mark.parametrize("output_stride", [1, 2])
def test_sizes_that_are_unknown_while_the_graph_is_made(blobs, output_stride):
    import tensorflow as tf

    colorizer = of_strides(output_stride)
    graph = tf.function(colorizer, input_signature=[tf.TensorSpec([None, None, None, 3], tf.uint8)])
    for photos in (blobs[:2, :19, :27], blobs):
        assert np.abs(arrays.to_uint8(graph(photos)).astype(int) - colorizer.colorize(photos)).max() <= 1


@pytest.mark.slow
@pytest.mark.graphs
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes are always known elsewhere")
def test_learns_from_photos_of_sizes_that_are_unknown_while_the_graph_is_made(blobs):
    import tensorflow as tf

    colorizer = of_strides(2)
    colorizer.compile(metrics=["psnr"])
    sizes = tf.data.Dataset.from_generator(
        lambda: iter([blobs[:2, :19, :27], blobs[:3]]), output_signature=tf.TensorSpec([None, None, None, 3], tf.uint8)
    )
    history = colorizer.fit(sizes.repeat(), steps_per_epoch=2, epochs=2, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert history["psnr"][0] > 5


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="sizes are always known elsewhere")
def test_a_network_of_one_size_in_a_graph_of_any(blobs):
    import tensorflow as tf

    colorizer = kcolor.Colorizer(models.build("unet", "lab", filters=(4, 8), size=16), targets.get("lab"))
    graph = tf.function(colorizer, input_signature=[tf.TensorSpec([None, None, None, 3], tf.uint8)])
    for batch in (blobs[:2], blobs[:2, :9, :12]):
        assert numpy(graph(batch)) == pytest.approx(numpy(colorizer(batch)), abs=1e-5)


def test_the_plain_one_keeps_all_but_what_is_asked_for():
    colorizer = small(size=24, stride=4, saturation=1.3, name="mine", augment=kcolor.augment.Geometry())
    plain, other = colorizer.for_inference(), colorizer.for_inference(targets.get("lab", activation="tanh"), saturation=2.0)
    assert (plain.network, plain.target, plain.augment) == (colorizer.network, colorizer.target, None)
    assert (plain.size, plain.stride, plain.saturation, plain.name) == (24, 4, 1.3, "mine")
    assert (other.size, other.saturation) == (24, 2.0)


@pytest.mark.parametrize(
    "target", ["lab", "bins", *(pytest.param(name, marks=pytest.mark.slow) for name in ("ycbcr", "rgb", "quotient"))]
)
def test_a_saturation_is_in_all_that_a_colorizer_makes(target, blobs, tmp_path):
    plain, photos = small(target), blobs[:2]
    strong = kcolor.Colorizer(plain.network, plain.target, saturation=1.3)
    asked = plain.colorize(photos, saturation=1.3).astype(int)
    assert np.abs(strong.colorize(photos) - asked).max() <= 1
    assert np.abs(strong.colorize(photos, saturation=2.0).astype(int) - plain.colorize(photos, saturation=2.6)).max() <= 1
    assert np.abs(np.asarray(strong.predict(photos, verbose=0)) * 255 - asked).max() < 1.6
    if target == "lab":
        strong.save(tmp_path / "strong.keras")
        assert kcolor.load(tmp_path / "strong.keras").saturation == 1.3


def test_a_tint_is_saved(tmp_path):
    tinted = small(tint=0.25)
    tinted.save(tmp_path / "it.keras")
    assert (kcolor.load(tmp_path / "it.keras").tint, small().tint) == (0.25, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kcolor.Colorizer(unet(), 7), "Expected `target` as a kcolor.targets.ColorTarget"),
        (lambda: kcolor.Colorizer(unet(), "lap"), "Unknown target.*'lap'"),
        (lambda: kcolor.Colorizer(7, targets.get("lab")), "Expected `network` as a functional Keras model"),
        (lambda: kcolor.Colorizer("unit", "lab"), "Unknown model.*unet.*'unit'"),
        (lambda: kcolor.Colorizer("unet", "lab", filter=(4,)), "unexpected keyword argument 'filter'"),
        (lambda: kcolor.Colorizer(unet(), "lab", filters=(4,)), r"Unknown options of a colorizer: \['filters'\]"),
        (lambda: small().export("x", format="tflite"), "Unknown `format`.*litert.*'tflite'"),
        (lambda: small().export("x", input_signature=[1]), "`input_signature`"),
        (
            lambda: kcolor.Colorizer(unet(), targets.get("rgb")),
            r"do not match: RGB needs outputs of shape \(batch, height, width, 3\). Received: \(None, None, None, 2\)",
        ),
        (lambda: kcolor.Colorizer(unet(), targets.get("mean_ab")), r"shape \(batch, 2\)"),
        (lambda: kcolor.Colorizer(unet(targets.get("lab", unit=True)), targets.get("lab")), "'sigmoid' does not fit"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), size=0), "`size` as a number of pixels"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), saturation=-1), r"`saturation` in \[0, 10\].*Received: -1"),
        (lambda: kcolor.Colorizer(unet(), targets.get("lab"), tint=2), r"`tint` in \[0, 1\].*Received: 2"),
        (
            lambda: kcolor.Colorizer(unet(), targets.get("lab"), guide=small("lab")),
            "Expected `guide` as a colorizer with a pooled target",
        ),
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
        (
            lambda: kcolor.Colorizer(unet(), targets.get("lab"), guide="x"),
            "Expected `guide` as a colorizer with a pooled target",
        ),
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


def test_by_names_it_is_the_same_as_by_objects(blobs):
    keras.utils.set_random_seed(1)
    by_name = kcolor.Colorizer("unet", "bins", filters=(4, 8), size=24)
    keras.utils.set_random_seed(1)
    by_object = kcolor.Colorizer(models.build("unet", "bins", filters=(4, 8)), targets.get("bins"), size=24)
    assert (by_name.target, by_name.size) == (by_object.target, 24)
    assert np.array_equal(by_name.colorize(blobs), by_object.colorize(blobs))


@pytest.mark.slow
def test_from_preset_is_load(blobs, tmp_path):
    colorizer = small()
    colorizer.save(tmp_path / "model.keras")
    for preset in (tmp_path, tmp_path / "model.keras"):
        assert np.array_equal(kcolor.Colorizer.from_preset(preset).colorize(blobs), colorizer.colorize(blobs))


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="graphs are made by TensorFlow")
def test_keras_own_export_keeps_the_working_size_and_eight_bits(samples, tmp_path, capsys):
    """Keras's own would write `call`: floats, and a network that sees the photo at its full size."""
    import tensorflow as tf

    colorizer, photo = small(size=32), samples["girl"][None, :80, :100]
    colorizer.export(tmp_path / "exported", verbose=True)
    assert "exported" in capsys.readouterr().out
    served = tf.saved_model.load(tmp_path / "exported").signatures["serving_default"](photos=tf.constant(photo))["colored"]
    assert np.abs(numpy(served).astype(int) - colorizer.colorize(photo)).max() <= 1
