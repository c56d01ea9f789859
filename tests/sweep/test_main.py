"""The command ``python -m kcolor.sweep``."""

import json

import pytest
from helpers.processes import run_python
from helpers.sweeps import TOY, rows_of, run, toy

from kcolor.sweep import __main__ as command
from kcolor.sweep.trial_folder import outcome, trial_folder


def test_a_sweep_from_beginning_to_report(tmp_path, capsys):
    swept, out = toy(tmp_path), tmp_path / "out"
    lines = run(swept, out, jobs=2)
    assert sum("done" in line for line in lines) == 4
    rows = rows_of(swept, out)
    assert [row["state"] for row in rows] == ["complete"] * 4
    assert rows[0]["val_loss"] == pytest.approx(0.1 + 1 / 3)
    assert rows[0]["curve"] == pytest.approx([1.1, 0.6, 0.1 + 1 / 3])
    assert outcome(trial_folder(out, 0), swept)["epochs"] == 3
    assert (rows[0]["best_epoch"], rows[0]["val_psnr"], rows[0]["parameters"], rows[0]["seconds"]) == (3, 23.0, 100, 1.5)
    assert run(swept, out) == []  # all done: nothing is trained twice
    assert command.main([str(tmp_path / "toy.toml"), "--out", str(out), "--report-only"]) == 0
    assert "4 of 4 done, 0 running, 0 failed, best val_loss 0.43333" in capsys.readouterr().out
    table = (out / "results.csv").read_text().splitlines()
    assert table[0].startswith("trial,state,optimizer.learning_rate,model.filters,val_loss,best_epoch,parameters")
    assert len(table) == 5
    assert len(json.loads((out / "results.json").read_text())) == 4
    text = (out / "report.html").read_text()
    assert text.count("data:image/png;base64") == len(list((out / "report").glob("*.png"))) == 6
    assert 'href="trials/0003/"' in text
    assert "http" not in text.replace("http-equiv", "")  # self-contained


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["--jobs", "0"], "--jobs as 1 or more. Received: 0"),
        (["--limit", "0"], "--limit as 1 or more"),
        (["--top", "-1"], "--top as 1 or more. Received: -1"),
        (["--top-epochs", "0"], "--top-epochs as 1 or more"),
        (["--data", "/nowhere"], "no such file or folder"),
        (["--set", "model.filter=[1]"], "Unknown key in [model]"),
        (["--set", "nonsense"], "section.key=value"),
    ],
)
def test_wrong_arguments_are_named_before_anything_is_trained(tmp_path, capsys, line, words):
    (tmp_path / "toy.toml").write_text(TOY)
    assert command.main([str(tmp_path / "toy.toml"), "--out", str(tmp_path / "out"), *line]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out" / "trials").exists()


def test_an_option_that_is_nearly_right_is_named(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["toy.toml", "--jbos", "2"])
    assert ended.value.code == 2
    assert "there is no option --jbos. Did you mean --jobs?" in capsys.readouterr().err


def test_there_must_be_a_file(tmp_path, capsys):
    assert command.main([str(tmp_path / "none.toml")]) == 1
    assert "There is none at" in capsys.readouterr().err


def test_there_must_be_something_to_report(tmp_path, capsys):
    (tmp_path / "toy.toml").write_text(TOY)
    assert command.main([str(tmp_path / "toy.toml"), "--out", str(tmp_path / "out"), "--report-only"]) == 1
    assert "There is no sweep in" in capsys.readouterr().err


def test_help_and_refused_arguments_import_nothing_heavy():
    printed = run_python("""
import contextlib, io, sys
from kcolor.sweep.__main__ import main

for arguments in (["--help"], ["x.toml", "--jobs", "many"], ["nowhere.toml"], ["x.toml", "--jobs", "0"]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = end.code
    print(status, sorted({"keras", "tensorflow", "matplotlib", "optuna", "numpy"} & set(sys.modules)))
""")
    assert printed.splitlines() == ["0 []", "2 []", "1 []", "1 []"]
