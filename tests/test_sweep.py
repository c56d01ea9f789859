"""Sweeps: what a file may say, the book of trials, what survives being killed, results and pictures."""

import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest

pytest.importorskip("optuna", reason="sweeps need Optuna")
pytest.importorskip("seaborn", reason="reports need seaborn")

from helpers.fake_worker import light

from kcolor import metrics, models, sweep, targets
from kcolor.recipes import build
from kcolor.recipes.build import absolute_source
from kcolor.sweep import __main__ as command
from kcolor.sweep import (
    dry_run,
    html_report,
    local_worker,
    network_cost,
    plots,
    progress,
    ray_worker,
    results,
    retrain_best,
    scheduler,
    sweep_file,
)
from kcolor.sweep import study as book
from kcolor.sweep.train_trial import train as train_trial
from kcolor.utils.files import BusyError

TOY = """
recipe = "bins-shapes"
[set]
"train.epochs" = 3
[grid]
"optimizer.learning_rate" = [1e-3, 2e-3]
"model.filters" = [[4, 8], [8, 16]]
"""


def toy(tmp_path, text=TOY):
    (tmp_path / "toy.toml").write_text(text)
    return sweep_file.load(tmp_path / "toy.toml")


def run(swept, out, seconds=0.0, **options):
    lines = []
    scheduler.run(swept, out, start=light(seconds), say=lines.append, **options)
    return lines


def rows_of(swept, out):
    return results.collect(book.open_book(swept, scheduler.address(out)), swept)


# What a file may say


def test_a_grid_is_every_combination(tmp_path):
    swept = toy(tmp_path)
    assert (swept.name, swept.axes, swept.direction) == ("toy", ["optimizer.learning_rate", "model.filters"], "minimize")
    assert len(swept.points()) == 4
    made = swept.plan(swept.points()[3])
    assert (made.optimizer.options["learning_rate"], made.model.options["filters"], made.train.epochs) == (2e-3, [8, 16], 3)
    assert swept.base().model.options["filters"] == [16, 32]


def test_keys_that_change_together_are_one_axis(tmp_path):
    axis = 'output = [{name = "squashed", "target.temperature" = 0.5, "model.filters" = [4, 8]}, {"target.temperature" = 0.8}]'
    swept = toy(tmp_path, TOY.replace('"model.filters" = [[4, 8], [8, 16]]', axis))
    made = [swept.plan(point) for point in swept.points()[:2]]
    found = [(one.target.options["temperature"], one.model.options["filters"]) for one in made]
    assert found == [(0.5, [4, 8]), (0.8, [16, 32])]
    assert [sweep_file.label(point["output"]) for point in swept.points()[:2]] == ["squashed", "target.temperature=0.8"]
    assert (sweep_file.label([4, 8]), sweep_file.label(0.1)) == ("[4, 8]", 0.1)
    assert [trial.user_attrs["point"] for trial in book.open_book(swept, scheduler.address(tmp_path)).trials] == swept.points()


def test_repeats_have_seeds_of_their_own(tmp_path):
    swept = toy(tmp_path, "repeats = 3\n" + TOY)
    assert [point["train.seed"] for point in swept.points()] == [0] * 4 + [1] * 4 + [2] * 4
    assert swept.digest != toy(tmp_path).digest


