"""Finished runs evaluated: the recipe beside a colorizer says on what."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

import kcolor
from kcolor.cli import main
from kcolor.colorizer import colorizer
from kcolor.evaluation import evaluate, measure
from kcolor.recipes import recipe

PLAN = {
    "data": {"source": "shapes", "size": 32, "test_limit": 12, "skip_gray": False},
    "target": {"name": "bins", "grid": 6},
    "model": {"name": "unet", "filters": [4, 8]},
    "optimizer": {"name": "adam"},
}


@pytest.fixture
def run(tmp_path):
    """A run's folder, untrained: what is measured here is the way to the pictures."""
    folder = tmp_path / "run"
    folder.mkdir()
    plan = recipe.load(PLAN)
    (folder / "recipe.toml").write_text(plan.to_toml())
    plan.build_colorizer().save(folder / "model.keras")
    return folder


@pytest.mark.slow
def test_a_run_is_evaluated_on_what_it_was_meant_for(run):
    counts = kcolor.data.ReadCounts()
    result = kcolor.evaluate(run, metrics=["psnr"], counts=counts)
    assert result.count == counts.seen == 12
    pictures = list(kcolor.data.each(kcolor.data.pictures("shapes", "test", count=12), 32))
    same = measure.measure(kcolor.load(run / "model.keras"), pictures, metrics=["psnr"])
    assert same.metrics == result.metrics
    assert kcolor.evaluate(run / "model.keras", split="val", limit=5, metrics=["psnr"]).count == 5


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="published sets need TensorFlow")
def test_published_sets_may_be_elsewhere(run, tmp_path):
    with pytest.raises(ValueError, match=f"Not found in {tmp_path / 'sets'}"):
        kcolor.evaluate(run, "cifar10", data_dir=tmp_path / "sets")


@pytest.mark.slow
def test_other_pictures_and_another_size(run, tmp_path, blobs):
    for i, picture in enumerate(blobs):
        Image.fromarray(picture).save(tmp_path / f"{i}.png")
    result = kcolor.evaluate(run, tmp_path, split="all", size=16, metrics=["psnr"])
    assert result.count == 8


def test_other_pictures_need_not_have_the_folders_that_the_recipe_weighs(run, tmp_path):
    weighed = {"source": str(tmp_path / "sea"), "size": 16, "weights": {"sea": 2.0}}
    (run / "recipe.toml").write_text(recipe.load(PLAN, sections={"data": {"test_limit": None, **weighed}}).to_toml())
    for name in ("sea/sea", "other/street"):
        (tmp_path / name).mkdir(parents=True)
        for number in range(9):
            Image.new("RGB", (16, 16), (200, 20 * number, 0)).save(tmp_path / name / f"{number}.png")
    measure = {"limit": 2, "split": "train", "metrics": ["psnr"]}
    assert kcolor.evaluate(run, tmp_path / "other", **measure).count == 2
    (tmp_path / "sea" / "sea").rename(tmp_path / "sea" / "street")
    with pytest.raises(ValueError, match=r"Expected `weights` of folders that are there, as \['street'\]"):
        kcolor.evaluate(run, tmp_path / "sea", **measure)  # the recipe's own source


def test_what_cannot_be_measured_with_hints_is_named(blobs):
    small = kcolor.Colorizer("unet", "lab", filters=(4, 8))
    with pytest.raises(ValueError, match=r"with `hints` some of the options \('lpips_weights'.*Received: \['metrics'\]"):
        kcolor.evaluate(small, blobs, hints=[0, 1], metrics=["psnr"])
    assert list(kcolor.evaluate(small, blobs[:1], hints=[0, 1], metrics=None, saturation=1.0).metrics) == [0, 1]


@pytest.mark.slow
def test_without_a_recipe(run, tmp_path):
    (run / "recipe.toml").unlink()
    assert evaluate.recipe_of(run) is None
    with pytest.raises(ValueError, match=r"Expected `data`.*no recipe"):
        kcolor.evaluate(run)
    assert kcolor.evaluate(run, "shapes", limit=3, metrics=["psnr"]).count == 3


def test_what_is_not_there_is_named(tmp_path):
    for path in (tmp_path, tmp_path / "none.keras"):
        with pytest.raises(ValueError, match=f"a name .*Received: '{path}'"):
            kcolor.evaluate(path)
    with pytest.raises(ValueError, match="Received: 3"):
        kcolor.evaluate(colorizer.Colorizer(kcolor.models.build("unet", "lab", filters=(2, 2)), kcolor.targets.get("lab")), 3)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="compiles for a minute what the others have tested")
def test_the_command(run, tmp_path, capsys):
    sheet, report = tmp_path / "sheet.png", tmp_path / "report.json"
    assert main.main(["evaluate", str(run), "--limit", "4", "--json", str(report), "--sheet", str(sheet)]) == 0
    printed = capsys.readouterr().out
    assert "4 pictures seen" in printed
    assert "oracle" in printed
    figures = json.loads(report.read_text())
    assert figures["count"] == 4
    assert figures["metrics"]["psnr"]["oracle"]["mean"] > figures["metrics"]["psnr"]["grey"]["mean"]
    with Image.open(sheet) as image:
        assert np.asarray(image).std() > 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evaluate", "nowhere"], "model.keras"),
        (["evaluate", "x.keras", "--sheet", "sheet.doc"], "sheet.doc"),
        (["evaluate", "x.keras", "--json", "no/such/folder.json"], "no/such"),
        (["train", "nonsense"], "bins-shapes"),
        (["train", "faces-wide"], "data.source"),
        (["train", "bins-shapes", "--set", "model.depth=3"], "depth"),
        (["train", "bins-shapes", "--data", "/no/such/folder"], "/no/such/folder"),
        (["train", "bins-shapes", "--epochs", "0"], "train.epochs"),
        (["train", "bins-shapes", "--out", "/proc/kcolor"], "Cannot write /proc/kcolor"),
    ],
)
def test_wrong_arguments_are_named(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main.main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("kcolor: ")
    assert words in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []  # nothing is begun that cannot go on
