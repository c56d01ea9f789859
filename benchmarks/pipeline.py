"""Measures the way from JPEG files to encoded bins: ``python -m benchmarks.pipeline DIR [--size 128] [--count 512]``.

It needs the TensorFlow backend. The sides take turns on the same files. *loop* is system A's way: one picture after another by
Pillow and scikit-image, bins by `np.vectorize`. *floor* is decoding and resizing alone, with a thread for each core. *batches*
is `kcolor.data` up to uint8 batches, on which a colorizer trains. *encoded* is the same batches as ``(luma, bins)``. *encoding*
is that last step alone. Encoding and decoding share the cores.
"""

import argparse
import concurrent.futures
import os
import pathlib

import keras
import numpy as np
from PIL import Image
from skimage.color import rgb2lab

from benchmarks import timing
from kcolor import data, targets

BINS = 18
WAYS = ("encoded", "batches", "floor", "encoding", "loop")


def picture(path, size):
    """Returns the middle of a picture, uint8 ``(size, size, 3)``. A JPEG may be decoded at a fraction of its size."""
    with Image.open(path) as image:
        image.draft("RGB", (2 * size, 2 * size))
        scale = min(image.size) / size
        left, top = ((side - size * scale) / 2 for side in image.size)
        box = (left, top, left + size * scale, top + size * scale)
        return np.asarray(image.convert("RGB").resize((size, size), Image.Resampling.BICUBIC, box, reducing_gap=3.0))


@np.vectorize
def bin_of(a, b):
    """Returns the bin of one pixel as system A computes it."""
    ia, ib = int((a + 128) / 255 * BINS), int((b + 128) / 255 * BINS)
    return BINS * min(ib, BINS - 1) + min(ia, BINS - 1)


def by_loop(paths, size):
    """Yields lightness and bins of pictures, one after another."""
    for path in paths:
        lab = rgb2lab(picture(path, size))
        yield lab[..., :1] / 100, bin_of(lab[..., 1], lab[..., 2])


def by_threads(paths, size, batch):
    """Returns uint8 batches, by decoding and resizing alone."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pictures = list(pool.map(lambda path: picture(path, size), paths))
    return [np.stack(pictures[i : i + batch]) for i in range(0, len(pictures), batch)]


def sides(root, count, size, batch) -> dict:
    """Returns by the side's name ``(count, function)``: the number of pictures, and what goes through them."""
    found = data.pictures(root, "all", limit=count)
    paths = [root / key for key, _ in found.items()]
    target = targets.get("bins", grid=BINS)
    ready = _dataset_of(by_threads(paths, size, batch))
    batches = data.batches(found, batch, size)
    encoded, encoding = data.encoded(batches, target), data.encoded(ready, target)
    some = paths[: max(1, count // 32)]
    return {
        "encoded": (len(paths), lambda: _through(encoded)),
        "batches": (len(paths), lambda: _through(batches)),
        "floor": (len(paths), lambda: by_threads(paths, size, batch)),
        "encoding": (len(paths), lambda: _through(encoding)),
        "loop": (len(some), lambda: list(by_loop(some, size))),
    }


def _dataset_of(batches):
    import tensorflow as tf

    whole = np.stack([batch for batch in batches if len(batch) == len(batches[0])])
    rest = tf.data.Dataset.from_tensors(batches[-1]) if len(batches[-1]) < len(batches[0]) else None
    dataset = tf.data.Dataset.from_tensor_slices(whole)
    return dataset if rest is None else dataset.concatenate(rest)


def _through(dataset):
    for _ in dataset:
        pass


def report(found, rounds):
    """Times the sides and prints the table."""
    times = timing.alternate({name: function for name, (_, function) in found.items()}, rounds, seconds=0.2, warm=1)
    each = {name: [t / found[name][0] for t in times[name]] for name in WAYS}
    rows = [
        (
            name,
            timing.rate(each[name], 1),
            f"{1e3 * timing.median(each[name]):.2f}",
            f"{timing.ratio(each[name], each['floor']):.2f}",
            f"{timing.ratio(each[name], each['loop']):.1f}",
        )
        for name in WAYS
    ]
    print(timing.table(rows, ("", "pictures/s", "ms a picture", "× floor", "× loop")))


def main(argv=None):
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="with JPEG files, in it or below")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--count", type=int, default=512, help="number of pictures; the loop takes a 32nd of them")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="8 pictures of 16×16: does it run?")
    options = parser.parse_args(argv)
    print(timing.machine())
    if keras.backend.backend() != "tensorflow":
        print("The pipeline uses tf.data: needs the TensorFlow backend")
        return
    count, size, rounds = (8, 16, 2) if options.quick else (options.count, options.size, options.rounds)
    found = sides(options.folder.expanduser(), count, size, 3 if options.quick else options.batch)
    print(f"{found['floor'][0]} pictures from {options.folder}, {size}×{size}, {BINS * BINS} bins; median and spread\n")
    report(found, rounds)


if __name__ == "__main__":
    main()
