"""Workers on a Ray cluster."""

import subprocess

import keras
import pytest
from helpers.sweeps import SMALL, TOY, command, rows_of, toy

from kcolor.sweep import local_worker, ray_worker
from kcolor.sweep.trial_folder import trial_folder

CLUSTER = """
import pathlib, sys, threading, time
from ray.cluster_utils import Cluster
from kcolor.sweep import ray_worker, scheduler, sweep_file

folder = pathlib.Path(sys.argv[1])
nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
first, _ = [nodes.add_node(num_cpus=1) for _ in range(2)]

def kill():
    while len(list(folder.glob("out/trials/*/history.csv"))) < 2:
        time.sleep(0.2)
    nodes.remove_node(first, allow_graceful=False)

threading.Thread(target=kill, daemon=True).start()
start = ray_worker.starter(nodes.address)
scheduler.run(sweep_file.load(folder / "toy.toml"), folder / "out", jobs=2, threads=1, start=start)
"""


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="training needs TensorFlow's tf.data")
def test_a_cluster_that_loses_a_node(tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed: pip install '.[ray]'")
    # Many epochs: a node that goes after the first must go before the last.
    text = TOY.replace("[grid]\n", SMALL).replace("[[4, 8], [8, 16]]", "[[4, 8]]").replace('epochs" = 3', 'epochs" = 60')
    swept = toy(tmp_path, text)
    done = subprocess.run(command(CLUSTER, tmp_path), capture_output=True, text=True, check=False)
    assert "or its node is gone; started again" in done.stdout
    rows = rows_of(swept, tmp_path / "out")
    assert [(row["state"], len(row["curve"])) for row in rows] == [("complete", 60)] * 2
    logs = [(trial_folder(tmp_path / "out", row["trial"]) / "log.txt").read_text() for row in rows]
    assert any("Continues after epoch" in log for log in logs)


def test_a_trial_on_a_node_gives_what_is_new(monkeypatch):
    code = "print('wrong', open(sys.argv[1] + '/recipe.toml').read()); sys.exit(1)"
    monkeypatch.setattr(local_worker, "COMMAND", command(code))  # trains nothing
    assert "guide/state.npz" in ray_worker._to_continue()
    actor = ray_worker.TrialActor({"recipe.toml": b"nonsense", "guide/state.npz": b"of the guide"}, threads=1)
    assert (actor.folder / "guide" / "state.npz").read_bytes() == b"of the guide"
    assert actor.worker.process.wait(60) == 1
    status, files, seen = actor.poll({})
    assert (status, sorted(files)) == (1, ["guide/state.npz", "log.txt", "recipe.toml"])
    assert files["log.txt"] == b"wrong nonsense\n"
    assert actor.poll(seen)[1] == {}
    # What is written last is read first: of an epoch that ends meanwhile the rest may be newer than the state, but not older.
    for name in ("model.keras", "state.npz"):
        (actor.folder / name).write_bytes(b"of an epoch")
    assert next(iter(actor.poll(seen)[1])) == "state.npz"
    assert ray_worker.RemoteWorker.retries > local_worker.Worker.retries
    actor.temporary.cleanup()
