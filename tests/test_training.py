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
from kcolor import data
from kcolor.recipes import recipe
from kcolor.training import callbacks, input_data, warm_start
from kcolor.training.train import train
from kcolor.utils.files import BusyError, alone_in

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


def test_a_run_leaves_all_of_it(tmp_path, capsys):
    lines, say = told()
    plan = {**SMALL, "target": {"name": "bins", "grid": 6}}
    best = train(plan, out=tmp_path / "run", tensorboard=True, say=say)
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
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 3
    assert printed[0].startswith("epoch 1/3")
    assert "val_psnr" in printed[2]
    assert any("shapes/train" in line for line in lines)
    assert any("weights to train" in line for line in lines)


def test_the_best_weights_are_kept_and_the_last(tmp_path):
    """A learning rate that soon spoils what was learnt: the best epoch is not the last."""
    plan = {**SMALL, "optimizer": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9}}
    rates = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 if epoch < 2 else 30.0)
    best = train(plan, out=tmp_path, callbacks=[rates], say=None)
    losses = [float(row["val_loss"]) for row in history(tmp_path)]
    assert losses[2] > min(losses)
    photos = np.stack(list(kcolor.data.each(kcolor.data.pictures("shapes", "val", count=16), 32)))
    for colorizer, loss in ((best, min(losses)), (kcolor.load(tmp_path / "last.keras"), losses[2])):
        colorizer.compile(metrics=["psnr"])
        assert colorizer.evaluate(photos, batch_size=16, verbose=0)[0] == pytest.approx(loss, rel=1e-4)
    assert best.augment is None


def test_a_finished_run_stays_as_it_is_and_can_be_made_longer(tmp_path):
    train(SMALL, out=tmp_path, epochs=1, say=None)
    before = (tmp_path / "model.keras").read_bytes()
    lines, say = told()
    train(SMALL, out=tmp_path, epochs=1, say=say)
    assert (tmp_path / "model.keras").read_bytes() == before
    assert "finished" in lines[0]
    train(SMALL, out=tmp_path, epochs=3, say=say)
    assert any("Goes on after epoch 1" in line for line in lines)
    train(SMALL, out=tmp_path / "whole", say=None)
    assert history(tmp_path) == history(tmp_path / "whole")


def test_a_folder_with_another_run_is_refused(tmp_path):
    train(SMALL, out=tmp_path, epochs=1, say=None)
    with pytest.raises(ValueError, match=r"another recipe .*train.seed: 0, 1.*--out"):
        train(SMALL, out=tmp_path, changes=["train.seed=1"], say=None)


def test_a_learning_rate_that_falls_to_the_end_fixes_the_end(tmp_path):
    changes = ["schedule.name=cosine"]
    train(SMALL, out=tmp_path, epochs=1, changes=changes, say=None)
    with pytest.raises(ValueError, match=r"train.epochs: 1, 2"):
        train(SMALL, out=tmp_path, epochs=2, changes=changes, say=None)


def test_two_runs_into_one_folder_are_refused(tmp_path):
    with alone_in(tmp_path), pytest.raises(BusyError, match="Another run is writing to"):
        train(SMALL, out=tmp_path, say=None)


def test_early_stopping_and_dropping_the_learning_rate(tmp_path):
    changes = ["optimizer.learning_rate=0.0001", "train.patience=3", "train.drop_patience=1", "train.drop_factor=0.1"]
    changes += ["train.monitor=val_psnr", "train.epochs=40", 'optimizer.name="sgd"']
    train({**SMALL, "optimizer": {"name": "sgd"}}, out=tmp_path, changes=changes, say=None)
    rows = history(tmp_path)
    assert len(rows) < 40
    best = int(np.argmax([float(row["val_psnr"]) for row in rows])) + 1
    assert len(rows) == best + 3
    assert float(rows[-1]["learning_rate"]) < 2e-5
    train({**SMALL, "optimizer": {"name": "sgd"}}, out=tmp_path, changes=changes, say=None)
    assert len(history(tmp_path)) == len(rows)  # it is over