def test_every_metric_has_its_direction_here():
    assert set(sweep_file.HIGHER_IS_BETTER) == {*metrics.METRICS, "loss"} - {"colorfulness"}
    known = {
        name: metrics.get(name)._direction for name in set(sweep_file.HIGHER_IS_BETTER) - {"loss", "bin_accuracy", "lpips"}
    }
    assert {name: sweep_file.HIGHER_IS_BETTER[name] for name in known} == {name: way == "up" for name, way in known.items()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Expected `recipe`"),
        (TOY + 'colour = ["red"]', "section.key=value.*colour"),
        ("colour = 1\n" + TOY, "Unknown key.*'repeats'.*colour"),
        ('optimize = "colorfulness"\n' + TOY, "Expected `optimize` as one of.*psnr.*colorfulness"),
        ('optimize = "val_ssim"\n' + TOY, "train.metrics.*psnr.*val_ssim"),
        ("repeats = 0\n" + TOY, "1 or more"),
        ("repeats = true\n" + TOY, "repeats.*as int.*True"),
        ('recipe = "bins-shapes"', r"\[grid\] or a \[search\].*neither"),
        (TOY.replace("[1e-3, 2e-3]", "3"), "learning_rate.*list of values.*3"),
        (TOY.replace("[1e-3, 2e-3]", "[]"), "learning_rate.*list of values"),
        (TOY.replace("[1e-3, 2e-3]", "[1e-3, 1e-3]"), "learning_rate.*to differ"),
        (TOY.replace("[1e-3, 2e-3]", '["fast"]'), "optimizer.learning_rate.*number.*fast"),
        (TOY.replace("learning_rate", "speed"), "speed"),
        ('recipe = "bins-shapes"\n[search]\n"model.filters" = [[4, 8]]', "Expected `trials`"),
        ('recipe = "bins-shapes"\ntrials = 3\n[search]\n"optimizer.learning_rate" = {low = 1}', "low = …, high = …"),
        ('recipe = "nonsense"\n[grid]\n"train.seed" = [1]', "Unknown recipe.*nonsense"),
        ('recipe = "nogan-photos"\n[grid]\n"train.seed" = [1]', "trained in phases.*Expected a recipe without"),
        ("[grid", "TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path, text, words):
    with pytest.raises(ValueError, match=f"(?s){words}"):
        toy(tmp_path, text)


def test_there_must_be_a_file(tmp_path, capsys):
    assert command.main([str(tmp_path / "none.toml")]) == 1
    assert "There is none at" in capsys.readouterr().err


def test_data_and_changes_reach_every_trial(tmp_path):
    (tmp_path / "toy.toml").write_text(TOY)
    swept = sweep.load(tmp_path / "toy.toml", ["train.epochs=7"], data=tmp_path)
    assert isinstance(swept, sweep.Sweep)
    made = swept.plan(swept.points()[0])
    assert (made.data.source, made.train.epochs) == (str(tmp_path.resolve()), 7)


def test_a_source_means_the_same_from_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "album").mkdir()
    assert absolute_source("album") == str((tmp_path / "album").resolve())
    assert [absolute_source(name) for name in ("cifar10", None)] == ["cifar10", None]


def test_system_e_s_grid_is_complete():
    swept = sweep_file.load(pathlib.Path(__file__).parent.parent / "sweeps" / "autoencoder-cifar10.toml")
    points = swept.points()
    assert len(points) == 36
    costs = [network_cost.of_plan(swept.plan(point)) for point in points]
    base = points.index(
        {"model.fewer_layers": False, "model.channel_factor": 4, "model.kernel_size": 3, "model.compression": 2}
    )
    assert (costs[base]["parameters"], costs[base]["code_size"]) == (4911, 1024)
    whole = {point["model.channel_factor"] * 4 * 32 * 32 for point in points}
    without = [found["code_size"] for point, found in zip(points, costs, strict=True) if point["model.compression"] == 1]
    assert set(without) == whole


@pytest.mark.parametrize("path", sorted((pathlib.Path(__file__).parent.parent / "sweeps").glob("*.toml")), ids=lambda p: p.stem)
def test_every_sweep_that_ships_is_valid_and_says_its_command(path):
    assert sweep_file.load(path).axes
    comment = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert any(f"python -m kcolor.sweep sweeps/{path.name}" in line for line in comment)
    assert any("Time:" in line for line in comment)


# What a network costs


def test_flops_by_hand():
    luma = keras.Input((None, None, 1))
    x = keras.layers.Conv2D(4, 3, padding="same", name="one")(luma)
    x = keras.layers.Conv2D(6, 3, strides=2, padding="same", name="two")(x)
    x = keras.layers.Conv2DTranspose(5, 2, strides=2, name="three")(x)
    network = keras.Model(luma, keras.layers.Conv2D(2, 1, name="four")(x))
    by_hand = 2 * (64 * 9 * 4 + 16 * 9 * 4 * 6 + 16 * 4 * 6 * 5 + 64 * 5 * 2)
    assert network_cost.flops(network, (8, 8)) == by_hand
    assert network_cost.flops(network, (16, 16)) == 4 * by_hand


def test_what_a_network_costs():
    network = models.build("autoencoder", targets.get("rgb", keep_lightness=False), input_channels=3)
    found = network_cost.of_network(network, (32, 32))
    assert (found["parameters"], found["code_size"]) == (4911, 1024)
    assert build.count_weights(network) == 4911
    unet = models.build("unet", targets.get("lab"), filters=(2, 4))
    assert network_cost.of_network(unet, (32, 32))["code_size"] is None


def test_what_a_guided_network_costs():
    swept = sweep_file.Sweep("guided", "faces-guided", (), {"model.guide": [True]})
    alone = sweep_file.Sweep("alone", "faces-sigmoid", (), {"model.guide": [False]})
    with_guide, without = (network_cost.of_plan(s.base()) for s in (swept, alone))
    assert with_guide["parameters"] == without["parameters"] + 9 * 2 * 3  # two planes more before 3×3 to three maps
    assert with_guide["flops"] > without["flops"]


@pytest.mark.parametrize("small", [("bins-shapes", "model.filters=[2, 4]"), ("faces-guided", "model.down=[2, 2]")])
def test_the_pace_is_measured(small):
    swept = sweep_file.Sweep("small", small[0], ("train.batch_size=4", small[1]), {"train.seed": [0]})
    a_step, a_flop = network_cost.pace(swept.base(), steps=1)
    assert a_step >= 0
    assert a_flop >= 0


# The book


def test_the_whole_grid_is_in_the_book_once(tmp_path):
    swept = toy(tmp_path)
    for _ in range(2):
        study = book.open_book(swept, scheduler.address(tmp_path))
        assert [trial.user_attrs["point"] for trial in study.trials] == swept.points()
    claimed = [book.claim(study, swept, "me") for _ in range(5)]
    assert [trial and trial.number for trial in claimed] == [0, 1, 2, 3, None]
    assert [book.point_of(swept, trial) for trial in claimed[:4]] == swept.points()


@pytest.mark.parametrize("storage", ["sqlite", "journal"])
def test_two_who_begin_at_once_share_the_trials(tmp_path, storage):
    swept = toy(tmp_path)
    where = scheduler.address(tmp_path) if storage == "sqlite" else f"journal:{tmp_path / 'log'}"
    one, other = book.open_book(swept, where), book.open_book(swept, where)
    book.enqueue_again(one, one.trials[0])  # as if both had put it in
    claimed = [book.claim(study, swept, name) for study, name in [(one, "a"), (other, "b")] * 3]
    points = [trial.user_attrs["point"] for trial in claimed if trial]
    assert sorted(map(str, points)) == sorted(map(str, swept.points()))


def test_another_sweep_is_refused(tmp_path):
    book.open_book(toy(tmp_path), scheduler.address(tmp_path))
    with pytest.raises(ValueError, match="another sweep.*--out"):
        book.open_book(toy(tmp_path, TOY.replace("2e-3", "3e-3")), scheduler.address(tmp_path))


def test_what_was_running_is_its_owner_s(tmp_path):
    swept = toy(tmp_path)
    study = book.open_book(swept, scheduler.address(tmp_path))
    book.claim(study, swept, "me")
    book.claim(study, swept, "you")
    study.ask(book.distributions(swept))  # killed before it could say whose it is
    assert [trial.number for trial in book.mine(study, "me", alone=False)] == [0]
    found = book.mine(study, "me", alone=True)
    assert [trial.number for trial in found] == [0, 2]
    book.give(found[1], "you", book.point_of(swept, found[1]))
    assert [trial.number for trial in book.mine(study, "me", alone=True)] == [0]


def test_trials_of_those_who_are_not_seen_any_more_go_to_others(tmp_path):
    swept = toy(tmp_path)
    study = book.open_book(swept, scheduler.address(tmp_path))
    book.claim(study, swept, "you")
    book.heartbeat(study, "you")
    assert book.give_back_lost(study, "me") == []
    assert book.give_back_lost(study, "you", lost_after=-1) == []
    assert book.give_back_lost(study, "me", lost_after=-1) == [0]
    claimed = [book.claim(study, swept, "me") for _ in range(4)]
    assert sorted(str(trial.user_attrs["point"]) for trial in claimed) == sorted(map(str, swept.points()))
    assert book.claim(study, swept, "me") is None


def test_a_search_draws_what_it_may(tmp_path):
    text = 'recipe = "bins-shapes"\ntrials = 5\n[search]\n"optimizer.learning_rate" = {low = 1e-4, high = 1e-1, log = true}\n'
    text += '"model.filters" = [[4, 8], [8, 16]]\n"train.batch_size" = {low = 8, high = 32, step = 8}\n'
    swept = toy(tmp_path, text)
    study = book.open_book(swept, scheduler.address(tmp_path))
    trials = [book.claim(study, swept, "me") for _ in range(6)]
    assert trials[5] is None
    for trial in trials[:5]:
        point = book.point_of(swept, trial)
        made = swept.plan(point)
        assert 1e-4 <= made.optimizer.options["learning_rate"] <= 1e-1
        assert made.model.options["filters"] in ([4, 8], [8, 16])
        assert made.train.batch_size in (8, 16, 24, 32)
    assert dry_run.table(swept).startswith("toy: a search of 5 trials, minimize val_loss")


# Running


def test_a_sweep_from_beginning_to_report(tmp_path, capsys):
    swept = toy(tmp_path)
    lines = run(swept, tmp_path / "out", jobs=2)
    assert sum("done" in line for line in lines) == 4
    rows = rows_of(swept, tmp_path / "out")
    assert [row["state"] for row in rows] == ["complete"] * 4
    assert rows[0]["val_loss"] == pytest.approx(0.1 + 1 / 3)
    assert rows[0]["curve"] == pytest.approx([1.1, 0.6, 0.1 + 1 / 3])
    assert scheduler.outcome(scheduler.trial_folder(tmp_path / "out", 0), swept)["epochs"] == 3
    assert scheduler.outcome(tmp_path, swept) == {}
    assert (rows[0]["best_epoch"], rows[0]["val_psnr"], rows[0]["parameters"], rows[0]["seconds"]) == (3, 23.0, 100, 1.5)
    assert run(swept, tmp_path / "out") == []  # all done: nothing is trained twice
    assert command.main([str(tmp_path / "toy.toml"), "--out", str(tmp_path / "out"), "--report-only"]) == 0
    assert "4 of 4 done, 0 running, 0 failed, best val_loss 0.43333" in capsys.readouterr().out
    table = (tmp_path / "out" / "results.csv").read_text().splitlines()
    assert table[0].startswith("trial,state,optimizer.learning_rate,model.filters,val_loss,best_epoch,parameters")
    assert len(table) == 5
    assert len(json.loads((tmp_path / "out" / "results.json").read_text())) == 4
    text = (tmp_path / "out" / "report.html").read_text()
    assert text.count("data:image/png;base64") == len(list((tmp_path / "out" / "report").glob("*.png"))) == 6
    assert 'href="trials/0003/"' in text
    assert "http" not in text.replace("http-equiv", "")  # self-contained


def test_limits_hold(tmp_path):
    swept = toy(tmp_path)
    assert sum("done" in line for line in run(swept, tmp_path / "out", limit=1, jobs=3)) == 1
    assert sum("done" in line for line in run(swept, tmp_path / "out", limit=3, jobs=3)) == 2
    for options, words in (({"jobs": 0}, "`jobs` of 1 or more"), ({"limit": 0}, "`limit` of 1 or more")):
        with pytest.raises(ValueError, match=words):
            run(swept, tmp_path / "out", **options)


def test_a_trial_that_fails_is_not_the_end_of_the_sweep(tmp_path):
    text = TOY.replace('"model.filters" = [[4, 8], [8, 16]]', '"model.dropout" = [0.0, 0.5]')
    swept = toy(tmp_path, text)
    lines = run(swept, tmp_path / "out")
    assert sum("failed" in line and "log.txt" in line for line in lines) == 2
    rows = rows_of(swept, tmp_path / "out")
    assert [row["state"] for row in rows] == ["complete", "fail", "complete", "fail"]
    assert html_report.write(rows, swept, tmp_path / "out", "").read_text().count('class="failed"') == 2
    assert scheduler.log_tail(tmp_path / "none") == ""


def test_a_worker_that_is_killed_goes_on_once(tmp_path):
    swept = toy(tmp_path)
    killed = []

    def start(folder, threads):
        worker = light(0.3)(folder, threads)
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


def test_a_sweep_that_is_killed_goes_on(tmp_path):
    swept = toy(tmp_path)
    here = str(pathlib.Path(__file__).parent)
    code = f"import sys\nsys.path.insert(0, {here!r})\nfrom helpers.fake_worker import light\n"
    code += f"from kcolor.sweep import plan, running\nswept = plan.load({str(tmp_path / 'toy.toml')!r})\n"
    code += f"running.run(swept, {str(tmp_path / 'out')!r}, start=light(0.4), jobs=2)"
    for turn in range(2):
        parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(list((tmp_path / "out").glob("trials/*/history.csv"))) < 1 + 2 * turn and time.monotonic() < deadline:
            time.sleep(0.05)
        with pytest.raises(BusyError):
            run(swept, tmp_path / "out")
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        time.sleep(1.5)  # light workers do not watch their parent: let them end
    run(swept, tmp_path / "out", jobs=2)
    rows = rows_of(swept, tmp_path / "out")
    assert [row["state"] for row in rows] == ["complete"] * 4
    assert [{axis: row[axis] for axis in swept.axes} for row in rows] == swept.points()
    for row in rows:
        epochs = (scheduler.trial_folder(tmp_path / "out", row["trial"]) / "history.csv").read_text().splitlines()
        assert [line.split(",")[0] for line in epochs] == ["epoch", "1", "2", "3"]


@pytest.mark.parametrize("storage", ["sqlite:////no/such/folder/study.db", "a file", "journal:/no/such/folder/study.log"])
def test_a_storage_that_cannot_be_opened(tmp_path, storage):
    with pytest.raises((ValueError, OSError), match="Expected a storage|No such file"):
        book.open_book(toy(tmp_path), storage)


@pytest.mark.slow
def test_many_who_make_the_same_database_at_once(tmp_path):
    toy(tmp_path)
    code = f"import sys, time\nfrom kcolor.sweep import book, plan\nswept = plan.load({str(tmp_path / 'toy.toml')!r})\n"
    code += "time.sleep(max(0, float(sys.argv[1]) - time.time()))\n"
    code += f"study = book.open_book(swept, 'sqlite:///{tmp_path}/study.db')\n"
    together = str(time.time() + 25)
    parents = [subprocess.Popen([sys.executable, "-c", code, together], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    errors = [parent.communicate(timeout=120)[1] for parent in parents]
    assert [parent.returncode for parent in parents] == [0] * 3, errors


@pytest.mark.slow
@pytest.mark.parametrize("storage", ["sqlite:///{}/shared.db", "journal:{}/shared.log"])
def test_two_parents_share_one_study(tmp_path, storage):
    swept, where = toy(tmp_path, "repeats = 2\n" + TOY), storage.format(tmp_path)
    code = f"import sys\nsys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})\nfrom helpers.fake_worker import light\n"
    code += f"from kcolor.sweep import plan, running\nswept = plan.load({str(tmp_path / 'toy.toml')!r})\n"
    code += f"running.run(swept, sys.argv[1], storage={where!r}, start=light(0.5))"
    outs = [str(tmp_path / name) for name in ("one", "other")]
    parents = [subprocess.Popen([sys.executable, "-c", code, out], stderr=subprocess.PIPE, text=True) for out in outs]
    errors = [parent.communicate(timeout=120)[1] for parent in parents]
    assert [parent.returncode for parent in parents] == [0, 0], errors
    rows = results.collect(book.open_book(swept, where), swept)
    assert [row["state"] for row in rows] == ["complete"] * 8
    keys = [*swept.axes, "train.seed"]
    assert sorted(str([row[key] for key in keys]) for row in rows) == sorted(
        str([p[key] for key in keys]) for p in swept.points()
    )
    assert all(len(list(pathlib.Path(out).glob("trials/*"))) >= 2 for out in outs)


def test_hopeless_trials_are_pruned(tmp_path):
    text = TOY.replace("[1e-3, 2e-3]", "[1e-3, 1.1e-3, 1.2e-3, 1.3e-3, 5e-1]").replace("[[4, 8], [8, 16]]", "[[4, 8]]")
    swept = toy(tmp_path, "prune = true\n" + text)
    lines = run(swept, tmp_path / "out", seconds=0.6)
    assert [row["state"] for row in rows_of(swept, tmp_path / "out")] == ["complete"] * 4 + ["pruned"]
    assert any("pruned" in line for line in lines)


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="training needs TensorFlow's tf.data")
def test_real_trainings_killed_and_resumed(tmp_path):
    small = '"data.train_limit" = 64\n"data.val_limit" = 32\n"train.measure_limit" = 64\n[grid]\n'
    (tmp_path / "toy.toml").write_text(TOY.replace("[grid]\n", small).replace("[[4, 8], [8, 16]]", "[[4, 8]]"))
    line = [sys.executable, "-m", "kcolor.sweep", str(tmp_path / "toy.toml"), "--out", str(tmp_path / "out"), "--jobs", "2"]
    parent = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list((tmp_path / "out").glob("trials/*/history.csv")):
        time.sleep(0.2)
        assert parent.poll() is None
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    time.sleep(2)  # the workers see it and end: their folders are free again
    assert subprocess.run(line, capture_output=True, text=True, check=True).stdout.count(" done ") >= 2
    swept = sweep_file.load(tmp_path / "toy.toml")
    rows = rows_of(swept, tmp_path / "out")
    assert [row["state"] for row in rows] == ["complete", "complete"]
    assert all(len(row["curve"]) == 3 and row["flops"] > 0 for row in rows)
    logs = [(scheduler.trial_folder(tmp_path / "out", row["trial"]) / "log.txt").read_text() for row in rows]
    assert any("Goes on after epoch" in log for log in logs)
    (best,) = retrain_best.train_best(results.finished(rows, swept)[:1], swept, tmp_path / "out", 1)
    assert best.is_file()
    assert (best.parent / "saved_model" / "saved_model.pb").is_file()
    assert dry_run.table(swept).splitlines()[-1].startswith("2 trials, minimize val_loss; about ")


CLUSTER = """
import pathlib, sys, threading, time
from ray.cluster_utils import Cluster
from kcolor.sweep import cluster, plan, running

folder = pathlib.Path(sys.argv[1])
nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
first, _ = [nodes.add_node(num_cpus=1) for _ in range(2)]

def kill():
    while len(list(folder.glob("out/trials/*/history.csv"))) < 2:
        time.sleep(0.2)
    nodes.remove_node(first, allow_graceful=False)

threading.Thread(target=kill, daemon=True).start()
running.run(plan.load(folder / "toy.toml"), folder / "out", jobs=2, threads=1, start=cluster.starter(nodes.address))
"""


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="training needs TensorFlow's tf.data")
def test_a_cluster_that_loses_a_node(tmp_path):
    pytest.importorskip("ray", reason="kcolor[ray] is not installed")
    small = '"data.train_limit" = 64\n"data.val_limit" = 32\n"train.measure_limit" = 64\n[grid]\n'
    # Many epochs: a node that goes after the first must go before the last.
    text = TOY.replace("[grid]\n", small).replace("[[4, 8], [8, 16]]", "[[4, 8]]").replace('epochs" = 3', 'epochs" = 60')
    swept = toy(tmp_path, text)
    done = subprocess.run([sys.executable, "-c", CLUSTER, str(tmp_path)], capture_output=True, text=True, check=False)
    assert "or its node is gone; once more" in done.stdout
    rows = rows_of(swept, tmp_path / "out")
    assert [(row["state"], len(row["curve"])) for row in rows] == [("complete", 60)] * 2
    logs = [(scheduler.trial_folder(tmp_path / "out", row["trial"]) / "log.txt").read_text() for row in rows]
    assert any("Goes on after epoch" in log for log in logs)


def test_without_ray_or_a_cluster_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ImportError, match=r"pip install 'kcolor\[ray\]'"):
        ray_worker.starter("auto")


