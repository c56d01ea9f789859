"""What a GPU makes of kcolor, tried on the processor with tiny sizes."""

import json
import zipfile

import pytest
from helpers.benchmarks import run
from helpers.package import ROOT


@pytest.mark.slow
def test_every_part_runs(tmp_path):
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as pack:
        for path in (ROOT / "kcolor" / "samples").glob("*.jpg"):
            pack.write(path, path.name)
    printed = run("gpu", "--quick", "--pack", tmp_path / "pack.zip", "--json", tmp_path / "x.json")
    report = json.loads((tmp_path / "x.json").read_text())
    assert report["missing"] == []
    assert [row[0] for row in report["rows"]] == ["train A-small", "train gan", "color 1 MP", "color 12 MP", "augment", "feed"]
    assert "of the network alone" in printed


@pytest.mark.slow
def test_what_there_is_no_time_for_is_said():
    assert "missing: augment: no time left" in run("gpu", "--quick", "--minutes", 0)
