"""How vivid a colorizer of bins should be."""

import pytest
from helpers.benchmarks import run
from PIL import Image


@pytest.mark.slow
def test_vividness(tmp_path, samples):
    for i, photo in enumerate(samples.values()):
        Image.fromarray(photo[:64, :64]).save(tmp_path / f"{i}.png")
    table = run("vividness", "shapes", "--data", tmp_path, "--share", "0.5", "--size", "64").splitlines()
    rows = {tuple(line.split()[:2]): list(map(float, line.split()[2:])) for line in table[2:]}
    assert table[1].split()[0] == "photo"
    assert len(rows) == 20
    assert (
        rows["0.25", "1.3"][2] > rows["0.25", "1.0"][2] > rows["1.0", "1.0"][2]
    )  # stronger, and less of a mean, is more vivid
