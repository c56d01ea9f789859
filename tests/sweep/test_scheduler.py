"""The sweep as it runs: limits, failures, and what survives being killed."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import keras
import pytest
from helpers.fake_worker import light
from helpers.sweeps import SMALL, TOY, command, rows_of, run, toy

from kcolor import recipes
from kcolor.sweep import dry_run, results, retrain_best, scheduler, sweep_file
from kcolor.sweep import study as studies
from kcolor.sweep.trial_folder import check_same, trial_folder
from kcolor.utils.files import BusyError


def one_slow_trial(seconds, number):
    """A `start` whose trial of this number needs so many seconds for an epoch, and the others none."""
    return lambda folder, threads: light(seconds if folder.name == number else 0.0)(folder, threads)


def test_limits_hold(tmp_path):
    swept = toy(tmp_path)
    assert sum("done" in line for line in run(swept, tmp_path / "out", limit=1, jobs=3)) == 1
    assert sum("done" in line for line in run(swept, tmp_path / "out", limit=3, jobs=3)) == 2
    for options, words in (({"jobs": 0}, "`jobs` of 1 or more"), ({"limit": 0}, "`limit` of 1 or more")):
        with pytest.raises(ValueError, match=words):
            run(swept, tmp_path / "out", **options)


def test_a_trial_that_fails_is_not_the_end_of_the_sweep(tmp_path):
    swept = toy(tmp_path, TOY.replace('"model.filters" = [[4, 8], [8, 16]]', '"model.dropout" = [0.0, 0.5]'))
    lines = run(swept, tmp_path / "out")
    assert sum("failed" in line and "log.txt" in line for line in lines) == 2
    assert [row["state"] for row in rows_of(swept, tmp_path / "out")] == ["complete", "fail", "complete", "fail"]


@pytest.mark.slow
def test_a_worker_that_is_killed_goes_on_once(tmp_path):
    swept = toy(tmp_path)
    killed = []

    def start(folder, threads):
        worker = one_slow_trial(0.3, "0001")(folder, threads)
        if folder.name == "0001" and len(killed) < 1:
            killed.append(worker)
            while not (folder / "history.csv").is_file():
                time.sleep(0.02)
            worker.process.send_signal(signal.SIGKILL)
        return worker

    lines = []
    scheduler.run(swept, tmp_path / "out", start=start, say=lines.append)
    assert any("trial 1: its worker was killed (9)" in line for line in lines)
    log = (tmp_path / "out" / "trials" / "0001" / "log.txt").read_text()
    assert log.count("began after 0") == 1
    assert log.count("began after") == 2
    assert [row["state"] for row in rows_of(swept, tmp_path / "out")] == ["complete"] * 4


# Imports what a sweep needs once, and runs it in one process after another.
RUNS_IT_TWICE = """
import os
from helpers.fake_worker import light
from kcolor.sweep import scheduler, sweep_file

