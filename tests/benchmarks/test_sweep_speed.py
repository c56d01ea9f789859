"""What a sweep costs beside its trainings."""

import pytest
from helpers.benchmarks import run

from benchmarks import sweep_speed
from kcolor.sweep import sweep_file


def test_trials_are_toys_that_differ_by_their_seed(tmp_path):
    (tmp_path / "toy.toml").write_text(sweep_speed.SWEEP.format(seeds=[0, 1, 2]))
    assert [point["train.seed"] for point in sweep_file.load(tmp_path / "toy.toml").points()] == [0, 1, 2]


@pytest.mark.slow
def test_all_sides_are_timed():
    printed = run("sweep_speed", "--trials", 2, "--rounds", 1)
    for side in ("loop", "imported", "forked"):
        assert f"\n{side} " in printed
