"""Files of colorizers: what is malicious, damaged or absurdly large is not loaded."""

import io
import json
import zipfile

import h5py
import keras
import numpy as np
import pytest
from helpers.colorizers import small

import kcolor
from kcolor import targets
from kcolor.colorizer import colorizer as saved_colorizer
from kcolor.saving import safe_loading


def test_a_newer_format_says_what_to_do(tmp_path):
    path = changed(tmp_path, lambda config: config["config"].update(format=saved_colorizer.FORMAT + 1))
    with pytest.raises(ValueError, match=r"saved by a newer kcolor, in format 3; this one reads .* up to 2. Install a newer"):
        kcolor.load(path)


def test_colouring_needs_no_loss(tmp_path, blobs):
    """It may lie in a file that is on another machine, or be a class of somebody's own."""

    class Own(kcolor.losses.RGBLoss):
        def call(self, y_true, y_pred):
            return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=(1, 2, 3))

    colorizer = small()
    colorizer.compile(loss=Own())
    colorizer.save(tmp_path / "own.keras")
    assert not kcolor.load(tmp_path / "own.keras").compiled


@pytest.mark.parametrize(
    "precision", ["mixed_bfloat16", *(pytest.param(one, marks=pytest.mark.slow) for one in ("float32", None))]
)
def test_a_colorizer_computes_in_the_precision_that_is_asked_for(precision, tmp_path, policy, blobs):
    policy("mixed_bfloat16")
    colorizer = small()
    colorizer.save(tmp_path / "model.keras")
    policy("float32")
    loaded = safe_loading.restore(tmp_path / "model.keras", precision)
    computing = {layer.compute_dtype for layer in loaded.network.layers if "conv" in layer.name}
    assert computing == {"float32" if precision == "float32" else "bfloat16"}
    assert all(np.array_equal(a, b) for a, b in zip(colorizer.get_weights(), loaded.get_weights(), strict=True))
    assert np.abs(loaded.colorize(blobs).astype(int) - colorizer.colorize(blobs)).mean() < 2


# Malicious and damaged files


def changed(folder, change=lambda config: None, members=(), weights=None):
    """A colorizer's file with another config, more members, other weights."""
    small().save(folder / "before.keras")
    with zipfile.ZipFile(folder / "before.keras") as before, zipfile.ZipFile(folder / "changed.keras", "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "config.json":
                config = json.loads(content)
                change(config)
                content = json.dumps(config)
            after.writestr(name, weights if weights and name.endswith(".h5") else content)
        for name in members:
            after.writestr(name, "what it should not have")
    return folder / "changed.keras"


def layer(config, kind):
    """The first layer of a kind in a colorizer's config."""
    layers = config["config"]["network"]["config"]["layers"]
    return next(found for found in layers if found["class_name"] == kind)


def with_lambda(folder):
    """A network that writes a file when it is loaded and called, if that is let happen."""
    place = str(folder / "executed")
    evil = keras.layers.Lambda(
        lambda x, place: [open(place, "w").close(), x][1], output_shape=(8, 8, 1), arguments={"place": place}
    )
    luma = keras.Input((8, 8, 1))
    head = keras.layers.Conv2D(2, 1, activation="tanh")
    kcolor.Colorizer(keras.Model(luma, head(evil(luma))), targets.get("lab"), stride=1).save(folder / "evil.keras")
    return folder / "evil.keras"


def renamed(**fields):
    return lambda config: layer(config, "Conv2D").update(fields)


def h5(write):
    file = io.BytesIO()
    with h5py.File(file, "w") as weights:
        write(weights)
    return file.getvalue()


def test_a_lambda_layer_is_not_executed(tmp_path):
    path = with_lambda(tmp_path)
    with pytest.raises(ValueError, match="not loaded: it has a (Lambda|__lambda__)"):
        kcolor.load(path)
    assert not (tmp_path / "executed").exists()
    keras.saving.load_model(path, safe_mode=False, compile=False).colorize(np.zeros((8, 8, 3), "uint8"))
    assert (tmp_path / "executed").exists()  # it is malicious


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("subprocess", "Popen"), ("kcolor.utils.files", "make_folder"), ("numpy", "load")],
)
def test_what_is_no_part_of_keras_or_kcolor_is_not_looked_for(module, name, tmp_path):
    path = changed(tmp_path, renamed(module=module, class_name=name, registered_name=None))
    with pytest.raises(ValueError, match=f"not loaded: it has a {name} of {module}. Expected parts of Keras and kcolor"):
        kcolor.load(path)


