"""Export: what other programs make of it, in processes that have neither kcolor nor Keras."""

import dataclasses
import io
import re
import sys

import keras
import numpy as np
import pytest
from helpers.processes import run_python
from PIL import Image
from test_colorizer import painter, small

import kcolor
from benchmarks import inference
from kcolor import data, exporting, models, targets
from kcolor.cli import main
from kcolor.exporting.signatures import Weights, photos_spec, signatures, three_channels
from kcolor.utils.precision import computing_in

TENSORFLOW = keras.backend.backend() == "tensorflow"
needs_tensorflow = pytest.mark.skipif(not TENSORFLOW, reason="TensorFlow makes the graphs")

ALONE = "import sys\nfor name in {blocked!r}: sys.modules[name] = None\nimport numpy as np\n"  # every import of them fails
RUN = {
    "savedmodel": (
        ("kcolor", "keras"),
        "import tensorflow as tf\n"
        "model = tf.saved_model.load({path!r})\n"
        "def color(photos):\n"
        "    served = model.signatures['serving_default'](photos=tf.constant(photos))['colored'].numpy()\n"
        "    colored = model.colorize(photos).numpy() if hasattr(model, 'colorize') else served\n"  # golden ones had none
        "    apart = abs(served.astype(int) - colored).max()\n"
        "    assert apart <= (photos.shape[1] * photos.shape[2] > 2**18), apart\n"
        "    return colored\n"
        "def raw(luma): return model.signatures['network'](luma=tf.constant(luma))['raw'].numpy()\n",
    ),
    "onnx": (
        ("kcolor", "keras", "tensorflow"),
        "import onnxruntime\n"
        "model = onnxruntime.InferenceSession({path!r})\n"
        "network = onnxruntime.InferenceSession({path!r}.replace('.onnx', '-network.onnx'))\n"
        "def color(photos): return model.run(['colored'], dict(photos=photos))[0]\n"
        "def raw(luma): return network.run(['raw'], dict(luma=luma))[0]\n",
    ),
    "litert": (
        ("kcolor", "keras", "tensorflow"),
        "from ai_edge_litert.interpreter import Interpreter\n"
        "model = Interpreter({path!r})\n"
        "def color(photos): return model.get_signature_runner('serving_default')(photos=photos)['colored']\n"
        "def raw(luma): return model.get_signature_runner('network')(luma=luma)['raw']\n",
    ),
}


def tiny(name="lab", network="unet", **options):
    """A colorizer of a network with random weights, large enough for colours to show."""
    target, arguments = targets.get(name), {"unet": {"filters": (4, 8)}}.get(network, {})
    keras.utils.set_random_seed(2)
    built = models.build(network, target, **{**arguments, **options.pop("network_options", {})})
    for weight in built.weights:
        if len(weight.shape) > 1:
            weight.assign(2 * weight)
    return kcolor.Colorizer(built, target, **options)


def calm(colorizer):
    """A colorizer of bins that takes their mean: where the likeliest bin is taken, a hair decides between two colours."""
    target = dataclasses.replace(colorizer.target, decoding="annealed_mean", temperature=0.4)
    return kcolor.Colorizer(colorizer.network, target, size=colorizer.size)


def run_alone(kind, path, photos, luma, folder=None):
    """What a process that has only what it takes makes of some photos, a list of batches, and of a network's input."""
    blocked, how = RUN[kind]
    folder = folder or path.parent
    np.savez(folder / "given.npz", *photos, luma=luma)
    run_python(
        ALONE.format(blocked=blocked)
        + how.format(path=str(path))
        + f"given = np.load({str(folder / 'given.npz')!r})\n"
        + f"np.savez({str(folder / 'made.npz')!r}, *[color(given[f'arr_{{i}}']) for i in range({len(photos)})], "
        + "raw=raw(given['luma']))\n"
    )
    with np.load(folder / "made.npz") as made:
        return [made[f"arr_{i}"] for i in range(len(photos))], made["raw"]


