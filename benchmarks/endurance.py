"""What survives kills: ``python -m benchmarks.endurance [--kills 100] [--only album training sweep export film]``.

Each kind of work runs once as it is. Then the same command runs again and is killed, with all of its processes, at a random
moment (SIGKILL), and is started again, until there were so many kills. Every time that it comes to its end, the result is
compared with that of the run that was not killed, and it begins anew. After every kill it is looked whether something half
written lies where a result belongs.

- album: 400 small photos. Every result is there once, and is the same to the byte.
- training: 10 epochs of a toy, deterministic. The history is the same to the last digit, the weights to the last bit.
- sweep: 4 trials of a toy, two at a time. Every trial is complete, once, with the same loss.
- export: a SavedModel. The folder has the same files, the same to the byte but for its random number, or is not there.
- film: 300 frames, 480×360. The file is the same to the byte.
"""

import argparse
import contextlib
import csv
import hashlib
import io
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Hashable

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).parents[1]
_TOY = """
recipe = "bins-shapes"
[set]
"train.epochs" = 3
"train.deterministic" = true
"data.train_limit" = 256
"data.val_limit" = 64
"train.measure_limit" = 64
[grid]
"optimizer.learning_rate" = [1e-3, 2e-3]
"model.filters" = [[4, 8], [8, 16]]
"""


def kills(
    command: list[str], result: Callable[[], Hashable], begin_anew: Callable[[], object], count: int, seed: int = 0
) -> tuple[int, int, float]:
    """Kills a command at random moments, starts it again, and compares what it makes with what it makes without kills.

    Args:
        command: The command line. Started again it continues.
        result: Function that returns what the command has made, None if that is not there yet. It raises RuntimeError if
            something half written lies where a result belongs.
        begin_anew: Function that removes what the command has made.
        count: Integer. How often to kill.
        seed: Integer. Of the moments.

    Returns:
        How often the command came to its end, how often with the same result, and the seconds it takes without kills.
    """
    draw, began = random.Random(seed), time.monotonic()
    _run(command, None)
    length, whole = time.monotonic() - began, result()
    begin_anew()
    finished = same = killed = 0
    while killed < count or not finished:
        if _run(command, draw.uniform(0.1, 1.0) * length if killed < count else None):
            killed += 1
            if killed % 10 == 0:
                print(f"killed {killed} times, finished {finished} times", file=sys.stderr, flush=True)
            result()
            continue
        finished += 1
        same += result() == whole
        begin_anew()
    return finished, same, length


def _run(command, seconds):
    """Runs a command in a session of its own. Returns whether it was killed, with all of its processes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=said, stderr=subprocess.STDOUT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return True
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"exit status {process.returncode}: {' '.join(command)}\n{said.read()[-2000:]}")
    return False


def remove(*paths: pathlib.Path) -> None:
    """Removes files and folders."""
    subprocess.run(["rm", "-rf", *map(str, paths)], check=True)


def album(folder, count, seed):
    """Photos of a folder."""
    rng, photos, out = np.random.default_rng(0), folder / "photos", folder / "out"
    photos.mkdir()
    for number in range(400):
        small = rng.integers(0, 255, (6, 8), "uint8")
        Image.fromarray(small).resize((160, 120), Image.Resampling.BICUBIC).save(photos / f"{number:03}.jpg")

    def result():
        found = [path for path in sorted(out.glob("*")) if not path.name.startswith(".")]
        for path in found:
            try:
                Image.open(io.BytesIO(path.read_bytes())).load()
            except OSError:
                raise RuntimeError(f"{path} is half a file") from None
        return tuple((path.name, _digest(path)) for path in found)

    return kills(_kcolor("colorize", photos, "--out", out, "--model", "shapes"), result, lambda: remove(out), count, seed)


def training(folder, count, seed):
    """A small training."""
    out = folder / "run"
    changes = ["train.deterministic=true", "train.epochs=10", "data.train_limit=512", "data.val_limit=64"]
    options = [part for change in [*changes, "train.measure_limit=64"] for part in ("--set", change)]

    def result():
        weights = []
        for name in ("model.keras", "last.keras"):
            if (out / name).exists():
                with zipfile.ZipFile(out / name) as file:
                    weights.append(hashlib.sha256(file.read("model.weights.h5")).hexdigest())
        if not (out / "history.csv").exists():
            return None
        rows = list(csv.DictReader((out / "history.csv").read_text().splitlines()))
        times = [name for name in rows[0] if "second" in name] if rows else []
        return tuple(tuple(value for name, value in row.items() if name not in times) for row in rows), tuple(weights)

    return kills(_kcolor("train", "bins-shapes", "--out", out, *options), result, lambda: remove(out), count, seed)


def sweep(folder, count, seed):
    """A small sweep, two trials at a time."""
    from kcolor.sweep import results, scheduler, study, sweep_file

    (folder / "toy.toml").write_text(_TOY)
    out, swept = folder / "sweep", sweep_file.load(folder / "toy.toml")

    def result():
        if not out.exists():
            return None
        try:
            rows = results.collect(study.open_study(swept, scheduler.default_storage(out)), swept)
        except Exception as error:
            raise RuntimeError(f"the study cannot be read: {error}") from None
        return tuple((row["trial"], row["state"], row.get("val_loss")) for row in rows if row["state"] != "running")

    command = [sys.executable, "-m", "kcolor.sweep", str(folder / "toy.toml"), "--out", str(out), "--jobs", "2"]
    return kills(command, result, lambda: remove(out), count, seed)


def export(folder, count, seed):
    """A SavedModel."""
    out = folder / "saved"

    def result():
        if not out.exists():
            return None
        files = [path for path in sorted(out.rglob("*")) if path.is_file()]
        found = tuple((path.relative_to(out).as_posix(), _digest(path)) for path in files)
        found = tuple((name, name != "fingerprint.pb" and digest) for name, digest in found)  # it holds a random number
        if "saved_model.pb" not in dict(found):
            raise RuntimeError(f"{out} is half an export: {found}")
        return found

    # A kill may come when the export is in its place already. Without this, the next one would refuse to replace it.
    command = _kcolor("export", "shapes", "-o", out, "--overwrite")
    return kills(command, result, lambda: remove(out), count, seed)


def film(folder, count, seed):
    """A film of 300 frames."""
    from benchmarks.video import SIZES, gray_film

    pictures = [np.asarray(Image.open(path).convert("RGB")) for path in sorted((ROOT / "kcolor" / "samples").glob("*.jpg"))]
    path, out = gray_film(folder / "film.mp4", pictures, SIZES["480×360"], 60), folder / "out.mp4"

    def result():
        return _digest(out) if out.exists() else None

    def begin_anew():
        remove(out, folder / "out.mp4.parts")

    return kills(_kcolor("video", path, "-o", out), result, begin_anew, count, seed)


KINDS = {"album": album, "training": training, "sweep": sweep, "export": export, "film": film}


def _kcolor(*arguments):
    return [sys.executable, "-m", "kcolor", *map(str, arguments)]


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(argv: list[str] | None = None) -> None:
    """Prints what survived.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="of each kind of work (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=list(KINDS), default=list(KINDS))
    args = parser.parse_args(argv)
    bad = 0
    for name in args.only:
        with tempfile.TemporaryDirectory() as folder:
            finished, same, length = KINDS[name](pathlib.Path(folder), args.kills, args.seed)
        bad += finished - same
        ends = f"finished {finished} times, {same} times as without kills"
        print(f"{name}: {args.kills} kills, each within {length:.0f} s; {ends}", flush=True)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