def test_a_lambda_in_place_of_an_activation_is_refused(tmp_path):
    evil = {"class_name": "__lambda__", "config": {"value": ["4wAA", None, None]}}
    path = changed(tmp_path, lambda config: layer(config, "Conv2D")["config"].update(activation=evil))
    with pytest.raises(ValueError, match="not loaded: it has a __lambda__"):
        kcolor.load(path)


def test_functions_of_python_are_not_called(tmp_path):
    evil = {"module": "builtins", "class_name": "function", "config": "exec", "registered_name": "function"}
    path = changed(tmp_path, lambda config: layer(config, "Conv2D")["config"].update(activation=evil))
    with pytest.raises(ValueError, match="not loaded|Could not"):
        kcolor.load(path)


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "assets/../../outside.txt", "more.py"])
def test_other_members_are_refused(name, tmp_path):
    with pytest.raises(ValueError, match="changed.keras to hold"):
        kcolor.load(changed(tmp_path, members=[name]))
    assert not (tmp_path.parent / "outside.txt").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda config: layer(config, "Conv2D")["config"].update(filters=10**9),
        lambda config: layer(config, "Conv2D")["config"].update(kernel_size=[10**5, 10**5]),
        lambda config: layer(config, "Conv2D").update(build_config={"input_shape": [None, None, None, 10**12]}),
    ],
)
def test_absurd_sizes_are_refused_before_memory_is_taken(change, tmp_path):
    with pytest.raises(ValueError, match=r"its layers ask for [\d,]+ weights at least, and it holds"):
        kcolor.load(changed(tmp_path, change))


def test_pictures_of_an_absurd_size_are_refused(tmp_path):
    path = changed(tmp_path, lambda config: layer(config, "InputLayer")["config"].update(batch_shape=[None, 10**6, 10**6, 1]))
    with pytest.raises(ValueError, match="it asks for pictures of"):
        kcolor.load(path)


@pytest.mark.parametrize("option", [{"grid": 10**6}, {"step": 1e-6}, {"count": 10**12}])
def test_grids_of_an_absurd_size_are_refused(option):
    with pytest.raises(ValueError, match="Received"):
        targets.get("bins", **option)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda file: file.create_dataset("kernel", (10**12,), "float32"), "are not in it"),
        (lambda file: file.__setitem__("kernel", h5py.ExternalLink("elsewhere.h5", "/")), "lie in another file"),
        (lambda file: file.__setitem__("kernel", h5py.SoftLink("/other")), "lie in another file"),
    ],
)
def test_weights_that_are_elsewhere_are_refused(write, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        kcolor.load(changed(tmp_path, weights=h5(write)))


def test_bombs_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("config.json", "{}")
        bomb.writestr("model.weights.h5", bytes(10**7))
    with pytest.raises(ValueError, match="unpacked it would be far larger"):
        kcolor.load(tmp_path / "bomb.keras")


@pytest.mark.parametrize("damage", [lambda whole: b"a text", lambda whole: b"", lambda whole: whole[: len(whole) // 2]])
def test_damaged_files_are_refused(damage, tmp_path):
    small().save(tmp_path / "whole.keras")
    (tmp_path / "damaged.keras").write_bytes(damage((tmp_path / "whole.keras").read_bytes()))
    with pytest.raises(ValueError, match="damaged.keras as a whole .keras file, as Colorizer.save writes it"):
        kcolor.load(tmp_path / "damaged.keras")


@pytest.mark.parametrize(
    "content", ["[]", "3", '"x"', '{"class_name": "Dense", "module": "keras.layers", "config": {"units": 2}}']
)
def test_what_is_no_model_is_refused(content, tmp_path):
    with zipfile.ZipFile(changed(tmp_path)) as before, zipfile.ZipFile(tmp_path / "odd.keras", "w") as after:
        for name in before.namelist():
            after.writestr(name, content if name == "config.json" else before.read(name))
    with pytest.raises(ValueError, match=r"odd.keras is not loaded: it holds a \w+. Expected a Keras model"):
        safe_loading.restore(tmp_path / "odd.keras")