def tf_saved(path):
    import tensorflow as tf

    return tf.saved_model.load(str(path))


def batches(samples):
    """Real photographs: a batch of two, smaller and larger ones than the working size, grey, long and narrow."""
    hats, beach, girl = (samples[name] for name in ("hats", "beach", "girl"))
    return [
        np.stack([hats, girl]),
        beach[None, :90, :77],
        np.asarray(Image.fromarray(hats).convert("L"))[None, ..., None],
        np.tile(beach, (3, 3, 1))[None, :600],
        girl[None, 40:60],
    ]


def most_levels(found, colorizer, photos):
    expected = [colorizer.colorize(batch if batch.shape[-1] == 3 else batch.repeat(3, axis=-1)) for batch in photos]
    return max(int(np.abs(one.astype(int) - other).max()) for one, other in zip(found, expected, strict=True))


@needs_tensorflow
@pytest.mark.parametrize("kind", RUN)
def test_other_programs_colour_as_the_colorizer_does(kind, samples, tmp_path):
    photos, luma = batches(samples), np.random.default_rng(0).random((1, 32, 48, 1), "float32")
    colorizer = calm(kcolor.load("shapes"))
    path = kcolor.export(colorizer, kind, tmp_path / f"made{exporting.FORMATS[kind][0]}")
    found, raw = run_alone(kind, path, photos, luma)
    assert most_levels(found, colorizer, photos) <= (0 if kind == "savedmodel" else 1)
    assert kind != "savedmodel" or hasattr(tf_saved(path), "colorize")
    assert np.abs(raw - keras.ops.convert_to_numpy(colorizer.network(luma))).max() < 1e-3
    assert all(part.dtype == np.uint8 for part in found)


@pytest.mark.slow
@needs_tensorflow
def test_the_colorizer_that_ships_is_the_same_to_the_bit(tmp_path, shared):
    """In a process without kcolor, photographs of several sizes, also such as are painted in pieces."""
    pictures = data.pictures(shared / "kodak.zip", "all")
    photos = [np.stack(list(data.each(pictures, size, limit=4))) for size in (97, 256, 512, (530, 1100))]
    colorizer = kcolor.load("photo")
    path = kcolor.export(colorizer, out=tmp_path / "photo")
    found, _ = run_alone("savedmodel", path, photos, np.zeros((1, 32, 32, 1), "float32"))
    assert most_levels(found, colorizer, photos) == 0


@needs_tensorflow
@pytest.mark.parametrize("kind", [pytest.param(kind, marks=pytest.mark.slow) if kind == "onnx" else kind for kind in RUN])
def test_half_the_size_and_the_same_pictures(kind, samples, tmp_path):
    colorizer = tiny(network_options={"filters": (32, 64)})
    paths = [
        kcolor.export(colorizer, kind, tmp_path / f"{half}{exporting.FORMATS[kind][0]}", float16=half) for half in (True, False)
    ]
    sizes = [sum(map(weigh, exporting.written(path, kind))) for path in paths]
    assert sizes[0] < 0.75 * sizes[1]
    photos = batches(samples)[1:2]
    found, _ = run_alone(kind, paths[0], photos, np.zeros((1, 8, 8, 1), "float32"))
    assert most_levels(found, colorizer, photos) <= 4  # of the wild colours of random weights


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
    assert photos_spec((90, 77), batch=1).shape.as_list() == [1, 90, 77, 3]


def weigh(path):
    """Bytes of an export's weights; a SavedModel's graph is as large either way."""
    return exporting.size_on_disk(path / "variables" if path.is_dir() else path)


def in_graph(colorizer, size=None):
    """The graph of photos, to be called here; one made for other sizes than it is called with."""
    function = signatures(computing_in(colorizer, "float32"), size)["serving_default"]
    return lambda photos: function(photos)["colored"].numpy()


