"""Measures time and memory for a photo, file to file: ``python -m benchmarks.colorize [--model NAME] [--before CHECKOUT]``.

For photos of 1 to 50 megapixels it compares `kcolor.colorize_files` with the floor (reading the JPEG and writing one of its
size), and with what people do by hand: the same network's output, stretched bilinearly and joined with scikit-image over the
whole picture. Each side runs in a process of its own, so the process's peak memory is the side's. The time is the median of
several rounds, after one that is not counted. With ``--before`` another checkout of kcolor is measured in turn with this one,
and the other sides are left out. *first* is the time from the start of the process to the first coloured file.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

SIDES = ("kcolor", "by hand", "floor")
SIZES = (1, 12, 24, 50)  # megapixels


def photograph(path, megapixels: float) -> None:
    """Writes an enlarged sample photo, 3:2, with grain: without it the JPEG would be smaller than a camera's."""
    from kcolor.data.samples import sample_photos

    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    sample = Image.fromarray(next(iter(sample_photos().values()))).convert("L")
    image = sample.resize((width, round(width / 1.5)), Image.Resampling.BICUBIC)
    noise = np.random.default_rng(0).integers(-6, 7, (image.height, image.width), "int16")
    grained = np.clip(np.asarray(image, "int16") + noise, 0, 255).astype("uint8")
    Image.fromarray(grained).save(path, quality=92)


def side(name: str, model: str, path: pathlib.Path):
    """Returns a function that does the whole job once."""
    target = path.with_name(f"{path.stem}-result.jpg")
    if name == "floor":
        return lambda: Image.open(path).convert("RGB").save(target, quality=95, subsampling=0)
    import kcolor

    colorizer = kcolor.load(model)
    if name == "kcolor":
        return lambda: kcolor.colorize_files(path, path.parent / "out", colorizer, overwrite=True)
    return lambda: Image.fromarray(by_hand(colorizer, np.asarray(Image.open(path).convert("RGB")))).save(target, quality=95)


def by_hand(colorizer, photo: np.ndarray) -> np.ndarray:
    """Colours a photo as tutorials do: Lab of the whole photo, the network's ab stretched and joined to it, back to RGB."""
    from keras import ops
    from skimage.color import lab2rgb, rgb2lab
    from skimage.transform import resize

    lightness = rgb2lab(photo)[..., :1]
    forward = colorizer.forward_pass
    height, width = forward.sizes.seen(*photo.shape[:2])
    small = np.asarray(Image.fromarray(photo).resize((width, height)), "float32")[None] / 255
    ab = ops.convert_to_numpy(forward.chroma(forward.raw(small), small))[0]
    joined = np.concatenate([lightness, resize(ab, photo.shape[:2], order=1)], axis=-1)
    return (lab2rgb(joined) * 255).round().astype("uint8")


def measure(name: str, model: str, path: pathlib.Path, rounds: int) -> dict:
    """Measures one side, in this process."""
    run = side(name, model, path)
    run()
    first, times = time.monotonic() - _started(), []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return {"first": first, "seconds": statistics.median(times), "peak": _peak()}


def _peak():
    """Returns the peak memory of this process in MB. (`resource` would also count its parent's.)"""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def _started():
    """Returns when this process began, on the monotonic clock."""
    ticks = int(pathlib.Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return ticks / 100


def main(argv=None):
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.colorize", description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="photo", help="a name, a file or a folder (default: photo)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--before", type=pathlib.Path, metavar="CHECKOUT", help="compare with this folder's kcolor")
    parser.add_argument("--sizes", type=float, nargs="+", default=SIZES, help="megapixels (default: 1 12 24 50)")
    parser.add_argument("--quick", action="store_true", help="one small photo, to see that it runs")
    parser.add_argument("--one", nargs=2, metavar=("SIDE", "PATH"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.one:
        print(json.dumps(measure(args.one[0], args.model, pathlib.Path(args.one[1]), args.rounds)))
        return
    from benchmarks import timing  # imports Keras, which the floor does not need

    print(f"{timing.machine()}\nmodel {args.model}, {args.rounds} rounds\n")
    print(f"{'megapixels':>10}  {'side':10}{'first, s':>10}{'seconds':>10}{'peak, MB':>10}")
    here = pathlib.Path(__file__).parents[1]
    sides = {name: (name, here) for name in SIDES}
    if args.before is not None:
        sides = {"before": ("kcolor", args.before), "kcolor": ("kcolor", here)}
    for megapixels in (0.1,) if args.quick else args.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "photo.jpg"
            photograph(path, megapixels)
            turns = 3 if args.before is not None else 1
            found = {name: [] for name in sides}
            for name, (what, checkout) in list(sides.items()) * turns:
                line = [sys.executable, "-m", "benchmarks.colorize", "--model", args.model, "--rounds", str(args.rounds)]
                line += ["--one", what, str(path)]
                done = subprocess.run(line, cwd=checkout, capture_output=True, text=True, check=True)
                found[name].append(json.loads(done.stdout.splitlines()[-1]))
            for name, each in found.items():
                first, seconds, peak = (statistics.median(one[key] for one in each) for key in ("first", "seconds", "peak"))
                print(f"{megapixels:>10g}  {name:10}{first:>10.1f}{seconds:>10.2f}{peak:>10,.0f}", flush=True)


if __name__ == "__main__":
    main()
