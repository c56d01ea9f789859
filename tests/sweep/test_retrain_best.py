"""The best trials, trained longer."""

import json

import numpy as np
import pytest
from helpers.sweeps import TOY, command, rows_of, run, toy

from kcolor import recipes
from kcolor.sweep import local_worker, results, retrain_best
from kcolor.sweep.trial_folder import trial_folder
from kcolor.training import checkpoint


def keep_state(folder, progress):
    np.savez(folder / "state.npz", v00000=np.ones(3), progress=np.frombuffer(json.dumps(progress).encode(), "uint8"))


@pytest.fixture
def trained(tmp_path):
    """A sweep of one trial with what a longer training may begin with, and its row."""
    text = TOY.replace("[1e-3, 2e-3]", "[1e-3]").replace("[[4, 8], [8, 16]]", "[[4, 8]]")
    swept = toy(tmp_path, text.replace("[grid]", 'schedule = {name = "constant", warmup = 0}\n[grid]'))
    run(swept, tmp_path / "out")
    keep_state(trial_folder(tmp_path / "out", 0), {"stopped": False})
    return swept, results.finished(rows_of(swept, tmp_path / "out"), swept)


@pytest.fixture
def exported(monkeypatch):
    """What would have been exported."""
    calls = []
    monkeypatch.setattr(retrain_best, "export", lambda folder, kind, path: (calls.append((kind, path)), path.mkdir()))
    return calls


def test_a_trial_goes_on_for_more_epochs(tmp_path, monkeypatch, trained, exported):
    monkeypatch.setattr(local_worker, "COMMAND", command("print('trains', sys.argv[1])"))
    swept, rows = trained
    lines = []
    for _ in range(2):  # the second time all is there
        (path,) = retrain_best.train_best(rows, swept, tmp_path / "out", 20, lines.append)
    folder = tmp_path / "out" / "top" / "0000"
    assert path == folder / "model.keras"
    assert sorted(file.name for file in folder.iterdir()) == [
        "history.csv",
        "log.txt",
        "recipe.toml",
        "saved_model",
        "state.npz",
    ]
    longer = recipes.load(folder / "recipe.toml")
    assert (longer.train.epochs, longer.optimizer.options["learning_rate"], longer.model.options["filters"]) == (
        23,
        1e-3,
        [4, 8],
    )
    assert exported == [("savedmodel", folder / "saved_model")]
    assert lines == [f"trial 0000: 20 epochs more, in {folder}"] * 2
    assert (folder / "log.txt").read_text() == f"trains {folder}\n" * 2


def test_a_trial_that_was_stopped_early_goes_on_too(tmp_path, monkeypatch, trained, exported):
    monkeypatch.setattr(local_worker, "COMMAND", command("print('trains')"))
    swept, rows = trained
    stopped = {"stopped": True, "epoch": 3, "callbacks": {"EarlyStopping": {"wait": 5, "best": 0.5, "best_epoch": 1}}}
    keep_state(trial_folder(tmp_path / "out", 0), stopped)
    retrain_best.train_best(rows, swept, tmp_path / "out", 20, lambda line: None)
    memory = {"wait": 0, "best": 0.5, "best_epoch": 1}
    goes_on = {"stopped": False, "epoch": 3, "callbacks": {"EarlyStopping": memory}}
    assert checkpoint.load_progress(tmp_path / "out" / "top" / "0000" / "state.npz") == goes_on
    assert checkpoint.load_progress(trial_folder(tmp_path / "out", 0) / "state.npz") == stopped  # the trial itself stays


@pytest.mark.slow
def test_where_the_learning_rate_falls_it_is_trained_anew(tmp_path, monkeypatch, trained, exported):
    monkeypatch.setattr(local_worker, "COMMAND", command("print('trains')"))
    _, rows = trained
    falling = toy(tmp_path, TOY.replace("[grid]", '"schedule.name" = "cosine"\n[grid]'))
    retrain_best.train_best(rows, falling, tmp_path / "out", 20, lambda line: None)
    assert not (tmp_path / "out" / "top" / "0000" / "state.npz").exists()


def test_a_training_that_fails_says_why(tmp_path, monkeypatch, trained):
    monkeypatch.setattr(local_worker, "COMMAND", command("print('out of memory, say'); sys.exit(1)"))
    swept, rows = trained
    with pytest.raises(OSError, match="longer failed with status 1: out of memory, say"):
        retrain_best.train_best(rows, swept, tmp_path / "out", 20, lambda line: None)
