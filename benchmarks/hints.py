"""Measures what a further hint costs: ``python -m benchmarks.hints [--model NAME] [--rounds N]``.

A photo of 12 megapixels is predicted once. Then one side places hints in it and paints a preview of 1 megapixel. The other side
spreads the same hints as Levin, Lischinski and Weiss do (2004): SciPy solves a sparse system of the pixels of the size that the
network sees, in which like neighbours have like corrections; then the same preview is painted. Both take turns in one run, and
only medians are printed. Below is how much memory 500 hints take, in a process of their own.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

from benchmarks.colorize import _peak, photograph

NUMBERS = (0, 1, 10, 100)
_ALIKE = 0.1  # of lightness in [0, 1]: a step at which neighbours have little to do with each other


def scene(model: str, megapixels: float, preview: float):
    """Returns an inference, a prediction, the size of the photo and the small photo that is painted."""
    import kcolor

    with tempfile.TemporaryDirectory() as folder:
        photograph(f"{folder}/photo.jpg", megapixels)
        image = Image.open(f"{folder}/photo.jpg").convert("RGB")
    photo = np.asarray(image)
    share = min(1.0, (preview / megapixels) ** 0.5)
    small = np.asarray(image.resize((round(share * image.width), round(share * image.height))))
    inference = kcolor.load(model).inference()
    return inference, inference.predict(photo[None], features=True), photo.shape[:2], small


def hints_at(count: int) -> list:
    """Returns hints over the whole picture."""
    from kcolor.hints import Hint

    draws = np.random.RandomState(0)
    colors = draws.uniform(-40, 40, (count, 2))
    places = draws.uniform(0.05, 0.95, (count, 2))
    return [Hint(x, y, tuple(map(float, ab)), relative=True) for (x, y), ab in zip(places, colors, strict=True)]


def by_hints(inference, prediction, size, small, count):
    """Returns the function that is timed: hints, spread, pinned and painted."""
    hints = hints_at(count)
    return lambda: inference.paint(prediction.with_hints(hints, size), small[None])


def by_levin(inference, prediction, size, small, count):
    """Returns the same by Levin's way."""
    import dataclasses

    from kcolor.hints.hint import place

    hints = place(hints_at(count), *size)
    seen, chroma = np.asarray(prediction.seen)[0], np.asarray(prediction.chroma)

    def side():
        if not count:
            return inference.paint(prediction, small[None])
        moved = chroma + levin(seen.mean(axis=-1), hints, chroma[0])
        return inference.paint(dataclasses.replace(prediction, chroma=moved.astype("float32")), small[None])

    return side


def levin(luma: np.ndarray, placement, chroma: np.ndarray) -> np.ndarray:
    """Returns corrections ``(h, w, 2)`` that are those of the hints, and elsewhere the mean of like neighbours'."""
    from scipy.sparse import coo_matrix, diags
    from scipy.sparse.linalg import splu

    height, width = luma.shape
    number = np.arange(height * width).reshape(height, width)
    rows, columns, weights = [], [], []
    for one, other in ((number[1:], number[:-1]), (number[:, 1:], number[:, :-1])):
        apart = luma.ravel()[one.ravel()] - luma.ravel()[other.ravel()]
        weight = np.exp(-((apart / _ALIKE) ** 2) / 2) + 1e-6
        for first, second in ((one, other), (other, one)):
            rows.append(first.ravel())
            columns.append(second.ravel())
            weights.append(weight)
    near = coo_matrix((np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=(number.size,) * 2)
    held, wanted = np.full(number.size, 1e-4), np.zeros((number.size, 2))
    for patch in placement.patches:
        where = number[patch.pixels(height, width)].ravel()
        held[where] = 1e3
        wanted[where] = 1e3 * (np.array(patch.color) - chroma.reshape(-1, 2)[where].mean(axis=0))
    system = diags(np.asarray(near.sum(axis=1)).ravel() + held) - near
    return splu(system.tocsc()).solve(wanted).reshape(height, width, 2)


def memory(model: str, count: int) -> float:
    """Returns by how many MB hints raise the peak of this process, on a picture whose shorter side is 256."""
    import kcolor

    photo = np.random.default_rng(0).integers(0, 256, (256, 384, 3), dtype="uint8")
    inference = kcolor.load(model).inference(size=256)
    prediction = inference.predict(photo[None], features=True)
    inference.paint(prediction.with_hints(hints_at(1), photo.shape[:2]), photo[None])
    before = _peak()
    inference.paint(prediction.with_hints(hints_at(count), photo.shape[:2]), photo[None])
    return _peak() - before


def main(argv=None):
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hints", description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="photo", help="a name, a file or a folder (default: photo)")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--preview", type=float, default=1, help="megapixels that are painted (default: 1)")
    parser.add_argument("--memory", type=int, metavar="COUNT", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.memory:
        print(memory(args.model, args.memory))
        return
    from benchmarks import timing

    print(f"{timing.machine()}\nmodel {args.model}, {args.megapixels:g} megapixels, {args.rounds} rounds, milliseconds\n")
    given = scene(args.model, args.megapixels, args.preview)
    sides = {f"{name} {count}": make(*given, count) for count in NUMBERS for name, make in SIDES.items()}
    times = timing.alternate(sides, args.rounds, seconds=0)
    rows = []
    for count in NUMBERS:
        spent = {name: statistics.median(times[f"{name} {count}"]) for name in SIDES}
        cpu = _processor_time(sides[f"kcolor {count}"])
        rows.append([count, *(f"{1000 * spent[name]:.0f}" for name in SIDES), f"{1000 * cpu:.0f}"])
    print(timing.table(rows, ["hints", *SIDES, "kcolor, of processors"]))
    command = [sys.executable, "-m", "benchmarks.hints", "--model", args.model, "--memory", "500"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(f"\n500 hints on a picture of 256×384: {float(done.stdout.splitlines()[-1]):.0f} MB more at the peak")


def _processor_time(side):
    began = time.process_time()
    side()
    return time.process_time() - began


SIDES = {"kcolor": by_hints, "Levin, SciPy": by_levin}

if __name__ == "__main__":
    main()
