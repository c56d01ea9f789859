"""Sweep files: what one may say, and what is wrong in one."""

import pathlib

import numpy as np
import pytest
from helpers.sweeps import TOY, toy

from kcolor import sweep
from kcolor.recipes.build import absolute_source
from kcolor.sweep import axis_values, sweep_file
from kcolor.sweep import study as studies
from kcolor.sweep.scheduler import default_storage

SWEEPS = pathlib.Path(__file__).parents[2] / "sweeps"


def test_a_grid_is_every_combination(tmp_path):
    swept = toy(tmp_path)
    assert (swept.name, swept.axes, swept.direction) == ("toy", ["optimizer.learning_rate", "model.filters"], "minimize")
    assert len(swept.points()) == 4
    made = swept.trial_recipe(swept.points()[3])
    assert (made.optimizer.options["learning_rate"], made.model.options["filters"], made.train.epochs) == (2e-3, [8, 16], 3)
    assert swept.base_recipe().model.options["filters"] == [16, 32]


def test_a_guide_is_replaced_as_a_whole(tmp_path):
    text = (
        'recipe = "faces-guided"\noptimize = "val_loss"\n[set]\nguide = {model = "mine.keras"}\n[grid]\n"train.epochs" = [1, 2]'
    )
    assert toy(tmp_path, text).base_recipe().guide.to_dict() == {"model": "mine.keras"}


def test_keys_that_change_together_are_one_axis(tmp_path):
    axis = 'output = [{name = "squashed", "target.temperature" = 0.5, "model.filters" = [4, 8]}, {"target.temperature" = 0.8}]'
    swept = toy(tmp_path, TOY.replace('"model.filters" = [[4, 8], [8, 16]]', axis))
    made = [swept.trial_recipe(point) for point in swept.points()[:2]]
    assert [(one.target.options["temperature"], one.model.options["filters"]) for one in made] == [
        (0.5, [4, 8]),
        (0.8, [16, 32]),
    ]
    assert [axis_values.label(point["output"]) for point in swept.points()[:2]] == ["squashed", "target.temperature=0.8"]
    assert (axis_values.label([4, 8]), axis_values.label(0.1)) == ("[4, 8]", 0.1)
    study = studies.open_study(swept, default_storage(tmp_path))
    assert [trial.user_attrs["point"] for trial in study.trials] == swept.points()


def test_repeats_have_seeds_of_their_own(tmp_path):
    swept = toy(tmp_path, "repeats = 3\n" + TOY)
    assert [point["train.seed"] for point in swept.points()] == [0] * 4 + [1] * 4 + [2] * 4
    assert swept.digest != toy(tmp_path).digest


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Expected `recipe`"),
        (TOY + 'colour = ["red"]', "section.key=value.*colour"),
        ("colour = 1\n" + TOY, "Unknown key.*'repeats'.*colour"),
        ('optimize = "colorfulness"\n' + TOY, "Expected `optimize` as one of.*psnr.*colorfulness"),
        ('optimize = "psnr"\n' + TOY, "val_psnr.*train.metrics.*'psnr'"),
        ('optimize = "val_ssim"\n' + TOY, "val_psnr.*train.metrics.*val_ssim"),
        ("repeats = 0\n" + TOY, "1 or more"),
        ("repeats = true\n" + TOY, "repeats.*as int.*True"),
        ('recipe = "bins-shapes"', r"\[grid\] or a \[search\].*neither"),
        (TOY.replace("[1e-3, 2e-3]", "3"), "learning_rate.*list of values.*3"),
        (TOY.replace("[1e-3, 2e-3]", "[]"), "learning_rate.*list of values"),
        (TOY.replace("[1e-3, 2e-3]", "[1e-3, 1e-3]"), "learning_rate.*to differ"),
        (TOY.replace("[1e-3, 2e-3]", '["fast"]'), "optimizer.learning_rate.*number.*fast"),
        (TOY.replace("learning_rate", "speed"), "speed"),
        ('recipe = "bins-shapes"\n[search]\n"model.filters" = [[4, 8]]', "Expected `trials`"),
        ('recipe = "bins-shapes"\ntrials = 3\n[search]\n"optimizer.learning_rate" = {low = 1}', "low = …, high = …"),
        ('recipe = "nonsense"\n[grid]\n"train.seed" = [1]', "Unknown recipe.*nonsense"),
        ('recipe = "nogan-photos"\n[grid]\n"train.seed" = [1]', "Expected a recipe without.*trained in phases"),
        ("[grid", "TOML"),
        ('set = ["train.epochs=3"]\nrecipe = "bins-shapes"', r"\[set\].*as a table of keys and values.*train.epochs=3"),
        ('grid = 3\nrecipe = "bins-shapes"', r"\[grid\].*as a table of keys and values.*3"),
        (TOY.replace("[1e-3, 2e-3]", "[{}]"), "keys that change together.*{}"),
        (TOY.replace("[1e-3, 2e-3]", '[{name = {z = 1}, "train.epochs" = 3}]'), "with a name, a text"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path, text, words):
    with pytest.raises(ValueError, match=f"(?s){words}"):
        toy(tmp_path, text)


