"""A worker for tests that "trains" in milliseconds: a process of its own that leaves the files of a training."""

import pathlib
import subprocess
import sys

from kcolor.sweep import local_worker

TRAINING = """
import json, os, pathlib, sys, threading, time

def end_with_parent():
    os.read(0, 1)
    os._exit(3)

threading.Thread(target=end_with_parent, daemon=True).start()
folder = pathlib.Path(sys.argv[1])
recipe = (folder / "recipe.toml").read_text()
if "dropout = 0.5" in recipe:
    print("out of memory, say"); sys.exit(1)
rate = float(recipe.split("learning_rate = ")[1].split()[0])
path = folder / "history.csv"
done = path.read_text().count(chr(10)) - 1 if path.is_file() else 0
with open(folder / "log.txt", "a") as log:
    print("began after", done, os.getpid(), file=log)
for epoch in range(done + 1, 4):
    time.sleep(float(sys.argv[2]))
    old = path.read_text() if path.is_file() else "epoch,val_loss,val_psnr,seconds" + chr(10)
    half = folder / ".half"
    half.write_text(old + f"{epoch},{rate * 100 + 1 / epoch},{20 + epoch},{0.5}" + chr(10))
    half.replace(path)
(folder / "result.json").write_text(json.dumps({"parameters": int(rate * 1e5), "code_size": int(rate * 1e4), "flops": 10}))
"""


def light(seconds):
    """Returns a `start` for `kcolor.sweep.run`, whose workers need so many seconds for an epoch."""

    def start(folder, threads):
        process = subprocess.Popen([sys.executable, "-S", "-c", TRAINING, str(folder), str(seconds)], stdin=subprocess.PIPE)
        return local_worker.Worker(pathlib.Path(folder), process)

    return start
