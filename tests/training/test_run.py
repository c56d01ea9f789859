"""One run in one folder."""

import subprocess
import sys

import keras
import pytest

from kcolor.recipes import recipe
from kcolor.training.run import Run

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
    half = tmp_path / f".saved_model.{dead_process()}.half"
    (half / "variables").mkdir(parents=True)
    lines = []
    best = Run(recipe.load(SMALL), tmp_path, log=lines.append).fit()
    assert not half.exists()
    assert best.size == 16
    assert any(line.startswith("Best after epoch 1: val_loss") for line in lines)


def test_without_pictures_no_folder_is_begun(tmp_path):
    with pytest.raises(ValueError, match=r"data\.source"):
        Run(recipe.load("faces-wide"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("changes", "monitor"),
    [
        ([], "val_loss"),
        (["data.val=0.0"], "loss"),
        (["train.monitor=val_psnr"], "val_psnr"),
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
