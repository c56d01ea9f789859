"""Counts the photos that kcolor takes for grey, toned and in colour: ``python -m benchmarks.photo_kinds DIR …``.

It also prints how long that takes for a photo of the folder, and whether it seems to lie on its side: the two looks that
`kcolor colorize` takes at every photo. Medians, after one round that is not counted.
"""

import argparse
import collections
import time

import numpy as np

from kcolor import data
from kcolor.data.photo_kinds import KINDS, photo_kind
from kcolor.photo_files.sideways import seems_sideways


def timed(look, pictures):
    """Returns what a function finds of each picture, and the median of its milliseconds."""
    look(pictures[0])
    found, times = [], []
    for picture in pictures:
        began = time.perf_counter()
        found.append(look(picture))
        times.append(time.perf_counter() - began)
    return found, 1000 * float(np.median(times))


def main(argv=None):
    """Runs the benchmark and prints a line for each folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photo_kinds", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="DIR")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N pictures of each")
    args = parser.parse_args(argv)
    for folder in args.folders:
        pictures = list(data.each(data.pictures(folder, "all", limit=args.limit)))
        kinds, milliseconds = timed(photo_kind, pictures)
        _, other = timed(seems_sideways, pictures)
        counts = collections.Counter(kinds)
        shown = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
        print(f"{folder}: {shown}; {milliseconds:.1f} ms a photo, and {other:.1f} ms whether it lies on its side", flush=True)


if __name__ == "__main__":
    main()
