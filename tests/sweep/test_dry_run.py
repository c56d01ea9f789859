"""What a sweep would do."""

import pytest
from helpers.sweeps import toy

from kcolor.sweep import dry_run, network_cost
from kcolor.utils.console import duration


def test_a_grid_is_a_table_of_trials_with_their_costs(tmp_path, monkeypatch):
    monkeypatch.setattr(network_cost, "pace", lambda recipe: (0.0, 0.0))  # the start alone: 10 s
    lines = dry_run.table(toy(tmp_path), jobs=2).splitlines()
    assert lines[0].split() == ["optimizer.learning_rate", "model.filters", "weights", "code", "MFLOPs", "time"]
    assert [line.split()[:3] for line in lines[1:5]] == [
        [rate, *size] for rate in ("0.001", "0.002") for size in (["[4,", "8]"], ["[8,", "16]"])
    ]
    assert all(line.endswith("10.0 s") for line in lines[1:5])
    assert lines[-1].startswith("4 trials, minimize val_loss; about 20.0 s on this machine")


@pytest.mark.parametrize(("changes", "seconds"), [([], 40.0), (["train.steps=2"], 16.0), (['data.copies="ten_fold"'], 310.0)])
def test_a_trial_takes_its_steps(tmp_path, monkeypatch, changes, seconds):
    monkeypatch.setattr(network_cost, "pace", lambda recipe: (1.0, 0.0))  # a second a step
    changes = ["train.epochs=3", "train.batch_size=10", "data.train_limit=100", *changes]
    text = "recipe = 'bins-shapes'\n[grid]\n'optimizer.learning_rate' = [0.001]\n[set]\n" + "\n".join(changes)
    assert dry_run.table(toy(tmp_path, text)).splitlines()[1].endswith(duration(seconds))


def test_a_search_is_its_axes(tmp_path):
    text = 'recipe = "bins-shapes"\ntrials = 5\n[search]\n"model.filters" = [[4, 8], [8, 16]]\n'
    assert dry_run.table(toy(tmp_path, text)).splitlines() == [
        "toy: a search of 5 trials, minimize val_loss",
        "  model.filters: [[4, 8], [8, 16]]",
    ]