def test_a_loss_that_is_no_number_stops_the_run(tmp_path):
    train(SMALL, out=tmp_path, epochs=1, say=None)
    weights = (tmp_path / "model.keras").read_bytes()

    class Spoil(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.trainable_variables[0].assign(self.model.trainable_variables[0] * np.nan)

    with pytest.raises(callbacks.DivergedError, match="nan at step 3 of epoch 2.*learning_rate"):
        train(SMALL, out=tmp_path, epochs=2, callbacks=[Spoil()], say=None)
    assert (tmp_path / "model.keras").read_bytes() == weights
    assert len(history(tmp_path)) == 1
    train(SMALL, out=tmp_path, epochs=2, say=None)  # and can go on from there
    assert len(history(tmp_path)) == 2


def test_a_guided_network_trains_its_guide_first(tmp_path):
    guide = {**SMALL, "target": {"name": "mean_ab"}, "model": {"name": "mean_regressor", "stages": 2}}
    (tmp_path / "first.toml").write_text(recipe.load(guide, ["train.epochs=1", "train.metrics=[]"]).to_toml())
    model = {"name": "encoder_decoder", "down": [4, 4], "guide": True}
    plan = {**SMALL, "target": {"name": "lab"}, "model": model, "guide": {"recipe": str(tmp_path / "first.toml")}}
    best = train(plan, out=tmp_path / "run", epochs=1, say=None)
    assert best.guide.target.pooled
    assert (tmp_path / "run" / "guide" / "model.keras").is_file()
    again = train({**plan, "guide": {"model": str(tmp_path / "run/guide/model.keras")}}, out=tmp_path / "b", epochs=1, say=None)
    assert again.guide is not None


def test_what_is_left_out_and_what_is_broken_is_said(tmp_path, blobs):
    for i, picture in enumerate(blobs):
        Image.fromarray(picture).save(tmp_path / f"{i}.png")
    (tmp_path / "broken.png").write_bytes(b"nothing")
    Image.fromarray(np.full((32, 32, 3), 90, "uint8")).save(tmp_path / "gray.png")
    plan = {**SMALL, "data": {"source": str(tmp_path), "size": 32, "val": 0.0, "test": 0.0}}
    lines, say = told()
    train(plan, out=tmp_path / "run", epochs=1, say=say)
    assert any("1 grey left out, 1 broken (broken.png)" in line for line in lines)
    for i in range(20):
        (tmp_path / f"broken{i}.png").write_bytes(b"nothing")
    plan["target"] = {"name": "bins", "grid": 6}  # measured before anything is trained
    with pytest.raises(ValueError, match="broken pictures"):
        train(plan, out=tmp_path / "other", epochs=1, say=None)
    train(plan, out=tmp_path / "other", epochs=1, changes=["data.max_broken=0.9"], say=None)
    assert len(history(tmp_path / "other")) == 1


DUEL = {
    **SMALL,
    "discriminator": {"name": "patchgan", "filters": 4, "layers": 1},
    "discriminator_optimizer": {"name": "adam", "learning_rate": 1e-3},
    "adversarial": {"factor": 0.2, "discriminator_every": 2},
}


def command(folder, *more, plan=SMALL):
    path = folder.parent / "small.toml"
    deterministic = recipe.load(plan, ["train.deterministic=true", "train.epochs=8", "train.drop_patience=1"])
    path.write_text(deterministic.to_toml())
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    arguments = [sys.executable, "-m", "kcolor", "train", str(path), "--out", str(folder), *more]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def wait_for_epoch(folder, process, number):
    for _ in range(1200):
        assert process.poll() is None, process.stdout.read()
        if (folder / "history.csv").is_file() and len(history(folder)) >= number:
            return
        time.sleep(0.05)
    raise AssertionError("no epoch came")


@pytest.mark.parametrize("plan", [SMALL, pytest.param(DUEL, marks=pytest.mark.slow)], ids=["plain", "adversarial"])
def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been(tmp_path, plan):
    """SIGKILL, twice; the same command; the same numbers to the last digit, the same weights to the last bit."""
    whole = command(tmp_path / "whole", plan=plan)
    killed = tmp_path / "killed"
    for epoch in (1, 3):
        process = command(killed, plan=plan)
        wait_for_epoch(killed, process, epoch)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    (killed / ".model.1.half.keras").write_bytes(b"what a kill leaves")
    last = command(killed, plan=plan)
    text = last.communicate(timeout=120)[0]
    assert last.returncode == 0, text
    assert whole.communicate(timeout=120)[1] is None
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
        text = process.communicate(timeout=180)[0]
        assert process.returncode == 0, text
    losses = [[float(row["val_loss"]) for row in history(tmp_path / name)] for name in ("one", "two")]
    assert losses[1] == pytest.approx(losses[0], rel=0.35)  # dropout and batch statistics are each device's own


def test_short_epochs_have_other_pictures_each():
    plan = recipe.load({**SMALL, "train": {**SMALL["train"], "steps": 1}})
    pictures = plan.open_pictures("train")
    epochs = input_data.batches(plan, pictures, shuffle=True)
    one, two = (list(epochs) for _ in range(2))
    assert len(one) == len(two) == 1
    assert not np.array_equal(one[0], two[0])
    later = list(input_data.batches(plan, pictures, shuffle=True, first_epoch=1))
    assert np.array_equal(later[0], two[0])
    assert len(list(input_data.batches(plan, pictures))) == 3  # validation is whole


def test_a_beginning(tmp_path):
    first = train(SMALL, out=tmp_path / "first", epochs=1, say=None)
    (tmp_path / "second").mkdir()
    plan = recipe.load(SMALL, ["train.start=../first"])
    assert warm_start.load(recipe.load(SMALL), tmp_path / "second") is None
    start = warm_start.load(plan, tmp_path / "second")
    colorizer = plan.build_colorizer()
    warm_start.begin(colorizer, start, plan, tmp_path / "second")
    assert all(np.array_equal(a, b) for a, b in zip(colorizer.get_weights(), first.get_weights(), strict=True))


def test_a_beginning_needs_no_pretrained_weights():
    fetched = recipe.load({**SMALL, "model": {"name": "pretrained_unet", "weights": "imagenet"}})
    assert warm_start.unfetched(fetched) is fetched
    begun = warm_start.unfetched(recipe.load(fetched, ["train.start=photo"]))
    assert begun.model.options == {"weights": "random"}


def test_without_tensorboard_it_says_so_at_once(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ImportError, match=r"pip install 'kcolor\[tensorboard\]'"):
        train("bins-shapes", out=tmp_path / "run", tensorboard=True)
    assert not (tmp_path / "run").exists()


def test_a_run_may_begin_with_another_colorizer(tmp_path):
    plan = {**SMALL, "target": {"name": "bins", "grid": 6}, "train": {**SMALL["train"], "epochs": 1}}
    first = train(plan, out=tmp_path / "first", say=None)
    lines, say = told()
    slow = [f"train.start={tmp_path / 'first'}", "optimizer.learning_rate=1e-9", "train.seed=5"]
    second = train(plan, out=tmp_path / "second", changes=slow, say=say)
    assert not any("measuring" in line for line in lines)
    assert second.target.measured == first.target.measured
    kernels = [next(layer for layer in made.network.layers if layer.weights).get_weights()[0] for made in (first, second)]
    assert kernels[1] == pytest.approx(kernels[0], abs=1e-6)
    with pytest.raises(ValueError, match="Expected `train.start` to have the network"):
        train(plan, out=tmp_path / "third", changes=[*slow, "model.filters=[4, 6]"], say=None)


@pytest.mark.slow
def test_nothing_is_fetched_for_a_network_that_begins_with_another(tmp_path):
    tiny = {"name": "pretrained_unet", "backbone": "mobilenet_v2", "weights": "random", "filters": [2], "output_stride": 8}
    plan = {**SMALL, "model": tiny, "train": {**SMALL["train"], "epochs": 1}}
    train(plan, out=tmp_path / "first", say=None)
    plan["model"] = {**tiny, "weights": "imagenet"}
    train(plan, out=tmp_path / "second", changes=[f"train.start={tmp_path / 'first'}"], say=None)
    assert (tmp_path / "second" / "model.keras").is_file()


def test_what_it_begins_with_sees_as_it_did():
    """A network on weights from a file sees photos prepared for those; its copy is built without the file."""
    plan = recipe.load("photo", ["model.weights=random", "model.filters=[2]", "model.skip_filters=2", "target.step=60"])
    ours, theirs = (plan.build_network() for _ in range(2))
    theirs.get_layer("vgg16_preprocess").mode = "torch"
    warm_start.begin_with(ours, theirs)
    assert ours.get_layer("vgg16_preprocess").mode == "torch"
    photo = np.random.default_rng(0).random((1, 32, 32, 1), "float32")
    assert np.allclose(ours(photo), theirs(photo))
    other = recipe.load(plan, ["model.activation=tanh"]).build_network()
    with pytest.raises(ValueError, match="With the same weights it answers another thing"):
        warm_start.begin_with(other, theirs)


def test_samples_come_from_anywhere_in_the_set():
    plan = recipe.load(SMALL)
    pictures = plan.open_pictures("train")
    shown, first = (list(found) for found in (input_data.some(plan, pictures, 4), data.each(pictures, 32, limit=4)))
    assert len(shown) == 4
    assert not all(np.array_equal(a, b) for a, b in zip(shown, first, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(shown, input_data.some(plan, pictures, 4), strict=True))


def test_batches_and_tables_are_the_recipes(tmp_path):
    plan = recipe.load({**SMALL, "target": {"name": "bins", "grid": 6}})
    pictures = plan.open_pictures("train")
    for said in (["measuring", "pictures"], []):  # once
        lines, say = told()
        target = input_data.measured_target(plan, tmp_path, pictures, None, say)
        assert sum(target.measured.counts) == 48 * 32 * 32
        assert all(word in lines[-1] for word in said)
    assert not lines
    assert [batch.shape for batch in input_data.batches(plan, pictures)] == [(16, 32, 32, 3)] * 3
    warm_start.begin_with(plan.build_colorizer().network, plan.build_colorizer().network)
