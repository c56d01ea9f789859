"""Several machines that train together; here they are two processes. (Only JAX can.)"""

import csv
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import keras
import numpy as np
import pytest

import kcolor
from kcolor.utils.machines import Machine

SETTINGS = [
    "data.train_limit=96",
    "data.val_limit=32",
    "train.measure_limit=32",
    "train.batch_size=16",
    "train.precision=float32",
]
PATIENCE = 240


@pytest.mark.parametrize("text", ["0/2", "2/2@host:1", "a/2@host:1", "0/2@host", "-1/2@host:1", ""])
def test_what_is_no_machine(text):
    with pytest.raises(ValueError, match="Expected a machine as NUMBER/COUNT@HOST:PORT, numbered from 0.*Received"):
        Machine.parse(text)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_parts_are_of_one_length_and_share_a_batch(count):
    batch = np.arange(14).reshape(7, 2)
    parts = [Machine(number, count, "").part(batch) for number in range(count)]
    assert len({len(part) for part in parts}) == 1
    kept = np.concatenate(parts)
    assert len(kept) == 7 // count * count
    assert sorted(kept[:, 0]) == list(batch[: len(kept), 0])


def test_batches_in_parts(rng):
    toys = kcolor.data.pictures("shapes", "train", count=20)
    whole = [np.asarray(batch) for batch in kcolor.data.batches(toys, 8, 16, shuffle=True)]
    parts = [
        list(map(np.asarray, kcolor.data.batches(toys, 8, 16, shuffle=True, part=Machine(k, 3, "").part))) for k in range(3)
    ]
    for number, batch in enumerate(whole):
        kept = len(batch) // 3 * 3
        assert np.array_equal(np.stack([part[number] for part in parts], axis=1).reshape(-1, 16, 16, 3), batch[:kept])
    alone = kcolor.data.batches(kcolor.data.pictures("shapes", "train", count=9), 8, 16, part=Machine(0, 2, "").part)
    assert [len(batch) for batch in alone] == [4]  # of the last batch, one picture, there are no two parts


def test_only_the_first_writes(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "state.npz").write_text("before")
    with Machine(0, 2, "").folder(tmp_path / "run") as first, Machine(1, 2, "").folder(tmp_path / "run") as second:
        assert first == tmp_path / "run"
        assert (second / "state.npz").read_text() == "before"
        (second / "state.npz").write_text("after")
    assert not second.exists()
    assert (tmp_path / "run" / "state.npz").read_text() == "before"


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX is the backend that can")
def test_other_backends_say_so(tmp_path):
    with pytest.raises(ValueError, match=r"Several machines need the JAX backend \(KERAS_BACKEND=jax\). Received: "):
        kcolor.train("bins-shapes", out=tmp_path / "run", machine="0/2@127.0.0.1:1234")
    assert not (tmp_path / "run").exists()


def start(out, *options):
    changes = [part for setting in SETTINGS for part in ("--set", setting)]
    command = [sys.executable, "-m", "kcolor", "train", "bins-shapes", "--out", str(out), *changes, *options]
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(kcolor.__file__).parents[1])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def start_two(out, *options):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    return [start(out, "--machine", f"{number}/2@{address}", *options) for number in range(2)]


def finish(processes):
    for process in processes:
        text = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, text[-3000:]


def losses(folder):
    with open(folder / "history.csv", newline="") as file:
        return [[float(row["loss"]), float(row["val_loss"])] for row in csv.DictReader(file)]


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "jax", reason="Keras trains on several machines with JAX alone")
def test_two_train_as_one_and_go_on_after_a_kill(tmp_path):
    finish([start(tmp_path / "one", "--epochs", "3")])
    killed = start_two(tmp_path / "two", "--epochs", "3")
    until = time.monotonic() + PATIENCE
    while not (tmp_path / "two" / "history.csv").is_file() and time.monotonic() < until:
        time.sleep(0.2)
    for process in killed:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert len(losses(tmp_path / "two")) < 3
    finish(start_two(tmp_path / "two", "--epochs", "3"))
    one, two = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert len(two) == 3
    assert two[0][0] == pytest.approx(one[0][0], rel=1e-3)  # sums in another order
    np.testing.assert_allclose(two, one, rtol=0.05)  # which three epochs of Adam enlarge
    assert {"model.keras", "last.keras", "state.npz"} <= {path.name for path in (tmp_path / "two").iterdir()}
