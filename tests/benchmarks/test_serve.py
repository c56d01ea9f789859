"""How fast the page is, and what it survives."""

import pytest
from helpers.benchmarks import run

from benchmarks.serve import mutated


def test_damaged_files_are_the_same_every_time():
    file = bytes(range(256)) * 4
    assert [mutated(file, seed) for seed in range(9)] == [mutated(file, seed) for seed in range(9)]
    assert sum(mutated(file, seed) != file for seed in range(50)) > 40


@pytest.mark.slow
def test_serve():
    """Every damaged file is answered, and memory does not grow with photos."""
    printed = run("serve", "--model", "shapes", "--rounds", 2, "--photos", 20, "--mutated", 60)
    assert "first photo" in printed
    assert "60 damaged files: {" in printed
