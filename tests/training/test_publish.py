"""Colorizers that ship: packed in half precision, whole, found by name, installed with the package."""

import hashlib
import tomllib
import zipfile

import h5py
import numpy as np
import pytest
from helpers.colorizers import small

import kcolor
from kcolor.recipes import recipe
from kcolor.saving import float16, presets
from kcolor.training import publish


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    small("bins", size=16).save(folder / "model.keras")
    plan = recipe.load(
        "bins-landscapes", ['data.source="/home/somebody/pictures"', "data.size=16", "train.start=/home/somebody/runs/first"]
    )
    (folder / "recipe.toml").write_text(plan.to_toml())
    (folder / "history.csv").write_text("epoch,loss\n1,2.0\n")
    return folder


def test_a_packed_run_is_half_as_large_and_colours_alike(run, tmp_path, samples):
    model = publish.publish(run, tmp_path / "shipped")
    with zipfile.ZipFile(run / "model.keras") as before, zipfile.ZipFile(model) as after:
        assert before.namelist() == after.namelist()
        kernels = []
        with h5py.File(after.open("model.weights.h5")) as weights:
            weights.visititems(lambda _, item: kernels.append(item) if isinstance(item, h5py.Dataset) else None)
            assert {str(item.dtype) for item in kernels if item.ndim > 1} == {"float16"}
            assert {str(item.dtype) for item in kernels if item.ndim == 1} == {"float32"}
    before, after = kcolor.load(run), kcolor.load(model)
    assert {str(weight.dtype) for weight in after.weights} == {"float32"}
    pictures = [colorizer.colorize(samples["hats"][:64, :64]).astype(int) for colorizer in (before, after)]
    assert np.abs(pictures[0] - pictures[1]).mean() < 0.5


@pytest.mark.slow
def test_temperature_saturation_and_tint_are_packed_in(run, tmp_path, samples):
    plain, strong = (
        kcolor.load(publish.publish(run, tmp_path / name, **options))
        for name, options in (
            ("plain", {}),
            ("strong", {"temperature": 0.2, "saturation": 1.5, "tint": 0.5, "smooth_grain": True}),
        )
    )
    assert (strong.target.temperature, strong.saturation, strong.tint, strong.smooth_grain) == (0.2, 1.5, 0.5, True)
    assert (plain.target.temperature, plain.saturation, plain.smooth_grain) == (kcolor.load(run).target.temperature, 1.0, False)
    photo = samples["hats"][:48, :48]
    asked = plain.for_inference(tint=0.5, smooth_grain=True).colorize(photo, temperature=0.2, saturation=1.5)
    assert np.abs(strong.colorize(photo).astype(int) - asked).max() <= 1


@pytest.mark.slow
def test_a_packed_run_names_nothing_of_the_machine(run, tmp_path):
    publish.publish(run, tmp_path / "shipped")
    text = (tmp_path / "shipped" / "recipe.toml").read_text()
    assert (tomllib.loads(text)["data"]["source"], tomllib.loads(text)["train"]["start"]) == ("pictures", "first")
    assert "somebody" not in text


def test_a_packed_run_keeps_the_name_of_its_set(run, tmp_path):
    (run / "recipe.toml").write_text(recipe.load("bins-landscapes", ["data.source=tfds:imagenette/320px-v2"]).to_toml())
    publish.publish(run, tmp_path / "shipped")
    assert recipe.load(tmp_path / "shipped" / "recipe.toml").data.source == "tfds:imagenette/320px-v2"


def test_weights_that_half_precision_does_not_reach_are_refused(tmp_path):
    made = small()
    first = next(layer for layer in made.network.layers if layer.weights)
    first.set_weights([weights * 0 + 1e6 for weights in first.get_weights()])
    made.save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="Expected weights that fit into half precision"):
        float16.convert_file_to_float16(tmp_path / "model.keras", tmp_path / "half.keras")


def test_the_command(run, tmp_path, capsys):
    assert publish.main([str(run), str(tmp_path / "shipped")]) == 0
    assert publish.main([str(tmp_path / "nothing"), str(tmp_path / "shipped")]) == 1
    assert "nothing" in capsys.readouterr().err


def shipped():
    return [pytest.param(presets.find(name).parent, id=name) for name in presets.names()]


@pytest.mark.parametrize("folder", shipped())
def test_what_ships_is_whole(folder):
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert (folder / "model.keras").stat().st_size <= 40e6
    assert len((folder / "card.md").read_text()) > 500
    recipe.load(str(folder / "recipe.toml"))


@pytest.mark.parametrize("folder", shipped())
def test_what_ships_colours_a_photo(folder, samples):
    photo = next(iter(samples.values()))[:150, :200]
    result = kcolor.load(folder.name).colorize(photo)
    assert result.shape == photo.shape
    assert np.ptp(result.astype(int), axis=-1).mean() > 1  # some colour