def test_a_site_gives_what_is_new(tmp_path):
    site = ray_worker.Site({"recipe.toml": b"nonsense"}, threads=1)
    assert site.worker.process.wait(60) == 1
    status, files, seen = site.look({})
    assert (status, sorted(files)) == (1, ["log.txt", "recipe.toml"])
    assert b"TOML" in files["log.txt"]
    assert site.look(seen)[1] == {}
    assert ray_worker.Distant.retries > local_worker.Worker.retries
    site.place.cleanup()


def test_workers_end_with_their_parent(tmp_path):
    (tmp_path / "recipe.toml").write_text("nonsense")
    worker = local_worker.start(tmp_path, threads=1)
    assert worker.process.stdin is not None
    environment = pathlib.Path(f"/proc/{worker.process.pid}/environ")
    if environment.is_file():  # on Linux
        assert "XLA_PYTHON_CLIENT_PREALLOCATE=false" in environment.read_bytes().decode().split("\0")
    worker.process.stdin.close()  # what the system does when this process dies
    assert worker.process.wait(60) != 0
    assert worker.status() is not None
    worker.stop()
    with pytest.raises(ValueError, match="TOML"):
        train_trial(tmp_path)


# Results


def made_up():
    swept = sweep_file.Sweep(
        "made-up", "autoencoder-cifar10", grid={"model.channel_factor": [2, 4], "model.kernel_size": [3, 5]}
    )
    rows = []
    for number, point in enumerate(swept.points()):
        value = 10.0 - 2 * point["model.channel_factor"] + (point["model.kernel_size"] == 5)
        known = {"best_epoch": 2, "parameters": 100 * (number + 1), "code_size": 2**number, "flops": 7, "seconds": 5.0 + number}
        figures = {"val_pixel_accuracy": 1 - value / 10, "error": None, "curve": [value + 1, value]}
        rows.append({"trial": number, "state": "complete", **point, "val_loss": value, **known, **figures})
    return swept, rows


