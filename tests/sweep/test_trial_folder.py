"""A trial's folder: what its files say."""

import json

import pytest
from helpers.sweeps import toy

from kcolor.sweep import html_report, scheduler
from kcolor.sweep.trial_folder import best_of, check_not_foreign, curve, log_tail, outcome


def test_an_empty_folder_says_nothing(tmp_path):
    swept = toy(tmp_path)
    assert outcome(tmp_path, swept) == {}
    assert curve(tmp_path, "val_loss") == []
    assert log_tail(tmp_path / "none") == ""
    assert best_of(swept)([2, 1]) == 1


def test_the_outcome_is_that_of_the_best_epoch(tmp_path):
    (tmp_path / "history.csv").write_text(
        "epoch,val_loss,val_psnr,content,adversarial,seconds\n1,0.5,20,3,1,2\n2,0.3,22,2,1,2\n3,0.4,21,1,1,2\n"
    )
    (tmp_path / "result.json").write_text(json.dumps({"parameters": 7}))
    found = outcome(tmp_path, toy(tmp_path))
    assert (found["parameters"], found["best_epoch"], found["epochs"], found["seconds"]) == (7, 2, 3, 6.0)
    assert found["figures"] == pytest.approx({"val_loss": 0.3, "val_psnr": 22})
    assert found["losses"] == {"content": [3, 2, 1], "adversarial": [1, 1, 1]}


def test_a_log_s_last_lines(tmp_path):
    (tmp_path / "log.txt").write_bytes("\n".join("abcde").encode() + b"\xff\n\n")
    assert log_tail(tmp_path / "log.txt") == "c\nd\ne\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("name", ["results.csv", "results.json", "report.html"])
def test_results_of_somebody_else_are_not_replaced(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(ValueError, match=f"has a {name} that no sweep has made"):
        check_not_foreign(tmp_path)
    (tmp_path / "trials").mkdir()
    check_not_foreign(tmp_path)


def test_a_sweep_refuses_a_folder_with_another_report(tmp_path):
    (tmp_path / "report.html").write_text("of last year")
    with pytest.raises(ValueError, match="report.html"):
        scheduler.run(toy(tmp_path), tmp_path)
    with pytest.raises(ValueError, match="report.html"):
        html_report.write([], toy(tmp_path), tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".html"] == ["report.html"]
    assert (tmp_path / "report.html").read_text() == "of last year"
