"""What an evaluation computes of a batch."""

import numpy as np
import pytest
from keras import ops

from kcolor import Colorizer, models, targets
from kcolor.colorizer.forward import Forward
from kcolor.evaluation import scorer as scoring_module
from kcolor.evaluation.measure import measure
from kcolor.evaluation.scorer import Scorer, oracle
from kcolor.targets.bins import OTHER_DECODINGS

COLORIZERS = {
    "lab": lambda: small_colorizer(),
    "working size": lambda: small_colorizer(size=12),
    "larger working size": lambda: small_colorizer(size=24),
    "pooled": lambda: Colorizer(models.build("mean_regressor", "mean_ab", size=128), targets.get("mean_ab"), stride=128),
    "bins": lambda: small_colorizer("bins", {"grid": 6}, size=14),
}


def small_colorizer(target="lab", options=None, **kwargs):
    target = targets.get(target, **(options or {}))
    return Colorizer(models.build("unet", target, filters=(4, 8)), target, **kwargs)


def numpy(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.fixture(scope="module")
def photos_of_one_size():
    patches = np.random.default_rng(1).integers(0, 256, (3, 7, 5, 3), dtype="uint8")
    return patches.repeat(4, axis=1).repeat(4, axis=2)  # 28×20: neither side a multiple of the networks' strides


@pytest.mark.parametrize("name", COLORIZERS)
def test_the_model_is_what_colorize_gives(name, photos_of_one_size):
    colorizer = COLORIZERS[name]()
    _, pictures = Scorer(colorizer, ["psnr"])(photos_of_one_size)
    apart = np.abs(np.subtract(pictures["model"], colorizer.colorize(photos_of_one_size), dtype=int))
    assert apart.max() <= 1  # in one of two hundred numbers: its curve is a table
    assert np.mean(apart) < 0.005


def measured_bins(photos, **options):
    return targets.get("bins", grid=6, **options).measure(photos)


@pytest.mark.slow
def test_other_decodings_are_what_colorize_gives_with_them(photos_of_one_size):
    target = measured_bins(photos_of_one_size, decoding="mean")
    network = models.build("unet", target, filters=(4, 8))
    scores, pictures = Scorer(Colorizer(network, target, size=14), ["psnr", "bin_accuracy"])(photos_of_one_size)
    ways = {"T=0 (mode)": ("mode", None), "T=0.8": ("temperature", 0.8), "T=1 (mean)": ("mean", None)}
    for way, (decoding, temperature) in {**ways, "annealed 0.38": ("annealed_mean", 0.38)}.items():
        other = targets.get("bins", grid=6, decoding=decoding, temperature=temperature, measured=target.measured)
        expected = Colorizer(network, other, size=14).colorize(photos_of_one_size).astype(int)
        assert np.abs(pictures[way] - expected).max() <= 1  # graphs round apart
        assert "bin_accuracy" not in scores[way]  # the decoding changes no bin
    assert {way: bytes(picture) for way, picture in pictures.items()}["T=0 (mode)"] != bytes(pictures["T=1 (mean)"])


@pytest.mark.slow
def test_the_network_runs_once_a_batch(photos_of_one_size, monkeypatch):
    calls, raw = [], Forward.raw
    monkeypatch.setattr(Forward, "raw", lambda self, *given: calls.append(given) or raw(self, *given))
    target = measured_bins(photos_of_one_size)
    colorizer = Colorizer(models.build("unet", target, filters=(4, 8)), target)
    found = measure(colorizer, photos_of_one_size, metrics=["psnr"], batch_size=2)
    assert len(calls) == 2
    assert set(found.metrics["psnr"]) == {"grey", "model", "oracle", *OTHER_DECODINGS}


def test_the_oracle_is_a_picture_of_the_photos_size(photos_of_one_size):
    colorizer, photo = small_colorizer(), photos_of_one_size.astype("float32") / 255
    np.testing.assert_allclose(numpy(oracle(colorizer.target, photo)), photo, atol=1e-4)


@pytest.mark.slow
def test_the_oracle_of_soft_bins_is_the_same_in_strips(photos_of_one_size, monkeypatch):
    target, photo = measured_bins(photos_of_one_size, soft=True), photos_of_one_size.astype("float32") / 255
    whole = numpy(target.decode(target.encode(photo), photo))
    monkeypatch.setattr(scoring_module, "_STRIP", 500)
    np.testing.assert_allclose(numpy(oracle(target, photo)), whole, atol=1e-6)


@pytest.mark.slow
def test_compiled_or_not_the_figures_are_the_same(photos_of_one_size, monkeypatch):
    colorizer = small_colorizer("bins", {"grid": 6})
    names = ["psnr", "ab_distance", "colorfulness", "bin_accuracy"]
    eager, seen = Scorer(colorizer, names, temperatures=False)(photos_of_one_size)
    monkeypatch.setattr(scoring_module, "_EAGER", 0)
    scorer = Scorer(colorizer, names, temperatures=False)
    compiled, pictures = scorer(photos_of_one_size)
    assert len(scorer._compiled) == 1
    for way, figures in eager.items():
        for name, values in figures.items():
            np.testing.assert_allclose(compiled[way][name], values, rtol=1e-3)
    assert np.abs(pictures["model"].astype(int) - seen["model"]).max() <= 1


@pytest.mark.slow
def test_compiling_pays_only_for_many_pixels_of_a_size(photos_of_one_size, monkeypatch):
    monkeypatch.setattr(scoring_module, "_EAGER", photos_of_one_size[..., 0].size + 1)
    scorer = Scorer(small_colorizer(size=24), ["psnr"])
    compiled = [bool(scorer(photos_of_one_size)) and len(scorer._compiled) for _ in range(3)]
    assert compiled == [0, 0, 1]