def test_importance_by_hand():
    swept, rows = made_up()  # 6, 7, 2, 3: all of the variance is 17, of which 16 and 1
    assert results.importance(rows, swept) == pytest.approx({"model.channel_factor": 16 / 17, "model.kernel_size": 1 / 17})


def test_the_front_has_what_nothing_cheaper_beats():
    swept, rows = made_up()
    assert [row["trial"] for row in results.pareto(rows, "parameters", swept)] == [0, 2]
    assert [row["trial"] for row in results.finished(rows, swept)] == [2, 3, 0, 1]
    upwards = sweep_file.Sweep("up", "autoencoder-cifar10", grid=swept.grid, optimize="val_pixel_accuracy")
    assert [row["trial"] for row in results.pareto(rows, "parameters", upwards)] == [0, 2]
    assert upwards.direction == "maximize"


def test_numbers_of_a_search_are_grouped_by_quarters():
    rows = [{"rate": value} for value in np.geomspace(1e-4, 1e-1, 20).tolist()]
    parts = results.groups(rows, "rate")
    assert [len(part) for _, part in parts] == [5, 5, 5, 5]
    assert [name for name, _ in results.groups([{"x": [16, 8]}, {"x": [2, 4]}], "x")] == ["[2, 4]", "[16, 8]"]


