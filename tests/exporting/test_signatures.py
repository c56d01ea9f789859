"""Graphs of photos: every target and every builder has one, and it colours as the colorizer does."""

import keras
import numpy as np
import pytest
from helpers.backbones import Pyramid
from helpers.colorizers import painter, tiny
from helpers.exports import batches, most_levels, needs_tensorflow, share_of_others

import kcolor
from benchmarks import inference
from kcolor import targets
from kcolor.exporting.formats import SUFFIXES
from kcolor.exporting.signatures import Weights, photos_spec, signatures, three_channels
from kcolor.utils.precision import computing_in


@needs_tensorflow
def test_weights_in_half_precision_are_computed_with_in_float32():
    colorizer = tiny()
    kernels = [weight for weight in colorizer.network.weights if len(weight.shape) > 1]
    weights = Weights(colorizer, half=True)
    assert len(weights.variables) == len(colorizer.network.weights)
    assert sum(variable.dtype == "float16" for variable in weights.variables) == len(kernels) > 0
    with weights.in_use():
        found = keras.ops.convert_to_numpy(kernels[0])
    assert found.dtype == np.float32
    assert 0 < np.abs(found - keras.ops.convert_to_numpy(kernels[0])).max() < 1e-3


@needs_tensorflow
def test_photos_may_be_grey_or_in_colour():
    photos = np.arange(12, dtype="uint8").reshape(1, 2, 2, 3)
    assert np.array_equal(three_channels(photos), photos)
    assert np.array_equal(three_channels(photos[..., :1]), photos[..., :1].repeat(3, axis=-1))
    assert photos_spec().shape.as_list() == [None] * 4
    import tensorflow as tf

    unknown = tf.function(three_channels, input_signature=[photos_spec()])
    transparent = np.concatenate([photos, photos[..., :1]], axis=-1)
    for given, found in ((photos, photos), (transparent, photos)):
        assert np.array_equal(unknown(given), found)
    for channels in (1, 2):  # grey, and grey with transparency
        assert np.array_equal(unknown(photos[..., :channels]), photos[..., :1].repeat(3, axis=-1))
    assert photos_spec((90, 77), batch=1).shape.as_list() == [1, 90, 77, 3]


def in_graph(colorizer, size=None):
    """The graph of photos, to be called here; one made for other sizes than it is called with."""
    function = signatures(computing_in(colorizer, "float32"), size)["serving_default"]
    return lambda photos: function(photos)["colored"].numpy()


# Bins that take their mean are exported in test_export.py.
QUICK = [lambda: painter(output_stride=4, size=32, saturation=1.4)]
OTHERS = [
    lambda: tiny(targets.get("bins", decoding="mode"), size=48),
    lambda: guided(),
    lambda: tiny("bins", size=48),
    lambda: painter(output_stride=2),
    *(lambda name=name: tiny(name, size=48) for name in sorted(set(targets.TARGETS) - {"mean_ab", "bins"})),
    lambda: tiny("mean_ab", "mean_regressor", network_options={"stages": 5, "size": 32}),
    lambda: tiny("lab", "complexity_unet", network_options={"complexity": 4}, size=64),
    lambda: tiny("lab", "encoder_decoder", size=64),
    lambda: tiny("lab", "pix2pix_unet", network_options={"filters": (4, 4, 4)}, size=64),
    lambda: tiny(targets.get("rgb", keep_lightness=False), "autoencoder", size=64, network_options={"input_channels": 3}),
    lambda: tiny("bins", "pretrained_unet", network_options={"weights": "random", "output_stride": 2}, size=64),
]


@needs_tensorflow
@pytest.mark.parametrize("made", [*QUICK, *(pytest.param(made, marks=pytest.mark.slow) for made in OTHERS)])
def test_every_target_and_every_builder_has_a_graph(made, samples):
    colorizer, photos = made(), batches(samples)
    graph = in_graph(colorizer)
    assert (
        most_levels([graph(batch) for batch in photos], colorizer, photos) <= 2
    )  # a level by the graph, one by painting with tables


def guided():
    """A network with a guide: the mean colour that a regressor answers."""
    guide = tiny("mean_ab", "mean_regressor", network_options={"stages": 5, "size": 32})
    return tiny("lab", "encoder_decoder", network_options={"guide": True}, guide=guide, size=64)


def whole_view():
    """A network on an encoder of one's own in which all of a picture has a say in each place."""
    options = {"backbone": Pyramid(), "preprocessing": "0..1", "filters": (8,), "context": True, "attention": 2}
    colorizer = tiny("lab", "pretrained_unet", network_options={**options, "output_stride": 2}, size=64)
    random = np.random.default_rng(0)
    for weight in colorizer.network.weights:  # what begins at 0 says something
        if any(part in weight.path for part in ("scale/", "shift/", "projection/")):
            weight.assign(random.normal(0, 0.3, weight.shape))
    return colorizer


@pytest.mark.slow
@needs_tensorflow
@pytest.mark.parametrize("made", [*QUICK, *OTHERS, whole_view])
def test_every_target_and_every_builder_becomes_a_file(made, samples, tmp_path):
    colorizer, photos = made(), batches(samples)[1:3]
    for kind in ("onnx",) if colorizer.network.name == "autoencoder" else ("onnx", "litert"):
        color = inference.runtime(kind, kcolor.export(colorizer, kind, tmp_path / f"it{SUFFIXES[kind]}"))
        found = [color(batch) for batch in photos]
        assert most_levels(found, colorizer, photos) <= 2 or share_of_others(found, colorizer, photos) < 1e-3


@pytest.mark.slow
@needs_tensorflow
def test_a_network_that_uses_hints_is_exported_without_its_branch():
    options = {"backbone": "squeezenet", "weights": "random", "filters": (8,), "output_stride": 4}
    colorizer = kcolor.Colorizer("pretrained_unet", "bins", hints=True, size=32, **options)
    found = signatures(colorizer)["network"]
    assert [spec.name for spec in found.input_signature] == ["luma"]
    plain = kcolor.Colorizer("pretrained_unet", "bins", size=32, **options)
    assert len(Weights(colorizer).variables) == len(Weights(plain).variables)
    photo = np.random.default_rng(0).integers(0, 256, (1, 40, 50, 3), dtype="uint8")
    assert share_of_others([in_graph(colorizer)(photo)], colorizer, [photo]) < 0.01
