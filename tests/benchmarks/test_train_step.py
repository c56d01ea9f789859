"""A whole step of training."""

import json

import pytest
from helpers.benchmarks import finished, run


@pytest.mark.slow
def test_train_step(tmp_path):
    report = run("train_step", "--quick", "--json", tmp_path / "x.json")
    found = json.loads((tmp_path / "x.json").read_text())["cases"]
    assert [(one["case"], one["policy"]) for one in found] == [
        (case, policy) for case in ("A-small", "A-large", "soft", "D1") for policy in ("float32", "mixed_bfloat16")
    ]
    assert all(rate > 0 for one in found for rate in one["pictures_per_second"].values())
    assert "transforms" in report.splitlines()[-9]


@pytest.mark.slow
def test_an_unknown_case_says_what_there_is():
    result = finished("train_step", "--only", "B")
    assert result.returncode == 1
    assert "Expected one of A-small, A-large, soft, D1" in result.stderr