QUICK = [
    lambda: tiny("bins", size=48),
    lambda: tiny(targets.get("bins", decoding="mode"), size=48),
    lambda: guided(),
    lambda: painter(output_stride=2),
    lambda: painter(output_stride=4, size=32, saturation=1.4),
]
OTHERS = [
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
    assert most_levels([graph(batch) for batch in photos], colorizer, photos) <= 1


@pytest.mark.slow
@needs_tensorflow
@pytest.mark.parametrize("made", [*QUICK, *OTHERS])
def test_every_target_and_every_builder_becomes_a_file(made, samples, tmp_path):
    colorizer, photos = made(), batches(samples)[1:3]
    for kind in ("onnx",) if colorizer.network.name == "autoencoder" else ("onnx", "litert"):
        color = inference.runtime(kind, kcolor.export(colorizer, kind, tmp_path / f"it{exporting.FORMATS[kind][0]}"))
        found = [color(batch) for batch in photos]
        assert most_levels(found, colorizer, photos) <= 2 or share_of_others(found, colorizer, photos) < 1e-3


@pytest.mark.slow
@needs_tensorflow
def test_litert_says_where_it_needs_a_size(samples, tmp_path):
    """Keras's enlargement by repetition forgets how many channels there are if it does not know the size."""
    target = targets.get("rgb", keep_lightness=False)
    colorizer = tiny(target, "autoencoder", size=64, network_options={"input_channels": 3})
    with pytest.raises(ValueError, match="LiteRT cannot run this colorizer: Conv2D; with photos of one size it may do"):
        kcolor.export(colorizer, "litert", tmp_path / "it.tflite")
    assert list(tmp_path.iterdir()) == []
    path = kcolor.export(colorizer, "litert", tmp_path / "it.tflite", size=(90, 77))
    photos = samples["beach"][None, :90, :77]
    assert most_levels([inference.runtime("litert", path)(photos)], colorizer, [photos]) <= 2


def share_of_others(found, colorizer, photos):
    """Where the likeliest bin is taken a hair decides between two colours: how often that happens."""
    expected = [colorizer.colorize(batch.repeat(3, axis=-1) if batch.shape[-1] == 1 else batch) for batch in photos]
    return max(float((np.abs(one.astype(int) - other) > 2).mean()) for one, other in zip(found, expected, strict=True))


def guided():
    """A network with a guide: the mean colour that a regressor answers."""
    guide = tiny("mean_ab", "mean_regressor", network_options={"stages": 5, "size": 32})
    return tiny("lab", "encoder_decoder", network_options={"guide": True}, guide=guide, size=64)


@needs_tensorflow
def test_files_in_and_out_as_a_server_asks(samples, tmp_path):
    """Two pictures of different sizes and kinds in one request; what comes back is JPEG."""
    import tensorflow as tf

    colorizer, files = tiny(size=48), []
    for kind, picture in (("JPEG", samples["hats"]), ("PNG", samples["beach"][:90, :77])):
        files.append(io.BytesIO())
        Image.fromarray(picture).save(files[-1], kind, quality=95)
    model = tf.saved_model.load(kcolor.export(colorizer, out=tmp_path / "served" / "1"))
    assert set(model.signatures) == {"serving_default", "network", "serving_jpeg"}
    content = tf.constant([file.getvalue() for file in files])
    answers = model.signatures["serving_jpeg"](image_bytes=content)["image_bytes"].numpy()
    for file, answer in zip(files, answers, strict=True):
        with Image.open(io.BytesIO(answer)) as picture, Image.open(file) as photo:
            assert picture.format == "JPEG"
            expected = colorizer.colorize(np.asarray(photo.convert("RGB")))
            assert picture.size == photo.size
            assert np.abs(np.asarray(picture).astype(int) - expected).mean() < 4  # JPEG's own
    assert np.array_equal(model.serve(np.asarray(samples["girl"])[None])["colored"].shape, (1, 256, 384, 3))


@needs_tensorflow
def test_photos_of_one_size(samples, tmp_path):
    import tensorflow as tf

    colorizer = tiny(size=48)
    model = tf.saved_model.load(kcolor.export(colorizer, out=tmp_path / "fixed", size=(90, 77)))
    photos = samples["beach"][None, :90, :77]
    colored = model.signatures["serving_default"](photos=tf.constant(photos))["colored"].numpy()
    assert most_levels([colored], colorizer, [photos]) <= 1


@needs_tensorflow
def test_trained_in_mixed_precision(samples, policy, tmp_path):
    policy("mixed_bfloat16")
    colorizer = tiny(size=48)
    policy("float32")
    path = kcolor.export(colorizer, "litert", tmp_path / "mixed.tflite")
    found, _ = run_alone("litert", path, batches(samples)[1:2], np.zeros((1, 8, 8, 1), "float32"))
    assert most_levels(found, computing_in(colorizer, "float32"), batches(samples)[1:2]) <= 1


@pytest.mark.parametrize("half", [False, True])
def test_keras_is_a_format_too(half, tmp_path, policy):
    policy("mixed_bfloat16")
    colorizer = small()
    policy("float32")
    path = kcolor.export(colorizer, "keras", tmp_path / "plain.keras", float16=half)
    loaded = kcolor.load(path, precision=None)
    assert {layer.compute_dtype for layer in loaded.network.layers} == {"float32"}
    for one, other in zip(loaded.get_weights(), colorizer.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-3 if half else 0)
    assert exporting.size_on_disk(path) == path.stat().st_size
    assert exporting.written(path, "keras") == [path]


def test_exporting_refuses(tmp_path, monkeypatch):
    with pytest.raises(
        ValueError, match="Unknown `format`. Expected one of .*'litert', 'onnx', 'savedmodel'.*Received: 'pickle'"
    ):
        kcolor.export(small(), "pickle")
    with pytest.raises(ValueError, match="Expected a .keras file, the folder of a run"):
        kcolor.export("nothing", "keras", tmp_path / "it.keras")
    with pytest.raises(ValueError, match=r"`size` as a number of pixels or \(height, width\). Received: \(3, 0\)"):
        kcolor.export(small(), "keras", tmp_path / "it.keras", size=(3, 0))
    (tmp_path / "it.keras").write_text("there")
    with pytest.raises(FileExistsError, match="it.keras is there already. Choose another --out, or replace it"):
        kcolor.export(small(), "keras", tmp_path / "it.keras")
    assert (tmp_path / "it.keras").read_text() == "there"
    (tmp_path / "other-network.onnx").write_text("there")
    if TENSORFLOW:
        with pytest.raises(FileExistsError, match="other-network.onnx is there already"):
            kcolor.export(small(), "onnx", tmp_path / "other.onnx")
    (tmp_path / "other-network.onnx").unlink()
    kcolor.export(small(), "keras", tmp_path / "it.keras", overwrite=True)
    assert type(kcolor.load(tmp_path / "it.keras")) is kcolor.Colorizer
    if TENSORFLOW:
        monkeypatch.setitem(sys.modules, "tf2onnx", None)
        with pytest.raises(ImportError, match=r"pip install 'kcolor\[onnx\]'"):
            kcolor.export(small(), "onnx", tmp_path / "it.onnx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it.keras"]  # no halves


@pytest.mark.skipif(TENSORFLOW, reason="other backends are refused")
def test_a_backend_that_cannot_says_which_can(tmp_path):
    with pytest.raises(ValueError, match="Expected KERAS_BACKEND=tensorflow"):
        kcolor.export(small(), "savedmodel", tmp_path / "saved")


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main.main(["export", "shapes", "--format", "keras", "--float16"]) == 0
    assert re.fullmatch(r"shapes.keras  0\.\d MB\n", capsys.readouterr().out)
    assert main.main(["export", "shapes", "--format", "keras"]) == 1
    assert "--overwrite" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main.main(["export", "shapes", "--size", "3x"])
    assert "expected any, 512, or 480x640 (height × width); received '3x'" in capsys.readouterr().err
