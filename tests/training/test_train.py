"""Training runs, real ones: what they leave behind, how they go on, what stops them."""

import csv
import os
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
from kcolor.training import callbacks
from kcolor.training.phases import PhasedRun
from kcolor.training.train import train
from kcolor.utils.files import BusyError, alone_in, half_name

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="pictures come by tf.data")

SMALL = {
    "data": {"source": "shapes", "size": 32, "skip_gray": False, "train_limit": 48, "val_limit": 16},
    "target": {"name": "ycbcr"},
    "model": {"name": "unet", "filters": [4, 8], "dropout": 0.2},
    "optimizer": {"name": "adam", "learning_rate": 1e-2},
    "augment": {"crop": 0.2},
    "train": {"batch_size": 16, "epochs": 3, "metrics": ["psnr"], "deterministic": False, "precision": "float32"},
}


def history(folder):
    with open(folder / "history.csv", newline="") as file:
        return [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]


def told():
    lines = []
    return lines, lines.append


@pytest.mark.graphs
def test_a_run_leaves_all_of_it(tmp_path, capsys):
    lines, log = told()
    plan = {**SMALL, "target": {"name": "bins", "grid": 6}}
    best = train(plan, out=tmp_path / "run", tensorboard=True, log=log)
    names = {"model.keras", "last.keras", "recipe.toml", "history.csv", "state.npz", "target.json", "samples", "tensorboard"}
    assert {path.name for path in (tmp_path / "run").iterdir()} == names | {".lock"}
    rows = history(tmp_path / "run")
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert set(rows[0]) == {"epoch", "loss", "val_loss", "val_psnr", "learning_rate"}
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])
    assert recipe.load(tmp_path / "run" / "recipe.toml") == recipe.load(plan)
    assert sorted(path.name for path in (tmp_path / "run" / "samples").iterdir()) == ["epoch-001.png", "epoch-003.png"]
    with Image.open(tmp_path / "run" / "samples" / "epoch-003.png") as sheet:
        assert sheet.width > 700
    events = list((tmp_path / "run" / "tensorboard").rglob("events*"))
    assert any(b"samples" in path.read_bytes() for path in events)
    assert best.target.measured.counts is not None
    assert sum(best.target.measured.counts) == 48 * 32 * 32
    assert capsys.readouterr().out == ""
    printed = [line for line in lines if line.startswith("epoch ")]
    assert len(printed) == 3
    assert printed[0].startswith("epoch 1/3")
    assert "val_psnr" in printed[2]
    assert any("shapes/train" in line for line in lines)
    assert any("weights to train" in line for line in lines)


@pytest.mark.slow
def test_the_best_weights_are_kept_and_the_last(tmp_path):
    """A learning rate that soon spoils what was learnt: the best epoch is not the last."""
    plan = {**SMALL, "optimizer": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9}}
    rates = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 if epoch < 2 else 30.0)
    best = train(plan, out=tmp_path, callbacks=[rates], verbose=0)
    losses = [float(row["val_loss"]) for row in history(tmp_path)]
    assert losses[2] > min(losses)
    photos = np.stack(list(kcolor.data.each(kcolor.data.pictures("shapes", "val", count=16), 32)))
    for colorizer, loss in ((best, min(losses)), (kcolor.load(tmp_path / "last.keras"), losses[2])):
        colorizer.compile(metrics=["psnr"])
        assert colorizer.evaluate(photos, batch_size=16, verbose=0)[0] == pytest.approx(loss, rel=1e-4)
    assert best.augment is None


def test_a_finished_run_stays_as_it_is_and_can_be_made_longer(tmp_path):
    train(SMALL, out=tmp_path, epochs=1, verbose=0)
    before = (tmp_path / "model.keras").read_bytes()
    lines, log = told()
    train(SMALL, out=tmp_path, epochs=1, log=log)
    assert (tmp_path / "model.keras").read_bytes() == before
    assert "finished" in lines[0]
    train(SMALL, out=tmp_path, epochs=2, log=log)
    assert any("Continues after epoch 1" in line for line in lines)
    train(SMALL, out=tmp_path / "whole", epochs=2, verbose=0)
    assert history(tmp_path) == history(tmp_path / "whole")


@pytest.mark.slow
def test_a_folder_with_another_run_is_refused(tmp_path):
    train(SMALL, out=tmp_path, epochs=1, verbose=0)
    with pytest.raises(ValueError, match=r"another recipe .*train.seed: 0, 1.*Choose another folder"):
        train(SMALL, out=tmp_path, changes=["train.seed=1"], verbose=0)


@pytest.mark.slow
def test_a_learning_rate_that_falls_to_the_end_fixes_the_end(tmp_path):
    changes = ["schedule.name=cosine"]
    train(SMALL, out=tmp_path, epochs=1, changes=changes, verbose=0)
    with pytest.raises(ValueError, match=r"train.epochs: 1, 2"):
        train(SMALL, out=tmp_path, epochs=2, changes=changes, verbose=0)


