"""Adversarial recipes end to end: what a run leaves, phases that follow one another, and what is said when it goes wrong."""

import csv
import shutil
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from PIL import Image

import kcolor
from kcolor.recipes import recipe
from kcolor.training.phases import PhasedRun
from kcolor.training.train import train

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="pictures come by tf.data")

ENCODER = ["model.backbone=squeezenet", "model.weights=random", "model.skip_filters=4"]
TINY = {
    "gan-landscapes": ["discriminator.size=32", "model.complexity=4"],
    "perceptual-photos": [*ENCODER, "model.filters=[4, 4]"],
    "pix2pix-photos": ["model.filters=[4, 4, 4]", "discriminator.filters=4", "discriminator.layers=1"],
    "nogan-photos": ["model.filters=[4, 4]"],
}
SMALL = ["data.size=32", "train.batch_size=4", "train.epochs=1", "train.precision=float32", "train.deterministic=false"]
JUDGE = [
    'discriminator={name="patchgan", filters=4, layers=1, input_channels=4}',
    'discriminator_optimizer={name="adam", learning_rate=1e-3}',
]
PHASES = {
    "first": ["data.size=16"],
    "critic": ['adversarial={trains="discriminator", stop_at_accuracy=0.01}', "train.epochs=3", *JUDGE],
    "joint": ["adversarial={factor=0.1}", "train.epochs=2", 'train.monitor="val_color_drift"', *JUDGE],
}
WATCHED = {"content", "adversarial", "discriminator_real", "discriminator_fake", "discriminator_accuracy"}


@pytest.fixture
def dozen(tmp_path, samples):
    """A dozen pictures in colour for training, and four for validation."""
    photos = list(samples.values())
    for split, count in (("train", 12), ("val", 4)):
        (tmp_path / "data" / split).mkdir(parents=True)
        for i in range(count):
            crop = photos[i % 5][9 * i :, 9 * i :][:64, :64]
            Image.fromarray(crop).save(tmp_path / "data" / split / f"{i:02}.png")
    return tmp_path / "data"


def history(folder):
    with open(folder / "history.csv", newline="") as file:
        return list(csv.DictReader(file))


def told():
    lines = []
    return lines, lines.append


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gan-landscapes", "perceptual-photos", "pix2pix-photos"])
def test_recipes_run_from_end_to_end(name, dozen, tmp_path, vgg):
    changes = [*SMALL, *TINY[name], *([] if name == "gan-landscapes" else [f"loss.weights={vgg}"])]
    best = train(name, dozen, tmp_path / "run", changes=changes, verbose=0)
    assert type(best) is kcolor.Colorizer  # what ships needs no discriminator
    (row,) = history(tmp_path / "run")
    if name != "perceptual-photos":
        assert set(row) >= WATCHED | {f"val_{key}" for key in WATCHED}
        assert (tmp_path / "run" / "discriminator.keras").is_file()
        f = recipe.load(name).adversarial.factor
        total = (1 - f) * float(row["val_content"]) + f * float(row["val_adversarial"])
        assert float(row["val_loss"]) == pytest.approx(total, rel=1e-4)
        assert row["discriminator_accuracy_average"] == row["discriminator_accuracy"]  # of one epoch
    assert best.colorize(np.zeros((40, 50), "uint8")).shape == (40, 50, 3)


@pytest.fixture(scope="session")
def vgg(tmp_path_factory):
    """A file of VGG16's weights. Random ones: what is tested is that they are read and used."""
    path = tmp_path_factory.mktemp("vgg") / "vgg16.weights.h5"
    keras.applications.VGG16(weights=None, include_top=False).save_weights(path)
    return path


NOGAN = {**recipe.load("nogan-photos").to_dict(), "model": {"name": "unet"}, "loss": {"name": "mae"}, "phases": PHASES}


@pytest.mark.slow
def test_nogan_runs_through_its_four_phases(dozen, tmp_path, vgg):
    """The recipe that ships; `epochs` is what every phase has then."""
    changes = [*SMALL, *ENCODER, "model.filters=[4, 4]", f"loss.weights={vgg}"]
    small = recipe.load("nogan-photos", changes).to_dict()
    small["phases"] = {**small["phases"], "small": ["data.size=16"]}
    train(small, dozen, tmp_path / "run", epochs=2, verbose=0)
    rows = history(tmp_path / "run")
    assert [row["phase"] for row in rows[:4]] == ["1", "1", "2", "2"]
    assert {row["phase"] for row in rows} == {"1", "2", "3", "4"}
    joint = history(tmp_path / "run" / "4-joint")
    assert set(joint[0]) >= WATCHED | {f"{name}_average" for name in WATCHED} | {"val_color_drift"}
    if len(joint) == 2:
        one, two = (float(row["discriminator_real"]) for row in joint)
        assert float(joint[1]["discriminator_real_average"]) == pytest.approx(0.8 * one + 0.2 * two, rel=1e-5)
    assert (tmp_path / "run" / "model.keras").is_file()