swept = sweep_file.load(sys.argv[1])
scheduler.PAUSE = 0.02
for turn in range(2):
    child = os.fork()
    if child == 0:
        scheduler.run(swept, sys.argv[2], start=light(0.3), say=None, jobs=2)
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
"""


@pytest.mark.slow
def test_a_sweep_that_is_killed_goes_on(tmp_path):
    swept, out = toy(tmp_path), tmp_path / "out"
    process = subprocess.Popen(command(RUNS_IT_TWICE, tmp_path / "toy.toml", out), stdout=subprocess.PIPE, text=True)
    for turn in range(2):
        child = int(process.stdout.readline())
        deadline = time.monotonic() + 60
        while len(list(out.glob("trials/*/history.csv"))) < 1 + 2 * turn and time.monotonic() < deadline:
            time.sleep(0.02)
        with pytest.raises(BusyError):
            run(swept, out)
        os.kill(child, signal.SIGKILL)
    assert process.wait(60) == 0
    process.stdout.close()
    run(swept, out, jobs=2)
    rows = rows_of(swept, out)
    assert [row["state"] for row in rows] == ["complete"] * 4
    assert [{axis: row[axis] for axis in swept.axes} for row in rows] == swept.points()
    for row in rows:
        epochs = (trial_folder(out, row["trial"]) / "history.csv").read_text().splitlines()
        assert [line.split(",")[0] for line in epochs] == ["epoch", "1", "2", "3"]


@pytest.mark.slow
@pytest.mark.parametrize("storage", ["sqlite:///{}/shared.db", "journal:{}/shared.log"])
def test_two_parents_share_one_study(tmp_path, storage):
    swept, where = toy(tmp_path, "repeats = 2\n" + TOY), storage.format(tmp_path)
    code = "from helpers.fake_worker import light\nfrom kcolor.sweep import scheduler, sweep_file\n"
    code += "swept = sweep_file.load(sys.argv[1])\nscheduler.run(swept, sys.argv[2], storage=sys.argv[3], start=light(0.5))"
    outs = [tmp_path / name for name in ("one", "other")]
    pipes = {"stderr": subprocess.PIPE, "text": True}
    parents = [subprocess.Popen(command(code, tmp_path / "toy.toml", out, where), **pipes) for out in outs]
    errors = [parent.communicate(timeout=120)[1] for parent in parents]
    assert [parent.returncode for parent in parents] == [0, 0], errors
    rows = results.collect(studies.open_study(swept, where), swept)
    assert [row["state"] for row in rows] == ["complete"] * 8
    keys = [*swept.axes, "train.seed"]
    assert sorted(str([row[key] for key in keys]) for row in rows) == sorted(
        str([p[key] for key in keys]) for p in swept.points()
    )
    assert all(len(list(pathlib.Path(out).glob("trials/*"))) >= 2 for out in outs)


@pytest.mark.slow
def test_hopeless_trials_are_pruned(tmp_path):
    text = TOY.replace("[1e-3, 2e-3]", "[1e-3, 1.1e-3, 1.2e-3, 1.3e-3, 5e-1]").replace("[[4, 8], [8, 16]]", "[[4, 8]]")
    swept, lines = toy(tmp_path, "prune = true\n" + text), []
    scheduler.run(swept, tmp_path / "out", start=one_slow_trial(0.6, "0004"), say=lines.append)
    assert [row["state"] for row in rows_of(swept, tmp_path / "out")] == ["complete"] * 4 + ["pruned"]
    assert any("pruned" in line for line in lines)


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="training needs TensorFlow's tf.data")
def test_real_trainings_killed_and_resumed(tmp_path):
    (tmp_path / "toy.toml").write_text(TOY.replace("[grid]\n", SMALL).replace("[[4, 8], [8, 16]]", "[[4, 8]]"))
    line = [sys.executable, "-m", "kcolor.sweep", str(tmp_path / "toy.toml"), "--out", str(tmp_path / "out"), "--jobs", "2"]
    parent = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list((tmp_path / "out").glob("trials/*/history.csv")):
        time.sleep(0.2)
        assert parent.poll() is None
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert subprocess.run(line, capture_output=True, text=True, check=True).stdout.count(" done ") >= 2
    swept = sweep_file.load(tmp_path / "toy.toml")
    rows = rows_of(swept, tmp_path / "out")
    assert [row["state"] for row in rows] == ["complete", "complete"]
    assert all(len(row["curve"]) == 3 and row["flops"] > 0 for row in rows)
    logs = [(trial_folder(tmp_path / "out", row["trial"]) / "log.txt").read_text() for row in rows]
    assert any("Continues after epoch" in log for log in logs)
    (best,) = retrain_best.train_best(results.finished(rows, swept)[:1], swept, tmp_path / "out", 1)
    assert best.is_file()
    assert (best.parent / "saved_model" / "saved_model.pb").is_file()
    assert dry_run.table(swept).splitlines()[-1].startswith("2 trials, minimize val_loss; about ")


def test_folders_of_another_sweep_are_not_taken_for_trained(tmp_path):
    """Its study was deleted, or the new one lies elsewhere: the folders have the results of other points."""
    run(toy(tmp_path), tmp_path / "out", limit=1, jobs=1)
    (tmp_path / "out" / "study.db").unlink()
    other = toy(tmp_path, TOY.replace("[[4, 8], [8, 16]]", "[[2, 4], [6, 12]]"))
    trained = trial_folder(tmp_path / "out", 0)
    check_same(trained, recipes.load(trained / "recipe.toml"))  # its own
    with pytest.raises(ValueError, match=r"It has another training \(before, now: .*model.filters.*choose another folder"):
        run(other, tmp_path / "out", jobs=1)


def test_a_point_that_no_recipe_may_have_is_a_trial_that_failed(tmp_path):
    """The corners of a search are checked before it begins, and not what lies between them."""
    text = 'recipe = "bins-shapes"\ntrials = 6\n[set]\n"train.epochs" = 3\n"schedule.end" = 0.0\n[search]\n'
    axes = '"schedule.name" = ["constant", "cosine"]\n"schedule.warmup" = { low = 0.0, high = 2.0 }\n'
    swept = toy(tmp_path, text + axes)
    run(swept, tmp_path / "out", jobs=2)
    found = studies.trials(studies.open_study(swept, scheduler.default_storage(tmp_path / "out")))
    assert {trial.state for trial in found} == {studies.States.COMPLETE, studies.States.FAIL}
    assert len(found) == 6
    assert any("schedule.warmup" in trial.user_attrs.get("error", "") for trial in found)


def test_a_trial_that_others_have_taken_over_is_left_to_them(tmp_path):
    """This machine slept for longer than a heartbeat may be old."""
    swept, taken = toy(tmp_path), []

    def start(folder, threads):
        worker = one_slow_trial(0.3, "0001")(folder, threads)
        if folder.name == "0001" and not taken:
            study = studies.open_study(swept, scheduler.default_storage(tmp_path / "out"))
            (frozen,) = [trial for trial in study.get_trials() if trial.number == 1]
            studies._withdraw(study, studies._handle(study, frozen))
            studies.requeue(study, frozen)
            taken.append(worker)
        return worker

    lines = []
    scheduler.run(swept, tmp_path / "out", start=start, say=lines.append)
    assert any("trial 1: others have taken it over meanwhile" in line for line in lines)
    assert taken[0].status() is not None
    assert sorted(row["state"] for row in rows_of(swept, tmp_path / "out")) == ["complete"] * 4


def test_a_sweep_in_a_moved_folder_goes_on(tmp_path, monkeypatch):
    """Under another name of the machine, too, as in a container that is started anew."""
    swept = toy(tmp_path)
    storage = scheduler.default_storage(tmp_path / "out")
    (tmp_path / "out").mkdir()
    study = studies.open_study(swept, storage)
    studies.claim(study, swept, "another-name:/another/folder")
    studies.heartbeat(study, "another-name:/another/folder")
    run(swept, tmp_path / "out", jobs=2)
    assert [row["state"] for row in rows_of(swept, tmp_path / "out")] == ["complete"] * 4


def test_a_trial_without_one_finite_value_has_failed(tmp_path):
    def start(folder, threads):
        worker = light(0.0)(folder, threads)
        if folder.name == "0001":
            worker.process.wait()
            (folder / "history.csv").write_text("epoch,val_loss,seconds\n1,nan,0.1\n")
        return worker

    swept = toy(tmp_path)
    scheduler.run(swept, tmp_path / "out", start=start, say=lambda line: None)
    rows = rows_of(swept, tmp_path / "out")
    assert [row["state"] for row in rows] == ["complete", "fail", "complete", "complete"]
    assert rows[1]["error"] == "no epoch has a finite val_loss"
    results.write(rows, tmp_path)
    assert "NaN" not in (tmp_path / "results.json").read_text()
