"""Loading: golden files of every format, colorizers by name, file or folder; saved ones come back as they were."""

import json
import pathlib
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
from helpers.colorizers import numpy, small
from helpers.processes import run_python
from keras import layers, ops
from PIL import Image

import kcolor
from kcolor import models, targets
from kcolor.colorizer import colorizer as saved_colorizer
from kcolor.losses.perceptual import Perceptual
from kcolor.saving.load import as_colorizer

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("format-*.keras")), ids=lambda path: path.stem)
def test_every_format_loads_forever(path):
    colorizer = kcolor.load(path)
    own = path.with_suffix(".png")
    photo, colored = (
        np.asarray(Image.open(name)) for name in (GOLDEN / "photo.png", own if own.exists() else GOLDEN / "colored.png")
    )
    assert np.ptp(colored.astype(int), axis=-1).mean() > 10  # it has colours
    assert np.abs(colorizer.colorize(photo).astype(int) - colored).max() <= 2


@pytest.mark.slow
def test_keras_alone_loads_it_after_an_import_of_kcolor_and_says_so_without():
    load = f"import keras; keras.saving.load_model({str(GOLDEN / 'format-1.keras')!r})"
    run_python(f"import kcolor; {load}")
    without = subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, timeout=120)
    assert without.returncode == 1
    assert "make sure they are all imported" in without.stderr
    assert "'module': 'kcolor.colorizer'" in without.stderr


def test_there_is_a_golden_file_of_the_present_format():
    assert (GOLDEN / f"format-{saved_colorizer.FORMAT}.keras").is_file()


@pytest.mark.slow
def test_what_is_a_colorizer_already_stays_the_same(tmp_path):
    made = small(size=16)
    made.save(tmp_path / "made.keras")
    assert as_colorizer(made) is made
    assert as_colorizer(tmp_path / "made.keras").size == as_colorizer(str(tmp_path / "made.keras")).size == 16
    for other in (made.network, None):
        with pytest.raises(ValueError, match=r"Expected a kcolor.Colorizer, or the name or file .* kcolor.Colorizer\(network"):
            as_colorizer(other)


def test_a_file_of_another_model_says_what_it_has(tmp_path):
    made = small()
    made.network.save(tmp_path / "network.keras")
    with pytest.raises(ValueError, match=r"Expected a file with a kcolor.Colorizer. .*network.keras has a Functional"):
        kcolor.load(tmp_path / "network.keras")


@pytest.mark.slow
@pytest.mark.graphs
def test_a_second_process_gives_the_same_picture(blobs, tmp_path):
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


def test_everything_comes_back(blobs, tmp_path):
    colorizer = small(size=16, augment=kcolor.augment.Geometry(rotation=5), age=kcolor.augment.Age(noise=0.1))
    colorizer.save(tmp_path / "x.keras")
    again = kcolor.load(tmp_path / "x.keras")
    assert (again.size, again.stride, again.target) == (16, 2, colorizer.target)
    assert again.augment.get_config()["rotation"] == 5
    assert again.age.get_config()["noise"] == 0.1
    assert not again.compiled


def test_keras_itself_loads_it_compiled_and_goes_on(blobs, tmp_path):
    colorizer = small()
    colorizer.compile(keras.optimizers.Adam(0.01), loss="mae", metrics=["psnr"])
    colorizer.fit(blobs, epochs=2, verbose=0)
    colorizer.save(tmp_path / "x.keras")
    again = keras.saving.load_model(tmp_path / "x.keras")
    assert int(again.optimizer.iterations) == int(colorizer.optimizer.iterations) > 0
    one, other = (c.evaluate(blobs, verbose=0, return_dict=True) for c in (colorizer, again))
    assert one == pytest.approx(other, rel=1e-5)
    again.fit(blobs, epochs=1, verbose=0)


@pytest.mark.slow
def test_a_loss_around_a_given_model_does_not_stop_a_run_from_being_saved(blobs, tmp_path):
    given, _ = kcolor.backbones.build("vgg16", None)
    colorizer = small()
    colorizer.compile(loss=Perceptual(given, ("block1_conv2",)))
    assert given.trainable_weights
    with pytest.warns(UserWarning, match="Saved without loss and optimizer"):
        colorizer.save(tmp_path / "x.keras")
    assert np.array_equal(kcolor.load(tmp_path / "x.keras").colorize(blobs), colorizer.colorize(blobs))


def test_augmentation_goes_on_where_it_was(blobs, tmp_path):
    colorizer = small(augment=kcolor.augment.Geometry(seed=3))
    rgb = ops.convert_to_tensor(blobs / np.float32(255))
    colorizer.augment(rgb, training=True)
    colorizer.save(tmp_path / "x.keras")
    again = kcolor.load(tmp_path / "x.keras")
    assert np.array_equal(numpy(again.augment(rgb, training=True)), numpy(colorizer.augment(rgb, training=True)))


@pytest.mark.slow
def test_half_precision_comes_back_too(blobs, tmp_path, policy):
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


def test_no_code_in_a_file_is_executed(tmp_path):
    luma = keras.Input((None, None, 1))
    raw = layers.Conv2D(2, 1, activation="tanh")(layers.Lambda(lambda x: x * 2)(luma))
    kcolor.Colorizer(keras.Model(luma, raw), targets.get("lab")).save(tmp_path / "x.keras")
    with pytest.raises(Exception, match="(?i)lambda"):
        kcolor.load(tmp_path / "x.keras")


def test_is_plain_json_and_numbers(blobs, tmp_path):
    target = targets.get("bins", grid=6).measure(blobs)
    kcolor.Colorizer(models.build("unet", target, filters=(4,)), target).save(tmp_path / "x.keras")
    with zipfile.ZipFile(tmp_path / "x.keras") as archive:
        config = json.loads(archive.read("config.json"))["config"]
        assert sorted(archive.namelist()) == ["config.json", "metadata.json", "model.weights.h5"]
    assert sum(config["target"]["config"]["measured"]["config"]["counts"]) == blobs.size // 3


def test_refuses_files_without_a_colorizer(tmp_path):
    models.build("unet", "lab", filters=(4,)).save(tmp_path / "network.keras")
    with pytest.raises(ValueError, match=r"Expected a file with a kcolor.Colorizer.*Functional"):
        kcolor.load(tmp_path / "network.keras")
    with pytest.raises(ValueError, match="nowhere.keras"):
        kcolor.load(tmp_path / "nowhere.keras")
