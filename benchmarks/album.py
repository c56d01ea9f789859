"""Colours an album with broken photos, is killed half-way and started again: ``python -m benchmarks.album PHOTOS [--count N]``.

The command colours copies of the first pictures of a folder, of which ten are broken in ten ways, in a process of its own. The
process is killed (SIGKILL) when half of the results are written. Then the same command continues. Afterwards every result is
opened.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from PIL import Image

from kcolor.images.file_names import is_picture

# How a file is broken, by name: from its bytes to those that are left.
SPOILED = {
    "empty": lambda data: b"",
    "one byte": lambda data: data[:1],
    "header alone": lambda data: data[:200],
    "half": lambda data: data[: len(data) // 2],
    "all but the end": lambda data: data[: 9 * len(data) // 10],
    "zeros": lambda data: bytes(len(data)),
    "text": lambda data: b"This is not a photograph.\n" * 99,
    "a web page": lambda data: b"<!doctype html><title>404 Not Found</title>",
    "start overwritten": lambda data: b"\xff" * 512 + data[512:],
    "from the middle": lambda data: data[len(data) // 2 :],
}


def make(folder: pathlib.Path, photos: list[pathlib.Path]) -> None:
    """Makes an album of copies, with the broken ones spread through it."""
    folder.mkdir()
    every = len(photos) // len(SPOILED)
    spoil = dict(zip(range(every // 2, len(photos), every), SPOILED, strict=False))
    for number, photo in enumerate(photos):
        data = photo.read_bytes()
        name = f"{number:03}{' ' + spoil[number] if number in spoil else ''}{photo.suffix}"
        (folder / name).write_bytes(SPOILED[spoil[number]](data) if number in spoil else data)


def colorize(folder, out, model, kill_after=None):
    """Runs the command, and kills it when a number of results are written.

    Returns:
        ``(status, seconds, output)``
    """
    began = time.monotonic()
    command = [sys.executable, "-m", "kcolor", "colorize", str(folder), "--recolor", "--out", str(out), "--model", model]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while kill_after is not None and process.poll() is None:
        if out.is_dir() and len(results(out)) >= kill_after:
            process.kill()
            break
        time.sleep(0.05)
    output = process.communicate()[0]
    return process.returncode, time.monotonic() - began, output


def results(out):
    """Returns the results in a folder, without the half-written files of a killed process."""
    return [path for path in out.iterdir() if is_picture(path.name) and not path.name.startswith(".")]


def differing(folder, out):
    """Returns the names of results that cannot be read, or that differ from their photo in size."""
    wrong = []
    for result in results(out):
        try:
            with Image.open(result) as coloured, Image.open(folder / result.name) as photo:
                coloured.load()
                wrong += [] if coloured.size == photo.size else [result.name]
        except OSError:
            wrong.append(result.name)
    return wrong


def main(argv=None):
    """Runs the benchmark and prints its results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.album", description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=pathlib.Path, help="a folder")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--model", default="photo")
    args = parser.parse_args(argv)
    photos = sorted(path for path in args.photos.rglob("*") if is_picture(path.name))[: args.count]
    if len(photos) < 2 * len(SPOILED):
        parser.error(f"Expected a folder of {2 * len(SPOILED)} photos or more. {args.photos} has {len(photos)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = pathlib.Path(temporary) / "album", pathlib.Path(temporary) / "coloured"
        make(folder, photos)
        print(f"{len(photos)} photos, {len(SPOILED)} of them broken")
        status, seconds, _ = colorize(folder, out, args.model, kill_after=len(photos) // 2)
        killed = results(out)
        print(f"killed after {seconds:.1f} s (status {status}): {len(killed)} results, wrong ones: {differing(folder, out)}")
        before = {path: path.stat().st_mtime_ns for path in killed}
        status, seconds, output = colorize(folder, out, args.model)
        again = sum(path.stat().st_mtime_ns != written for path, written in before.items())
        left = len(list(out.iterdir())) - len(results(out))
        wrong = differing(folder, out)
        print(f"started again: {seconds:.1f} s (status {status}): {len(results(out))} results, wrong ones: {wrong}")
        print(f"of those that were done {again} done again; half-written files left: {left}")
        told = [line for line in re.split(r"[\r\n]+", output.replace(f"{folder}/", "")) if line.startswith("kcolor:")]
        print("\n".join(told + output.splitlines()[-1:]))
        shutil.rmtree(out)
        status, seconds, _ = colorize(folder, out, args.model)
        print(f"all in one go: {seconds:.1f} s, {len(results(out)) / seconds:.1f} pictures/s with the start")


if __name__ == "__main__":
    main()
