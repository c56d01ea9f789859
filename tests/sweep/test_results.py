"""Results: rows, groups, importance, the Pareto front."""

import csv
import json

import numpy as np
import pytest
from helpers.sweeps import made_up

from kcolor.sweep import results, sweep_file


def test_importance_by_hand():
    swept, rows = made_up()  # 6, 7, 2, 3: all of the variance is 17, of which 16 and 1
    assert results.importance(rows, swept) == pytest.approx({"model.channel_factor": 16 / 17, "model.kernel_size": 1 / 17})


def test_the_front_has_what_nothing_cheaper_beats():
    swept, rows = made_up()
    assert [row["trial"] for row in results.pareto(rows, "parameters", swept)] == [0, 2]
    assert [row["trial"] for row in results.finished(rows, swept)] == [2, 3, 0, 1]
    upwards = sweep_file.Sweep("up", "autoencoder-cifar10", grid=swept.grid, optimize="val_pixel_accuracy")
    assert [row["trial"] for row in results.pareto(rows, "parameters", upwards)] == [0, 2]
    assert upwards.direction == "maximize"


def test_numbers_of_a_search_are_grouped_by_quarters():
    rows = [{"rate": value} for value in np.geomspace(1e-4, 1e-1, 20).tolist()]
    parts = results.groups(rows, "rate")
    assert [len(part) for _, part in parts] == [5, 5, 5, 5]
    assert [name for name, _ in results.groups([{"x": [16, 8]}, {"x": [2, 4]}], "x")] == ["[2, 4]", "[16, 8]"]


def test_a_table_and_everything_are_written(tmp_path):
    _, rows = made_up()
    results.write(rows, tmp_path)
    assert json.loads((tmp_path / "results.json").read_text()) == rows
    with open(tmp_path / "results.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["val_loss"] for row in table] == ["6.0", "7.0", "2.0", "3.0"]
    assert not {"curve", "error", "losses"} & set(table[0])
