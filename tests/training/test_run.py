"""One run in one folder."""

import os
import random
import subprocess
import sys
import types

import keras
import numpy as np
import pytest
from helpers.page_faults import again_and_again
from PIL import Image

from kcolor.recipes import recipe
from kcolor.training.averaging import averaged
from kcolor.training.callbacks import DivergedError
from kcolor.training.optimizer import compile_colorizer
from kcolor.training.run import Run
from kcolor.utils.files import half_name

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="pictures come by tf.data")

SMALL = {
    "data": {"source": "shapes", "size": 16, "skip_gray": False, "train_limit": 8, "val_limit": 4},
    "target": {"name": "lab"},
    "model": {"name": "unet", "filters": [2, 2]},
    "optimizer": {"name": "adam"},
    "train": {"batch_size": 8, "epochs": 1, "metrics": [], "deterministic": False, "precision": "float32"},
}


def dead_process():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.slow
def test_what_a_killed_export_left_is_swept_away(tmp_path):
    half = tmp_path / half_name("saved_model", process=dead_process())
    (half / "variables").mkdir(parents=True)
    lines = []
    best = Run(recipe.load(SMALL), tmp_path, log=lines.append).fit()
    assert not half.exists()
    assert best.size == 16
    assert any(line.startswith("Best after epoch 1: val_loss") for line in lines)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told what to keep")
def test_memory_is_reused_while_it_trains(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("MALLOC_", "GLIBC_TUNABLES"))]:
        monkeypatch.delenv(name)
    found = []
    look = keras.callbacks.LambdaCallback(on_train_end=lambda logs: found.extend(again_and_again() for _ in range(2)))
    Run(recipe.load(SMALL), tmp_path, callbacks=[look], verbose=0).fit()
    assert found[1] < again_and_again() / 4


@pytest.mark.slow
def test_a_finished_model_is_not_replaced_by_another_recipes(tmp_path):
    Run(recipe.load(SMALL), tmp_path, verbose=0).fit()
    (tmp_path / "state.npz").unlink()  # as who copies runs without their largest files does
    with pytest.raises(ValueError, match="has a run of another recipe"):
        Run(recipe.load(SMALL, ["model.filters=[4]"]), tmp_path, verbose=0).fit()


@pytest.mark.slow
def test_what_diverges_is_said_before_it_is_measured(tmp_path):
    changes = ["train.equal_colorfulness=2", "train.steps=1", "optimizer.learning_rate=1e38"]
    with pytest.raises(DivergedError, match="nan on the validation pictures after epoch 1"):
        Run(recipe.load(SMALL, changes), tmp_path, verbose=0).fit()


def test_a_folder_with_another_colorizer_is_not_taken(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"somebody's")
    with pytest.raises(ValueError, match="It has a model.keras of something else"):
        Run(recipe.load(SMALL), tmp_path, verbose=0).fit()
    assert [(file.name, file.read_bytes()) for file in tmp_path.glob("[!.]*")] == [("model.keras", b"somebody's")]


def test_without_pictures_no_folder_is_begun(tmp_path):
    with pytest.raises(ValueError, match=r"data\.source"):
        Run(recipe.load("faces-wide"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("changes", "monitor"),
    [
        ([], "val_loss"),
        (["data.val=0.0"], "loss"),
        (["train.monitor=val_psnr", 'train.metrics=["psnr"]'], "val_psnr"),
        (["adversarial.trains=discriminator"], "val_loss"),
        (["adversarial.factor=0.1"], "val_content"),
    ],
)
def test_what_the_best_is_best_in(changes, monitor, tmp_path):
    rivals = ['discriminator={name="patchgan"}', "discriminator_optimizer.name=adam"]
    adversarial = rivals if "adversarial" in "".join(changes) else []
    assert Run(recipe.load(SMALL, [*changes, *adversarial]), tmp_path).monitor == monitor


def test_a_silent_run_passes_its_silence_on(tmp_path, capsys):
    run = Run(recipe.load(SMALL), tmp_path, verbose=0)
    run.beside(run.recipe, tmp_path / "guide", name="guide").log("unheard")
    assert capsys.readouterr().out == ""


GUIDED = {
    **SMALL,
    "model": {"name": "encoder_decoder", "down": [2, 2], "guide": True},
    "guide": {"recipe": "faces-regressor"},
}


def test_a_guide_draws_no_number_of_its_run(tmp_path, monkeypatch):
    """Trained in this process or loaded in the next one, after a kill: the network begins alike."""
    drawn, guide = [1000, 0], recipe.load("faces-regressor", ["model.stages=2"]).build_colorizer()
    first = []
    monkeypatch.setattr(Run, "_guide", lambda run: ([random.random() for _ in range(drawn.pop())], guide)[1])
    monkeypatch.setattr(Run, "_fit", lambda run, colorizer, *others, **options: first.append(colorizer.get_weights()))
    for _ in range(2):
        Run(recipe.load(GUIDED), tmp_path, verbose=0)._train()
    assert all(np.array_equal(one, other) for one, other in zip(*first, strict=True))


def test_a_guide_is_trained_on_the_pictures_of_its_run(tmp_path, monkeypatch):
    for name in ("sea", "street"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(4):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / "photos" / name / f"{number}.png")
    asked = {
        "source": str(tmp_path / "photos"),
        "classes": ["sea", "street"],
        "weights": {"sea": 0.5},
        "val": 0.25,
        "test": 0.0,
    }
    asked |= {"train_limit": 4, "val_limit": 1, "cache": str(tmp_path / "cache")}
    seen = []
    monkeypatch.setattr(Run, "fit", lambda run: seen.append(run.recipe.data))
    Run(recipe.load({**GUIDED, "data": {"size": 16, **asked}}), tmp_path / "run", verbose=0)._guide()
    assert {key: getattr(seen[0], key) for key in asked} == asked
    assert seen[0].size == recipe.load("faces-regressor").data.size  # how they are cut is its own


def test_both_sides_of_a_duel_are_kept_as_averages(tmp_path, monkeypatch):
    averaging = {"name": "sgd", "learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5}
    duel = {"discriminator": {"name": "patchgan", "filters": 2, "layers": 1}, "discriminator_optimizer": averaging}
    plan = recipe.load({**SMALL, **duel, "optimizer": averaging, "adversarial": {"factor": 0.5}})
    made = plan.build_colorizer()
    compile_colorizer(made, plan, steps=1, training_metrics=False)
    photos = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), "uint8")
    for _ in range(2):
        made.train_on_batch(photos)
    with averaged(made):
        expected = made.discriminator.get_weights()
    keeper = types.SimpleNamespace(finish=lambda: None, monitor="val_loss", progress={"best_epoch": 1, "best": 0.5})
    Run(plan, tmp_path, verbose=0)._finish(made, keeper)
    kept = keras.saving.load_model(tmp_path / "discriminator.keras").get_weights()
    assert all(np.array_equal(one, other) for one, other in zip(kept, expected, strict=True))
    assert not np.array_equal(kept[0], made.discriminator.get_weights()[0])
