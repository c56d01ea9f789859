"""Training with fresh memory and with memory that is kept."""

import pathlib

import pytest
from helpers.benchmarks import finished, run

import kcolor

SAMPLES = pathlib.Path(kcolor.__file__).parent / "samples"


@pytest.mark.slow
def test_both_sides():
    data = ["--data", SAMPLES, "--set", "data.test=0.0"]
    small = ["--set", "data.size=32", "--set", "train.batch_size=2", "--epochs", 2, "--steps", 1, "--rounds", 1]
    lines = run("reused_memory", *data, "--recipe", "bins-landscapes", *small).splitlines()
    assert [line.split()[0] for line in lines[3:]] == ["fresh", "reused"]
    assert all(float(line.split()[1]) > 0 for line in lines[3:])


@pytest.mark.slow
def test_what_fails_is_told():
    result = finished("reused_memory", "--data", "no-such-folder", "--rounds", 1)
    assert result.returncode == 1
    assert "no-such-folder" in result.stderr
