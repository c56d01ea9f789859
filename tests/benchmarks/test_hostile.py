"""Damaged files: read, or refused by the errors that are documented."""

import pytest
from helpers.benchmarks import run

from benchmarks.hostile import reworded, tried


def test_texts_are_damaged_the_same_way_every_time():
    text = '{"hints": [{"x": 3, "y": 2}], "size": [64, 48]}'
    assert [reworded(text, seed) for seed in range(20)] == [reworded(text, seed) for seed in range(20)]
    assert sum(reworded(text, seed) != text.encode() for seed in range(50)) > 40


@pytest.mark.parametrize(("name", "count"), [("pictures", 160), ("models", 4), ("recipes", 100), ("hints", 300)])
def test_damaged_files_are_read_or_refused(tmp_path, name, count):
    found, wrong = tried(name, count, tmp_path)
    assert wrong == []
    assert found["read"] + found["refused"] == count
    assert found["refused"] > 0


@pytest.mark.slow
def test_hostile():
    assert "hints: 200 damaged files" in run("hostile", "--pictures", 100, "--models", 10, "--recipes", 50, "--hints", 200)
