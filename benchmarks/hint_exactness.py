"""Measures whether hints are kept in written files: ``python -m benchmarks.hint_exactness --data DIR [--limit N]``.

Each photo gets hints at random places. Half of their colours are vivid ones, half are colours that photographs have there. The
photo is coloured as small as the network sees it and enlarged to 12 megapixels, with grain; it is written as PNG and as JPEG
of quality 95, and read again. A miss is the distance in the ab plane between the mean colour of a hint's patch in the file and
the nearest colour that exists at the patch's lightness in the photo (`kcolor.hints.kept`).
"""

import argparse
import colorsys
import dataclasses
import pathlib
import tempfile

import numpy as np
from PIL import Image

import kcolor
from kcolor import data
from kcolor.evaluation.hint_curve import true_hints
from kcolor.hints import Hint
from kcolor.hints.hint import place
from kcolor.hints.kept import kept
from kcolor.photo_files import read_write

FORMATS = (".png", ".jpg")


def hints_for(photo: np.ndarray, count: int, seed: int) -> list[Hint]:
    """Returns hints at places that do not overlap, in turn of vivid colours and of the photo's own colours elsewhere."""
    draws = np.random.RandomState(seed)
    found = []
    own = true_hints(photo, count, seed)
    columns = -(-count // 2)
    for number in range(count):
        x = (number % columns + 0.15 + 0.7 * draws.uniform()) / columns
        y = (number // columns + 0.15 + 0.7 * draws.uniform()) / 2
        vivid = tuple(round(255 * part) for part in colorsys.hsv_to_rgb(draws.uniform(), 1.0, draws.uniform(0.4, 1.0)))
        found.append(Hint(x, y, own[-1 - number].color if number % 2 else vivid, relative=True))
    return found


def enlarged(photo: np.ndarray, megapixels: float, seed: int) -> np.ndarray:
    """Returns a photo of so many megapixels, with grain."""
    scale = (megapixels * 1e6 / (photo.shape[0] * photo.shape[1])) ** 0.5
    size = (round(scale * photo.shape[1]), round(scale * photo.shape[0]))
    large = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BICUBIC), "int16")
    grain = np.random.default_rng(seed).integers(-6, 7, (*large.shape[:2], 1), "int16")
    return np.clip(large + grain, 0, 255).astype("uint8")


def misses(colorizer, photo: np.ndarray, hints: list[Hint], folder: pathlib.Path) -> dict[str, list]:
    """Returns what became of the hints in each kind of file."""
    placed = place(hints, *photo.shape[:2])
    painted = colorizer.colorize(photo, hints=hints)
    wished, found = kept(photo, placed, colorizer.target), {}
    for ending in FORMATS:
        read_write.write(folder / f"photo{ending}", painted, read_write.Photo(photo), 95)
        there = kept(np.asarray(Image.open(folder / f"photo{ending}")), placed, colorizer.target)
        found[ending] = [dataclasses.replace(wish, there=one.there) for wish, one in zip(wished, there, strict=True)]
    return found


def line(name: str, found: list) -> str:
    """Returns the worst miss and how many there are above 2, of all hints in one kind of file."""
    off = np.sort([one.missed for one in found])
    moved = np.mean([one.moved for one in found])
    return (
        f"{name:24} {len(off):6} hints   worst {off[-1]:5.2f}   99 of 100 below {np.quantile(off, 0.99):5.2f}   "
        f"above 2: {np.mean(off > 2):.1%}   of colours that do not exist there: {moved:.0%}"
    )


def main(argv=None):
    """Prints a line for each size and kind of file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hint_exactness", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", required=True, metavar="DIR")
    parser.add_argument("--model", default="photo")
    parser.add_argument("--limit", type=int, default=24, help="photos (default: 24)")
    parser.add_argument("--large", type=int, default=12, help="of these so many at 12 megapixels, too (default: 12)")
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--hints", type=int, default=6, help="hints of each photo (default: 6)")
    parser.add_argument("--verbose", action="store_true", help="print every hint that is missed by more than 2")
    args = parser.parse_args(argv)
    colorizer = kcolor.load(args.model)
    found: dict[tuple[str, str], list] = {}
    with tempfile.TemporaryDirectory() as folder:
        photos = data.each(data.pictures(args.data, "all", limit=args.limit))
        for number, photo in enumerate(map(np.asarray, photos)):
            sizes = {"working size": reduced(photo, colorizer)}
            if number < args.large:
                sizes[f"{args.megapixels:g} megapixels"] = enlarged(photo, args.megapixels, number)
            for size, one in sizes.items():
                hints = hints_for(one if size == "working size" else photo, args.hints, number)
                for ending, those in misses(colorizer, one, hints, pathlib.Path(folder)).items():
                    found.setdefault((size, ending), []).extend(those)
                    for kept_one in those if args.verbose else ():
                        if kept_one.missed > 2:
                            print(f"photo {number}, {size}, {ending}: missed by {kept_one.missed:.2f}: {kept_one}")
    for (size, ending), those in sorted(found.items()):
        print(line(f"{size}, {ending}", those))


def reduced(photo: np.ndarray, colorizer) -> np.ndarray:
    """Returns a photo as small as the network sees it."""
    height, width = colorizer.forward_pass.sizes.seen(*photo.shape[:2])
    return np.asarray(Image.fromarray(photo).resize((width, height), Image.Resampling.LANCZOS))


if __name__ == "__main__":
    main()
