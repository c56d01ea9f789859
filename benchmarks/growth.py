"""What more photos cost: ``python -m benchmarks.growth [--counts 1000 10000 100000] [--looked 1000000] [--only …]``.

Each count runs in a process of its own, on generated photos, and prints pictures a second and the most memory that the process
had. Both should be the same whatever the count.

- colorize: `kcolor colorize` with the toy model, photos of 64×48, in folders of 1,000.
- looked: the same command again when all is done: it lists and skips. Up to a million photos; these are empty files.
- data: one pass over the pictures as training sees them: read, cut to 32×32, shuffled, in batches of 64.
- sheet: `kcolor sheet`.

Rates are without the start: between the first 200 pictures and the last.
"""

import argparse
import io
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

from benchmarks import timing

ROOT = pathlib.Path(__file__).parents[1]
_FOLDER = 1000  # files in a folder
_FIRST = 200

_CLOCK = f"""
import sys, time
marks = []
def passed(count):
    if not marks or count >= {_FIRST} > marks[0][0]:
        marks[:] = [(count, time.perf_counter())]
def report(count):
    seconds = time.perf_counter() - marks[0][1]
    # Not by getrusage: that begins with what the parent process had.
    memory = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(count, (count - marks[0][0]) / seconds, memory / 1024)
"""
_COLORIZE = """
from kcolor.photo_files.colorize_files import each_outcome
passed(0)
for outcome in each_outcome(sys.argv[1], sys.argv[2], "shapes", recursive=True):
    assert outcome.status == sys.argv[3], outcome
    passed(outcome.number)
report(outcome.number)
"""
_DATA = """
from kcolor import data
seen = 0
for batch in data.batches(data.pictures(sys.argv[1], "all"), 64, 32, crop="random", shuffle=True):
    seen += len(batch)
    passed(seen)
report(seen)
"""
_SHEET = """
import pathlib
from kcolor.photo_files import folder_sheets
passed(0)
for number, sheet in enumerate(folder_sheets.folder_sheets([sys.argv[1]], recursive=True, height=48, columns=10)):
    sheet.save(pathlib.Path(sys.argv[2], f"sheet-{number}.jpg"))
report(int(sys.argv[3]))
"""


def small_photo() -> bytes:
    """Returns a JPEG file of 64×48."""
    shades, file = np.random.default_rng(0).integers(0, 255, (6, 8), "uint8"), io.BytesIO()
    Image.fromarray(shades).resize((64, 48), Image.Resampling.BICUBIC).save(file, "JPEG")
    return file.getvalue()


def fill(folder: pathlib.Path, count: int, content: bytes) -> None:
    """Writes files of one content into folders of 1,000."""
    for number in range(count):
        place = folder / f"{number // _FOLDER:04}"
        if number % _FOLDER == 0:
            place.mkdir(parents=True)
        descriptor = os.open(place / f"{number % _FOLDER:03}.jpg", os.O_CREAT | os.O_WRONLY)
        os.write(descriptor, content)
        os.close(descriptor)


def run(code: str, *arguments) -> tuple[int, float, float]:
    """Runs code in a process of its own.

    Returns:
        How many pictures, how many a second, and the most memory in MB.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", _CLOCK + code, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    count, rate, memory = done.stdout.split()[-3:]
    return int(count), float(rate), float(memory)


def measured(counts: list[int], looked: list[int], only: list[str]):
    """Yields rows: what, how many, pictures a second, memory."""
    photo = small_photo()
    for count in sorted({*counts, *looked}):
        with tempfile.TemporaryDirectory() as temporary:
            photos, out = pathlib.Path(temporary, "photos"), pathlib.Path(temporary, "out")
            fill(photos, count, photo if count in counts else b"")
            out.mkdir()
            if count in counts and "colorize" in only:
                yield "colorize", *run(_COLORIZE, photos, out, "done")
            elif "looked" in only:
                fill(out, count, b"")
            if "looked" in only:
                yield "looked", *run(_COLORIZE, photos, out, "skipped")
            if count in counts and "data" in only:
                yield "data", *run(_DATA, photos)
            if count in counts and "sheet" in only:
                yield "sheet", *run(_SHEET, photos, temporary, count)


def main(argv: list[str] | None = None) -> None:
    """Prints the table.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    kinds = ("colorize", "looked", "data", "sheet")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--looked", type=int, nargs="*", default=[1_000_000], help="photos of which all is done, too")
    parser.add_argument("--only", nargs="+", choices=kinds, default=list(kinds))
    parser.add_argument("--quick", action="store_true", help="300 and 600 photos: does it run?")
    args = parser.parse_args(argv)
    print(timing.machine())
    counts, looked = ([300, 600], [900]) if args.quick else (args.counts, args.looked)
    rows = []
    for kind, count, rate, memory in measured(counts, looked, args.only):
        rows.append((kind, f"{count:,}", f"{rate:,.0f}", f"{memory:,.0f}"))
        print(f"{kind} {count:,}: {rate:,.0f} pictures/s, {memory:,.0f} MB", flush=True)
    print(timing.table(sorted(rows, key=lambda row: kinds.index(row[0])), ("", "pictures", "pictures/s", "memory, MB")))


if __name__ == "__main__":
    main()
