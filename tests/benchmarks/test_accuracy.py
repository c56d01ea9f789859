"""How exact the core is: a report in seconds."""

import pytest
from helpers.benchmarks import run


@pytest.mark.slow
def test_the_accuracy_report_finds_every_count_as_stated():
    report = run("accuracy")
    assert report.count("as stated") == 10
    assert "NOT" not in report
    assert "rgb_to_lab" in report