def test_every_picture_is_drawn():
    swept, rows = made_up()
    drawn = plots.figures(rows, swept)
    names = (
        "code-size-val_loss code-size-val_pixel_accuracy pareto-parameters pareto-seconds importance curves effects parallel"
    )
    assert list(drawn) == names.split()
    assert all(figure.axes for _, figure in drawn.values())
    front = plots.front(rows, "parameters", swept)
    assert sorted(text.get_text() for text in front.axes[0].texts) == ["0", "2"]
    assert len(plots.effects(rows, swept).axes) == 2
    assert [round(bar.get_width(), 3) for bar in plots.importance(rows, swept).axes[0].patches] == [0.059, 0.941]
    assert len(plots.parallel(rows, swept).axes[0].lines) == len(plots.curves(rows, swept).axes[0].lines) == 4
    assert plots.words("val_ab_distance") == "validation ab distance"
    (axis,) = plots.code_size(rows, "val_loss").axes
    correlation = np.corrcoef(range(4), [row["val_loss"] for row in rows])[0, 1]
    assert (axis.get_xlabel(), axis.get_title("right")) == ("code size, numbers", f"correlation {correlation:.2f}")


def test_an_adversarial_sweep_has_both_losses_and_the_ratio():
    swept = sweep_file.Sweep("duel", "gan-landscapes", grid={"model.complexity": [4, 8], "adversarial.factor": [0.0, 0.5]})
    rows = made_up()[1]
    for row, point in zip(rows, swept.points(), strict=True):
        losses = {"content": [0.2, 0.1, 0.05]} | ({"adversarial": [0.7, 0.9, 1.0]} if point["adversarial.factor"] else {})
        row.update(point, ratio=4.0 / point["model.complexity"], losses=losses)
    drawn = plots.figures(rows, swept)
    assert {"losses", "ratio"} <= set(drawn)
    panels = plots.losses(rows, swept).axes
    assert [panel.get_title() for panel in panels] == ["model.complexity 4", "model.complexity 8"]
    assert [len(line.get_xdata()) for line in panels[0].lines] == [3, 0, 3, 3]  # content and adversarial of either trial
    assert [text.get_text() for text in panels[0].get_legend().get_texts()] == ["factor 0.0", "factor 0.5"]
    lines = plots.ratio(rows, swept).axes[0].lines
    assert [list(line.get_xdata()) for line in lines] == [[0.5, 1.0], [0.5, 1.0]]