def test_there_must_be_a_file(tmp_path):
    with pytest.raises(ValueError, match="There is none at"):
        sweep_file.load(tmp_path / "none.toml")


def test_data_and_changes_reach_every_trial(tmp_path):
    (tmp_path / "toy.toml").write_text(TOY)
    swept = sweep.load(tmp_path / "toy.toml", ["train.epochs=7"], data=tmp_path)
    assert isinstance(swept, sweep.Sweep)
    made = swept.trial_recipe(swept.points()[0])
    assert (made.data.source, made.train.epochs) == (str(tmp_path.resolve()), 7)


def test_keys_without_quotes_leave_the_rest_of_their_section(tmp_path):
    lines = [
        "train.epochs = 3",
        "data.weights = {sea = 2.0}",
        'schedule = {name = "cosine", end = 0.5}',
        "model.dropout = 0.25",
        'optimizer = {name = "adam", beta_1 = 0.5}',
    ]
    quoted = ['"train.epochs" = 3', '"data.weights" = {sea = 2.0}', '"schedule.end" = 0.5', '"model.dropout" = 0.25', lines[4]]
    found, expected = (
        toy(tmp_path, TOY.replace('"train.epochs" = 3', "\n".join(given))).base_recipe() for given in (lines, quoted)
    )
    assert found == expected
    assert (found.train.measure_limit, found.data.size, found.schedule.warmup) == (500, 32, 1.0)
    assert (found.model.name, found.optimizer.options) == ("unet", {"beta_1": 0.5})  # a name makes it all of a section


def test_a_source_means_the_same_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "album").mkdir()
    assert absolute_source("album") == str((tmp_path / "album").resolve())
    (tmp_path / "cifar10").mkdir()  # a name stays a name beside it
    assert [absolute_source(name) for name in ("cifar10", None)] == ["cifar10", None]
    assert absolute_source("cifar10/") == str((tmp_path / "cifar10").resolve())


@pytest.mark.parametrize("path", sorted(SWEEPS.glob("*.toml")), ids=lambda p: p.stem)
def test_every_sweep_that_ships_is_valid_and_says_its_command(path):
    assert sweep_file.load(path).axes
    comment = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert any(f"python -m kcolor.sweep sweeps/{path.name}" in line for line in comment)
    assert any("Time:" in line for line in comment)


def test_values_may_be_tuples_and_numpys_numbers(tmp_path):
    grid = {"model.filters": [(4, 8), (8, 16)], "train.seed": list(np.arange(2))}
    swept = sweep_file.Sweep("python", "bins-shapes", grid=grid)
    assert swept.points()[-1] == {"model.filters": [8, 16], "train.seed": 1}
    study = studies.open_study(swept, default_storage(tmp_path))
    assert studies.point_of(swept, studies.claim(study, swept, "me")) == {"model.filters": [4, 8], "train.seed": 0}
