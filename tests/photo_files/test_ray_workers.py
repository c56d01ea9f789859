"""An archive on a Ray cluster: two nodes, of which one is killed; photos and results in an object store."""

import json
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
from helpers.albums import fill, photo
from helpers.colorizers import painter
from PIL import Image

from kcolor.photo_files import archive, ray_workers
from kcolor.photo_files.colorize_files import colorize_files

CLUSTER = """
import os, sys, threading, time
import fsspec
from moto.server import ThreadedMotoServer
from ray.cluster_utils import Cluster

server = ThreadedMotoServer(port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
os.environ |= {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
               "AWS_DEFAULT_REGION": "us-east-1"}
store = fsspec.filesystem("s3")
store.mkdir("archive")
store.put(sys.argv[1] + "/", "archive/photos", recursive=True)

nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
first, _ = [nodes.add_node(num_cpus=1) for _ in range(2)]

def kill():
    while not store.exists("archive/out") or len(store.ls("archive/out", refresh=True)) < 10:
        time.sleep(0.2)
    nodes.remove_node(first, allow_graceful=False)
    print("killed", flush=True)

threading.Thread(target=kill, daemon=True).start()
from kcolor.cli import main
command = ["colorize", "s3://archive/photos", "-o", "s3://archive/out", "--ray", nodes.address, "--json"]
command += ["--model", sys.argv[2]]
print("status", main.main(command), flush=True)
store.invalidate_cache()
store.get("archive/out/", sys.argv[1] + "-out", recursive=True)
print("status", main.main(command), flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="one backend is enough for what other processes do")
def test_a_cluster_that_loses_a_node(tmp_path):
    for package in ("ray.data", "moto.server", "s3fs"):
        pytest.importorskip(package, reason="needs a local S3: pip install '.[store]'")
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(240):
        photo(number, (240, 320)).save(photos / f"{number:03}.png")
    (photos / "010.png").write_bytes(b"")
    painter(output_stride=2, size=32).save(tmp_path / "painter.keras")
    code = [sys.executable, "-c", CLUSTER, str(photos), str(tmp_path / "painter.keras")]
    done = subprocess.run(code, capture_output=True, text=True, check=False, timeout=500)
    assert "killed" in done.stdout, done.stdout + done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    first, again = said[:240], said[240:]
    assert sorted(one["photo"] for one in first) == [f"s3://archive/photos/{number:03}.png" for number in range(240)]
    assert [(one["photo"], one["reason"]) for one in first if one["status"] != "done"] == [
        ("s3://archive/photos/010.png", "the file is empty")
    ]
    assert sorted(one["status"] for one in again) == ["failed"] + ["skipped"] * 239
    assert done.stdout.count("status 1") == 2
    made = sorted(pathlib.Path(f"{photos}-out").iterdir())
    assert [path.name for path in made] == [f"{number:03}.png" for number in range(240) if number != 10]
    here = colorize_files(photos / "000.png", tmp_path / "here", tmp_path / "painter.keras")
    difference = [np.asarray(Image.open(path), int) for path in (here[0].result, made[0])]
    assert np.abs(difference[0] - difference[1]).max() <= 1


def test_what_a_worker_does(tmp_path):
    pytest.importorskip("fsspec", reason="Ray is not installed: pip install '.[ray]'")
    album = fill(tmp_path / "album")
    (album / "b.png").write_bytes(b"")
    painter(output_stride=2, size=32).save(tmp_path / "painter.keras")
    model = (tmp_path / "painter.keras").read_bytes()
    worker = ray_workers.Worker({"model": model, "quality": 95, "recolor": False, "options": {"saturation": 0.5}})
    tasks = list(archive.tasks([album], tmp_path / "out", compare=True))
    gone = archive.Task(str(album / "gone.jpg"), str(tmp_path / "out" / "gone.jpg"), "")
    batch = {
        name: np.array([os.fsencode(getattr(task, name)) for task in [*tasks, gone]], dtype=object)
        for name in ("photo", "result", "comparison")
    }
    outcomes = [json.loads(one) for one in worker(batch)["outcome"]]
    by_name = {pathlib.Path(one["photo"]).name: one for one in outcomes}
    assert {name: one["status"] for name, one in by_name.items()} == {
        "a.jpg": "done",
        "b.png": "failed",
        "c.tif": "done",
        "gone.jpg": "failed",
    }
    assert (by_name["b.png"]["reason"], by_name["gone.jpg"]["reason"]) == (
        "the file is empty",
        "the file is not there any more",
    )
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a-compare.jpg", "a.jpg", "c-compare.jpg", "c.tif"]


def test_hints_are_not_for_a_cluster(tmp_path):
    for options in ({"out": None}, {"out": tmp_path / "out", "hints": []}):
        with pytest.raises(ValueError, match="Expected `out`, and neither `hints` nor `jobs`"):
            colorize_files(tmp_path, ray="auto", **options)