def test_two_runs_into_one_folder_are_refused(tmp_path):
    with alone_in(tmp_path), pytest.raises(BusyError, match="Another run is writing to"):
        train(SMALL, out=tmp_path, verbose=0)


@pytest.mark.slow
@pytest.mark.graphs
def test_early_stopping_and_dropping_the_learning_rate(tmp_path):
    changes = ["optimizer.learning_rate=0.0001", "train.patience=3", "train.drop_patience=1", "train.drop_factor=0.1"]
    changes += ["train.monitor=val_psnr", "train.epochs=40", 'optimizer.name="sgd"']
    train({**SMALL, "optimizer": {"name": "sgd"}}, out=tmp_path, changes=changes, verbose=0)
    rows = history(tmp_path)
    assert len(rows) < 40
    best = int(np.argmax([float(row["val_psnr"]) for row in rows])) + 1
    assert len(rows) == best + 3
    assert float(rows[-1]["learning_rate"]) < 2e-5
    train({**SMALL, "optimizer": {"name": "sgd"}}, out=tmp_path, changes=changes, verbose=0)
    assert len(history(tmp_path)) == len(rows)  # it is over


@pytest.mark.slow
def test_a_loss_that_is_no_number_stops_the_run(tmp_path):
    train(SMALL, out=tmp_path, epochs=1, verbose=0)
    weights = (tmp_path / "model.keras").read_bytes()

    class Spoil(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.trainable_variables[0].assign(self.model.trainable_variables[0] * np.nan)

    with pytest.raises(callbacks.DivergedError, match="nan at step 3 of epoch 2.*learning_rate"):
        train(SMALL, out=tmp_path, epochs=2, callbacks=[Spoil()], verbose=0)
    assert (tmp_path / "model.keras").read_bytes() == weights
    assert len(history(tmp_path)) == 1
    train(SMALL, out=tmp_path, epochs=2, verbose=0)  # and can go on from there
    assert len(history(tmp_path)) == 2


@pytest.mark.slow
def test_a_guided_network_trains_its_guide_first(tmp_path):
    guide = {**SMALL, "target": {"name": "mean_ab"}, "model": {"name": "mean_regressor", "stages": 2}}
    (tmp_path / "first.toml").write_text(recipe.load(guide, ["train.epochs=1", "train.metrics=[]"]).to_toml())
    model = {"name": "encoder_decoder", "down": [4, 4], "guide": True}
    plan = {**SMALL, "target": {"name": "lab"}, "model": model, "guide": {"recipe": str(tmp_path / "first.toml")}}
    best = train(plan, out=tmp_path / "run", epochs=1, verbose=0)
    assert best.guide.target.pooled
    assert (tmp_path / "run" / "guide" / "model.keras").is_file()
    again = train(
        {**plan, "guide": {"model": str(tmp_path / "run/guide/model.keras")}}, out=tmp_path / "b", epochs=1, verbose=0
    )
    assert again.guide is not None


@pytest.mark.slow
def test_what_is_left_out_and_what_is_broken_is_said(tmp_path, blobs):
    for i, picture in enumerate(blobs):
        Image.fromarray(picture).save(tmp_path / f"{i}.png")
    (tmp_path / "broken.png").write_bytes(b"nothing")
    Image.fromarray(np.full((32, 32, 3), 90, "uint8")).save(tmp_path / "gray.png")
    plan = {**SMALL, "data": {"source": str(tmp_path), "size": 32, "val": 0.0, "test": 0.0}}
    lines, log = told()
    train(plan, out=tmp_path / "run", epochs=1, log=log)
    assert any("1 grey left out, 1 broken (broken.png)" in line for line in lines)
    for i in range(20):
        (tmp_path / f"broken{i}.png").write_bytes(b"nothing")
    plan["target"] = {"name": "bins", "grid": 6}  # measured before anything is trained
    with pytest.raises(ValueError, match="broken pictures"):
        train(plan, out=tmp_path / "other", epochs=1, verbose=0)
    train(plan, out=tmp_path / "other", epochs=1, changes=["data.max_broken=0.9"], verbose=0)
    assert len(history(tmp_path / "other")) == 1


DUEL = {
    **SMALL,
    "discriminator": {"name": "patchgan", "filters": 4, "layers": 1},
    "discriminator_optimizer": {"name": "adam", "learning_rate": 1e-3},
    "adversarial": {"factor": 0.2, "discriminator_every": 2},
}


def command(folder, *more, plan=SMALL):
    path = folder.parent / "small.toml"
    changes = ["train.deterministic=true", "train.epochs=8", "train.drop_patience=1", "train.metrics=[]"]
    deterministic = recipe.load(plan, changes)
    path.write_text(deterministic.to_toml())
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    arguments = [sys.executable, "-m", "kcolor", "train", str(path), "--out", str(folder), *more]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


PATIENCE = 400  # seconds: on a busy machine a framework alone takes a minute to start


def wait_for_epoch(folder, process, number):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, process.stdout.read()
        if (folder / "history.csv").is_file() and len(history(folder)) >= number:
            return
        time.sleep(0.05)
    raise AssertionError("no epoch came")


KILLS = [
    pytest.param(SMALL, (2,), id="plain"),
    pytest.param(DUEL, (1, 3), id="adversarial"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("plan", "epochs"), KILLS)
def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been(tmp_path, plan, epochs):
    """SIGKILL, once or twice; the same command; the same numbers to the last digit, the same weights to the last bit."""
    whole = command(tmp_path / "whole", plan=plan)
    killed = tmp_path / "killed"
    for epoch in epochs:
        process = command(killed, plan=plan)
        wait_for_epoch(killed, process, epoch)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    (killed / half_name("model", ".keras", process.pid)).write_bytes(b"what a kill leaves")
    last = command(killed, plan=plan)
    text = last.communicate(timeout=PATIENCE)[0]
    assert last.returncode == 0, text
    assert whole.communicate(timeout=PATIENCE)[1] is None
    assert whole.returncode == 0
    assert history(killed) == history(tmp_path / "whole")
    assert len(history(killed)) == 8
    for name in ("model.keras", "last.keras"):
        one, other = (kcolor.load(folder / name).get_weights() for folder in (killed, tmp_path / "whole"))
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert not list(killed.glob(".*half*"))


@pytest.mark.slow
@pytest.mark.parametrize("plan", [SMALL, DUEL], ids=["plain", "adversarial"])
def test_two_devices_share_a_batch(tmp_path, plan):
    """Two logical CPUs, in a process of their own; the same training as on one, within rounding."""
    one, two = command(tmp_path / "one", plan=plan), command(tmp_path / "two", "--devices", "2", plan=plan)
    for process in (one, two):
        text = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, text
    losses = [[float(row["val_loss"]) for row in history(tmp_path / name)] for name in ("one", "two")]
    assert losses[1] == pytest.approx(losses[0], rel=0.35)  # dropout and batch statistics are each device's own


def test_without_tensorboard_it_says_so_at_once(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ImportError, match="pip install tensorboard"):
        train("bins-shapes", out=tmp_path / "run", tensorboard=True)
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_sections_are_keywords(tmp_path, capsys):
    data = {"source": "shapes", "train_limit": 8, "val_limit": 4}
    best = train("bins-shapes", data, tmp_path, epochs=1, verbose=0, model={"filters": [2, 4]}, train={"measure_limit": 4})
    assert capsys.readouterr().out == ""  # silent
    ran = recipe.load(tmp_path / "recipe.toml")
    assert (ran.data.train_limit, ran.data.skip_gray, ran.train.epochs) == (8, False, 1)
    assert (ran.model.options, ran.train.measure_limit) == ({"filters": [2, 4]}, 4)
    assert best.network.layers


def test_none_makes_a_key_not_given(tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(PhasedRun, "fit", lambda run: ran.append(run.recipe))
    recipes = {**SMALL, "data": {**SMALL["data"], "copies": 2}}
    for data in ({"copies": None}, {"copies": None, "source": None}, None):
        train(recipes, data, tmp_path, verbose=0)
    assert [(one.data.copies, one.data.source) for one in ran] == [(None, "shapes"), (None, "shapes"), (2, "shapes")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epoch": 3}, r"Expected some of \['data', 'train'.*Received: \['epoch'\]"),
        ({"train": {"epoch": 3}}, r"Unknown key in \[train\] of recipe bins-shapes"),
        ({"train": 3}, "Expected the section train as a dict of its keys. Received: 3"),
        ({"data": {"sise": 3}}, r"Unknown key in \[data\].*sise"),
        ({"epochs": 0}, "Expected train.epochs as at least 1"),
    ],
)
def test_what_is_no_section_is_named(options, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        train("bins-shapes", out=tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


TINY = {
    "data": {"source": "shapes", "size": 16, "skip_gray": False, "train_limit": 8, "val_limit": 8},
    "target": {"name": "lab"},
    "model": {"name": "unet", "filters": [2]},
    "optimizer": {"name": "adam"},
    "train": {"batch_size": 8, "epochs": 1, "precision": "float32", "deterministic": False},
}


@pytest.mark.parametrize("change", ['train.metrics=["pnsr"]', "optimizer.name=sgdd"])
def test_a_mistake_that_is_corrected_blocks_no_folder(tmp_path, change):
    with pytest.raises(ValueError, match="pnsr|sgdd"):
        train(TINY, out=tmp_path / "run", changes=[change], verbose=0)
    train(TINY, out=tmp_path / "run", verbose=0)
    assert (tmp_path / "run" / "last.keras").is_file()


def test_a_mistake_in_a_later_phase_is_named_before_the_first_one(tmp_path):
    recipe = {
        **TINY,
        "phases": {"one": [], "two": ['train.metrics=["pnsr"]']},
    }
    with pytest.raises(ValueError, match="pnsr"):
        train(recipe, out=tmp_path / "run", verbose=0)
    assert not (tmp_path / "run" / "1-one").exists()
