"""How long kcolor takes to start: ``python -m benchmarks.startup [--rounds 5] [--kcolor PATH …]``.

Commands that need no Keras, and the parts of the time to the first coloured picture. Every measurement is a process of its own,
the processes take turns, and what is printed is the median of the rounds. With ``--kcolor`` other checkouts are measured in the
same run, so that before and after stand side by side.

The parts of the first picture: *interpreter* is Python until the first line of code, *imports* is kcolor, Keras and its
backend, *load* the colorizer's file, *graph* what the first call takes longer than the second (tracing and compiling), *photo*
the second call. *kcolor colorize* is the whole command, file to file.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[1]
PARTS = ("interpreter", "imports", "load", "graph", "photo")
# Paths of kcolor before and after its modules moved.
FIRST_PICTURE = """
import json, sys, time
begin = time.time()
import numpy as np
from PIL import Image
import kcolor
load = kcolor.load
import keras
keras.ops.zeros(1)
imported = time.time()
colorizer = load({model!r})
loaded = time.time()
photo = np.asarray(Image.open({photo!r}).convert("RGB"))
colorizer.colorize(photo)
first = time.time()
colorizer.colorize(photo)
second = time.time()
parts = dict(interpreter=begin - float(sys.argv[1]), imports=imported - begin, load=loaded - imported,
             graph=2 * first - loaded - second, photo=second - first)
print(json.dumps(parts))
"""


def commands(folder: pathlib.Path) -> dict[str, list[str]]:
    """Returns what is timed: command lines of Python by their names.

    Args:
        folder: Path of a folder with ``album`` and, already coloured, ``done``.
    """
    kcolor, album, done = ["-m", "kcolor"], str(folder / "album"), str(folder / "done")
    return {
        "interpreter alone": ["-c", "pass"],
        "import kcolor": ["-c", "import kcolor"],
        "kcolor --help": [*kcolor, "--help"],
        "kcolor --version": [*kcolor, "--version"],
        "kcolor list models": [*kcolor, "list", "models"],
        "a misspelt option": [*kcolor, "colorize", album, "--colour"],
        "a file that is not there": [*kcolor, "colorize", str(folder / "nowhere.jpg")],
        "an album with nothing left to do": [*kcolor, "colorize", album, "--out", done],
    }


def seconds(line: list[str], checkout: pathlib.Path) -> float:
    """Returns how long a command line of Python takes, in a process that imports kcolor from a checkout.

    Args:
        line: List of strings. Arguments of Python.
        checkout: Path of the folder that has ``kcolor`` in it.
    """
    began = time.perf_counter()
    _run(line, checkout)
    return time.perf_counter() - began


def first_picture(model: str, photo: pathlib.Path, checkout: pathlib.Path) -> dict[str, float]:
    """Returns the seconds of each of `PARTS` to the first coloured picture.

    Args:
        model: String. Name or file of a colorizer.
        photo: Path of the photo.
        checkout: Path of the folder that has ``kcolor`` in it.
    """
    line = ["-c", FIRST_PICTURE.format(model=model, photo=str(photo)), str(time.time())]
    run = _run(line, checkout)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])


def _run(line, checkout):
    environment = {**os.environ, "PYTHONPATH": str(checkout), "TF_CPP_MIN_LOG_LEVEL": "3"}
    with tempfile.TemporaryDirectory() as elsewhere:  # the current folder must not have another kcolor
        return subprocess.run([sys.executable, *line], cwd=elsewhere, env=environment, capture_output=True, text=True)


def measure(checkouts: list[pathlib.Path], folder: pathlib.Path, model: str, rounds: int) -> tuple[dict, dict]:
    """Times everything, checkouts and commands in turn.

    Args:
        checkouts: List of paths.
        folder: Path of a folder as for `commands`.
        model: String. Name of a colorizer that all checkouts ship.
        rounds: Integer. How often, after one round that is not counted.

    Returns:
        Two dicts, of commands and of `PARTS`, from a name to a list with the median of each checkout.
    """
    photo = next((folder / "album").iterdir())
    short = commands(folder)
    long = {"kcolor colorize": ["-m", "kcolor", "colorize", str(photo), "--out", str(folder / "new"), "--overwrite"]}
    times: dict = {name: [[] for _ in checkouts] for name in (*short, *PARTS, *long)}
    for turn in range(rounds + 1):
        for place, checkout in enumerate(checkouts):
            found = {name: seconds(line, checkout) for name, line in short.items()}
            found |= first_picture(model, photo, checkout)
            found |= {name: seconds([*line, "--model", model], checkout) for name, line in long.items()}
            for name, value in found.items() if turn else ():  # the first time files are read from the disk
                times[name][place].append(value)
    medians = {name: [statistics.median(one) for one in each] for name, each in times.items()}
    return {name: medians[name] for name in short}, {name: medians[name] for name in (*PARTS, *long)}


def album(folder: pathlib.Path) -> None:
    """Fills a folder with an album of three photos, and with the results of colouring it.

    Args:
        folder: Path of an empty folder.
    """
    from PIL import Image

    for name in ("album", "done"):
        (folder / name).mkdir()
    for sample in sorted((ROOT / "kcolor" / "samples").glob("*.jpg"))[:3]:
        with Image.open(sample) as image:
            image.convert("L").save(folder / "album" / sample.name)
        (folder / "done" / sample.name).touch()


def main(argv: list[str] | None = None) -> None:
    """Prints the tables.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="(default: %(default)s)")
    parser.add_argument("--model", default="photo", help="name of a colorizer (default: %(default)s)")
    parser.add_argument(
        "--kcolor", type=pathlib.Path, action="append", default=[], metavar="PATH", help="another checkout to measure as well"
    )
    args = parser.parse_args(argv)
    checkouts = [*(path.resolve() for path in args.kcolor), ROOT]
    with tempfile.TemporaryDirectory() as folder:
        album(pathlib.Path(folder))
        found = measure(checkouts, pathlib.Path(folder), args.model, args.rounds)
    from benchmarks import timing  # with Keras, which is not to be in this process while others are timed

    print(f"{timing.machine()}\nmodel {args.model}, median of {args.rounds} rounds, seconds\n")
    header = ["", *(str(path) for path in args.kcolor), "this checkout"]
    for rows in found:
        print(
            timing.table([(name, *(f"{value:.2f}" for value in values)) for name, values in rows.items()], header), end="\n\n"
        )


if __name__ == "__main__":
    main()
