"""Compares Keras, SavedModel, ONNX and LiteRT: ``python -m benchmarks.inference [--model NAME] [--data DIR] [--float16]``.

The same photos are coloured by `Colorizer.colorize` and by each format's own runtime, in turn. It prints how much the results
differ, how large the files are, how long one photo takes (batch of 1), and how many photos are coloured in a second (batch of
16). *savedmodel* is the SavedModel's function for Python, *signature* is what a server runs.
"""

import argparse
import functools
import pathlib
import tempfile

import numpy as np
from PIL import Image

import kcolor
from benchmarks import timing
from kcolor import data
from kcolor.data.samples import sample_photos
from kcolor.exporting.formats import SUFFIXES, size_on_disk
from kcolor.utils.processors import cpus

FORMATS = ("savedmodel", "onnx", "litert")
PHOTOS = 16


def photographs(folder, size) -> np.ndarray:
    """Returns photos of one size, cut from the middle of a folder's photos or of the samples."""
    if folder is not None:
        return np.stack([np.asarray(photo) for photo in data.each(data.pictures(folder, "all"), size, limit=PHOTOS)])
    squares = []
    for photo in list(sample_photos().values()) * 4:
        side = min(photo.shape[:2])
        top, left = ((whole - side) // 2 for whole in photo.shape[:2])
        squares.append(np.asarray(Image.fromarray(photo[top : top + side, left : left + side]).resize((size, size))))
    return np.stack(squares[:PHOTOS])


def runtime(kind, path):
    """Returns a function of a batch of photos that uses a format's own runtime."""
    if kind == "savedmodel":
        import tensorflow as tf

        model = tf.saved_model.load(path)
        return lambda photos: model.colorize(photos).numpy()
    if kind == "onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(path)
        return lambda photos: session.run(["colored"], {"photos": photos})[0]
    from ai_edge_litert.interpreter import Interpreter

    signature = Interpreter(str(path), num_threads=cpus()).get_signature_runner("serving_default")
    return lambda photos: signature(photos=photos)["colored"]


def served(path):
    """Returns the same for a SavedModel's signature: what a server runs, without XLA."""
    import tensorflow as tf

    signature = tf.saved_model.load(path).signatures["serving_default"]
    return lambda photos: signature(photos=tf.constant(photos))["colored"].numpy()


def differences(sides, photos):
    """Yields for each format the largest difference from Keras's result, in levels, and the share of values that differ."""
    expected = sides["keras"](photos).astype("int16")
    for side in [side for side in sides if side != "keras"]:
        apart = np.abs(sides[side](photos) - expected)
        yield side, apart.max(), f"{100 * (apart > 0).mean():.4f} %"


def main(argv=None):
    """Runs the benchmark and prints its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inference", description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="photo", help="a name, a file or a folder (default: photo)")
    parser.add_argument("--data", metavar="DIR", help="photographs (default: the samples)")
    parser.add_argument("--float16", action="store_true", help="weights kept in half precision")
    parser.add_argument("--sizes", type=int, nargs="+", default=(256, 1024), metavar="N")
    parser.add_argument("--batches", type=int, nargs="+", default=(1, PHOTOS), metavar="N")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args(argv)
    colorizer = kcolor.load(args.model)
    print(f"{timing.machine()}\nmodel {args.model}, {args.rounds} rounds\n")
    sides = {"keras": lambda photos: colorizer.colorize(photos, batch_size=len(photos))}
    with tempfile.TemporaryDirectory() as folder:
        for kind in FORMATS:
            path = pathlib.Path(folder) / f"model{SUFFIXES[kind]}"
            sides[kind] = runtime(kind, kcolor.export(colorizer, kind, path, float16=args.float16))
            if kind == "savedmodel":
                sides["signature"] = served(path)
            print(f"{kind:12}{size_on_disk(path) / 1e6:8.1f} MB")
        for size in args.sizes:
            photos = photographs(args.data, size)
            rows = list(differences(sides, photos))
            print(f"\n{size}×{size}\n{timing.table(rows, ('from colorize', 'levels at most', 'values that differ'))}")
            for count in args.batches:
                calls = {name: functools.partial(side, photos[:count]) for name, side in sides.items()}
                times = timing.alternate(calls, rounds=args.rounds, seconds=0, warm=1)
                rows = [(n, f"{1e3 * timing.median(t):,.0f}", timing.rate(t, count)) for n, t in times.items()]
                print(f"\n{timing.table(rows, (f'batch of {count}', 'ms', 'photos/s'))}")


if __name__ == "__main__":
    main()
