"""Draws photos as several colorizers colour them: ``python -m benchmarks.side_by_side OUT MODEL… --photos DIR… [--count 24]``.

Of every photo there is the grey one, then one by each model, in the order in which they are given; with ``--truth`` the photo
itself comes last. From each folder come `--count` photos, evenly spread over its names.
"""

import argparse
import pathlib
from collections.abc import Iterable, Iterator

import numpy as np
from PIL import Image

import kcolor
from kcolor.photo_files.output_paths import pictures

GAP = 8


def chosen(folder: pathlib.Path, count: int) -> list[pathlib.Path]:
    """Returns some of a folder's pictures, evenly spread over their names.

    Args:
        folder: Path of the folder. Those below it count, too.
        count: Integer. How many; fewer if there are fewer.
    """
    paths = [path for path, _ in pictures([folder], recursive=True)]
    return [paths[number * len(paths) // count] for number in range(count)] if count < len(paths) else paths


def strip(images: Iterable[Image.Image], height: int) -> Image.Image:
    """Returns images side by side, brought to one height.

    >>> strip([Image.new("RGB", (40, 20)), Image.new("RGB", (10, 20))], 10).size
    (25, 10)
    """
    scaled = [one.resize((round(one.width * height / one.height), height), Image.Resampling.LANCZOS) for one in images]
    result, left = Image.new("RGB", (sum(one.width for one in scaled), height)), 0
    for one in scaled:
        result.paste(one, (left, 0))
        left += one.width
    return result


def packed(strips: Iterable[Image.Image], width: int) -> Image.Image:
    """Returns strips in rows, as many in each as there is room for; the widest first, so that little room is lost.

    >>> packed([Image.new("RGB", (60, 10)), Image.new("RGB", (50, 10)), Image.new("RGB", (30, 10))], 100).size
    (100, 28)
    """
    rows: list[list[Image.Image]] = []
    for one in sorted(strips, key=lambda strip: -strip.width):
        room = (row for row in rows if sum(other.width + GAP for other in row) + one.width <= width)
        row = next(room, None)
        if row is None:
            rows.append(row := [])
        row.append(one)
    height = rows[0][0].height
    sheet = Image.new("RGB", (width, len(rows) * (height + GAP) - GAP), "white")
    for number, row in enumerate(rows):
        left = 0
        for one in row:
            sheet.paste(one, (left, number * (height + GAP)))
            left += one.width + GAP
    return sheet


def strips(paths: Iterable[pathlib.Path], colorizers, height: int, truth: bool) -> Iterator[Image.Image]:
    """Yields the strip of each photo.

    Args:
        paths: Paths of the photos.
        colorizers: List of `kcolor.Colorizer`.
        height: Integer. Height of the strips.
        truth: Boolean. Whether the photo itself comes last.
    """
    for path in paths:
        photo = Image.open(path).convert("RGB")
        photo.thumbnail((1024, 1024))
        gray = photo.convert("L").convert("RGB")
        colored = [Image.fromarray(colorizer.colorize(np.asarray(gray))) for colorizer in colorizers]
        yield strip([gray, *colored, *([photo] if truth else [])], height)


def main(argv: list[str] | None = None) -> None:
    """Draws the sheet.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("models", nargs="+", help="names, files or folders")
    parser.add_argument("--photos", nargs="+", type=pathlib.Path, required=True, help="folders")
    parser.add_argument("--count", type=int, default=24, help="photos of each folder (default: %(default)s)")
    parser.add_argument("--height", type=int, default=130, help="(default: %(default)s)")
    parser.add_argument("--width", type=int, default=1600, help="of the sheet (default: %(default)s)")
    parser.add_argument("--truth", action="store_true", help="show the photos themselves, too")
    args = parser.parse_args(argv)
    colorizers = [kcolor.load(model) for model in args.models]
    paths = [path for folder in args.photos for path in chosen(folder, args.count)]
    packed(strips(paths, colorizers, args.height, args.truth), args.width).save(args.out, quality=85)


if __name__ == "__main__":
    main()