class TestPhases:
    @pytest.mark.slow
    def test_each_goes_on_from_the_last(self, dozen, tmp_path):
        lines, log = told()
        changes = [*SMALL, *TINY["nogan-photos"]]
        best = train(NOGAN, dozen, tmp_path / "run", changes=changes, log=log)
        folders = [tmp_path / "run" / name for name in ("1-first", "2-critic", "3-joint")]
        assert [line for line in lines if line.startswith("Phase")] == [
            f"Phase {i} of 3: {name}" for i, name in enumerate(PHASES, 1)
        ]
        first, critic, joint = (kcolor.load(folder) for folder in folders)
        assert all(np.array_equal(a, b) for a, b in zip(first.get_weights(), critic.get_weights(), strict=True))
        assert all(np.array_equal(a, b) for a, b in zip(joint.get_weights(), best.get_weights(), strict=True))
        assert len(history(folders[1])) == 1  # of three: it was right often enough
        assert any("told apart: enough" in line for line in lines)
        judges = [keras.saving.load_model(folder / "discriminator.keras") for folder in folders[1:]]
        assert not all(np.array_equal(a, b) for a, b in zip(*(judge.get_weights() for judge in judges), strict=True))
        rows = history(tmp_path / "run")
        assert [(row["epoch"], row["phase"]) for row in rows] == [("1", "1"), ("2", "2"), ("3", "3"), ("4", "3")]
        assert any(line.startswith("before the first epoch: ") and "val_color_drift" in line for line in lines)

    @pytest.mark.slow
    def test_goes_on_with_the_phase_that_is_missing(self, dozen, tmp_path):
        changes = [*SMALL, *TINY["nogan-photos"]]
        train(NOGAN, dozen, tmp_path / "run", changes=changes, verbose=0)
        kept = (tmp_path / "run" / "2-critic" / "state.npz").stat().st_mtime_ns
        joint = (tmp_path / "run" / "3-joint" / "history.csv").read_text()
        shutil.rmtree(tmp_path / "run" / "3-joint")
        (tmp_path / "run" / "model.keras").unlink()
        lines, log = told()
        train(NOGAN, dozen, tmp_path / "run", changes=changes, log=log)
        assert (tmp_path / "run" / "2-critic" / "state.npz").stat().st_mtime_ns == kept
        assert len((tmp_path / "run" / "3-joint" / "history.csv").read_text().splitlines()) == len(joint.splitlines())
        assert sum("is finished" in line for line in lines) == 2
        assert (tmp_path / "run" / "model.keras").is_file()

    def test_a_phase_trained_anew_leaves_no_stale_ones(self, dozen, tmp_path):
        changes = [*SMALL, *TINY["nogan-photos"]]
        for later in ("2-critic", "3-joint"):  # as they are after somebody has deleted the first
            (tmp_path / "run" / later).mkdir(parents=True)
            (tmp_path / "run" / later / "target.json").write_text("{}")
        plan = recipe.load(NOGAN, [*changes, f"data.source={dozen}"])
        (tmp_path / "run" / "recipe.toml").write_text(plan.to_toml())
        with pytest.raises(ValueError, match=r"1-first is not finished, but .* Delete .*2-critic and .*3-joint"):
            train(NOGAN, dozen, tmp_path / "run", changes=changes, verbose=0)

    def test_what_cannot_be_built_is_said_before_the_first(self, dozen, tmp_path):
        plan = {**NOGAN, "phases": {**PHASES, "joint": [*PHASES["joint"], "discriminator.input_channels=5"]}}
        with pytest.raises(ValueError, match=r"width, 3\) for lightness and ab or 4"):
            train(plan, dozen, tmp_path / "run", changes=[*SMALL, *TINY["nogan-photos"]], verbose=0)
        assert not (tmp_path / "run" / "1-first").exists()

    @pytest.mark.slow
    def test_killed_in_its_last_phase_it_ends_as_if_it_had_not_been(self, dozen, tmp_path):
        """SIGKILL, and the same command again: the same numbers to the last digit."""
        phases = {**PHASES, "joint": [*PHASES["joint"], "train.epochs=6"]}
        plan = recipe.load({**NOGAN, "phases": phases}, [*SMALL[:-1], *TINY["nogan-photos"], "train.samples_every=100"])
        (tmp_path / "plan.toml").write_text(plan.to_toml())

        def command(out):
            line = [sys.executable, "-m", "kcolor", "train", tmp_path / "plan.toml", "--data", dozen, "--out", out]
            return subprocess.Popen(list(map(str, line)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        process = command(tmp_path / "killed")
        until = time.monotonic() + 400
        while not (tmp_path / "killed" / "3-joint" / "history.csv").is_file():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for name in ("whole", "killed"):
            process = command(tmp_path / name)
            text = process.communicate(timeout=400)[0]
            assert process.returncode == 0, text
        one, other = (history(tmp_path / name) for name in ("whole", "killed"))
        assert [{**row, "seconds": 0} for row in one] == [{**row, "seconds": 0} for row in other]
        one, other = (kcolor.load(tmp_path / name).get_weights() for name in ("whole", "killed"))
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))

    @pytest.mark.slow
    @pytest.mark.parametrize("where", ["on_train_batch_begin", "on_train_end"])
    def test_killed_in_its_first_epoch_or_after_its_last_it_goes_on(self, where, dozen, tmp_path):
        """From what it began with, not from new weights; and what is written last is written all the same."""

        class Killed(keras.callbacks.Callback):
            pass

        def killed(*_, **__):
            raise KeyboardInterrupt

        setattr(Killed, where, staticmethod(killed))
        changes = [*SMALL, *TINY["nogan-photos"], "train.deterministic=true"]
        first = train({**NOGAN, "phases": {"first": PHASES["first"]}}, dozen, tmp_path / "first", changes=changes, verbose=0)
        joint = recipe.load(NOGAN).phase("joint")
        more = [*changes, f"train.start={tmp_path / 'first'}", "optimizer.learning_rate=0.0"]
        more += ["discriminator_optimizer.learning_rate=0.0"]
        with pytest.raises(KeyboardInterrupt):
            train(joint, dozen, tmp_path / "run", changes=more, callbacks=[Killed()], verbose=0)
        assert not (tmp_path / "run" / "discriminator.keras").is_file()
        best = train(joint, dozen, tmp_path / "run", changes=more, verbose=0)
        assert (tmp_path / "run" / "discriminator.keras").is_file()
        for one, other in zip(first.network.trainable_variables, best.network.trainable_variables, strict=True):
            assert np.array_equal(one, other)

    @pytest.mark.slow
    def test_the_beginning_stays_if_nothing_is_better(self, dozen, tmp_path):
        plan = {**NOGAN, "phases": {**PHASES, "joint": [*PHASES["joint"], "optimizer.learning_rate=30.0"]}}
        lines, log = told()
        best = train(plan, dozen, tmp_path / "run", changes=[*SMALL, *TINY["nogan-photos"]], log=log)
        before = kcolor.load(tmp_path / "run" / "2-critic")
        assert all(np.array_equal(a, b) for a, b in zip(before.get_weights(), best.get_weights(), strict=True))
        assert any(line.startswith("Best before the first epoch") for line in lines)

    @pytest.mark.slow
    def test_without_phases_it_is_a_run(self, dozen, tmp_path):
        loaded = recipe.load(
            "bins-shapes", ["train.epochs=1", "data.train_limit=8", "data.val_limit=4", "model.filters=[2, 2]"]
        )
        PhasedRun(loaded, tmp_path / "run", verbose=0).fit()
        assert len(history(tmp_path / "run")) == 1

    def test_a_phase_is_a_recipe(self):
        plan = recipe.load(NOGAN)
        assert plan.phase("first").data.size == 16
        assert plan.phase("critic").adversarial.trains == "discriminator"
        assert plan.phase("first").adversarial is None
        assert recipe.load(plan) == plan

    @pytest.mark.parametrize(
        ("sections", "message"),
        [
            ({"phases": {"first": ["train.epoch=3"]}}, r"Unknown key in \[train\] of phase first"),
            ({"phases": {"first": "train.epochs=3"}}, "Expected phases.first in recipe as a list"),
            ({"phases": {}}, "as lists of changes by name"),
            ({"phases": {"the first": []}}, "as the name of a phase in recipe. Received: 'the first'"),
            ({"adversarial": {"factor": 0.1}}, r"needs \[adversarial\], \[discriminator\], \[discriminator_optimizer\]"),
            ({"discriminator": {"name": "unet"}}, "discriminator.name in recipe as one of .*'patchgan'"),
            ({"adversarial": {"kind": "hinge"}}, "Expected adversarial.kind as one of"),
        ],
    )
    def test_refuses(self, sections, message):
        with pytest.raises(ValueError, match=message):
            recipe.load({**NOGAN, **sections})