def test_a_page_escapes_what_it_shows(tmp_path):
    swept, rows = made_up()
    rows[1].update(state="fail", error="<script>", val_loss=None)
    text = html_report.document(rows, swept, tmp_path, plots.figures(rows, swept), "1 < 2")
    assert "1 &lt; 2" in text
    assert text.count("<script>") == 1


def test_progress_is_a_table_that_moves_on_a_terminal(tmp_path):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    swept, terminal, lines = toy(tmp_path), Terminal(), []
    study = book.open_book(swept, scheduler.address(tmp_path))
    trial = book.claim(study, swept, "me")
    shown = progress.Progress(swept, 1, lines.append, terminal)
    one = scheduler.Running(trial, tmp_path, None, epochs=3, values=[2.0, 1.0, 1.5])
    shown.show(study, [one], pause=0)
    assert terminal.getvalue().startswith("0 of 4 done, 1 running, 0 failed\n  trial    epoch     last       best")
    (row,) = progress.rows([one], swept)[1:]
    assert row.split()[:6] == ["0000", "3", "of", "3", "1.5", "1"]
    assert row.endswith("learning_rate 0.001, filters [4, 8]")
    assert "starting" in progress.rows([scheduler.Running(trial, tmp_path, None, epochs=3)], swept)[1]
    shown.finished(3, "FAIL", None, tmp_path)
    assert lines == [f"trial 0003 failed  {tmp_path}  see {tmp_path / 'log.txt'}"]
    assert terminal.getvalue().endswith("\x1b[3A\x1b[J")  # the table is gone before a line appears
    shown.line("x")
    shown.close()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["--jobs", "0"], "`jobs` of 1 or more. Received: 0"),
        (["--limit", "0"], "`limit` of 1 or more"),
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


def test_there_must_be_something_to_report(tmp_path, capsys):
    (tmp_path / "toy.toml").write_text(TOY)
    assert command.main([str(tmp_path / "toy.toml"), "--out", str(tmp_path / "out"), "--report-only"]) == 1
    assert "There is no sweep in" in capsys.readouterr().err
