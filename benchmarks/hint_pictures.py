"""Draws what hints do: ``python -m benchmarks.hint_pictures --data DIR [--hints FILE] [--out FILE]``.

Each row is a photo with its hints as dots, coloured without them, and coloured with them. FILE names photos of DIR, see
docs/hints.md for its form. With ``--reference PHOTO COLOUR`` there is one row instead: the places that were matched, and the
photo coloured without and with its reference.
"""

import argparse
import pathlib

import numpy as np
from PIL import Image, ImageDraw

import kcolor
from kcolor.hints import read
from kcolor.hints.colors import KEEP, rgb_or_ab
from kcolor.hints.match_picture import match_picture
from kcolor.images.contact_sheet import contact_sheet
from kcolor.photo_files import read_write
from kcolor.photo_files.hint_files import read_reference

_HEIGHT = 230


def dotted(rgb: np.ndarray, placement) -> np.ndarray:
    """Returns a photo with a dot of each hint's colour at its place."""
    image = Image.fromarray(rgb)
    draw = ImageDraw.Draw(image)
    size = 0.022 * image.height
    for patch in placement.patches:
        top, left, bottom, right = patch.box
        x, y = (left + right) / 2 * image.width, (top + bottom) / 2 * image.height
        fill = None if patch.color == KEEP else tuple(round(255 * part) for part in rgb_or_ab(patch.color))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=fill, outline="white", width=max(1, round(size / 5)))
    return np.asarray(image)


def row(colorizer, rgb: np.ndarray, hints) -> list[np.ndarray]:
    """Returns a photo with dots, and what it becomes without and with its hints."""
    placed = hints.placed(*rgb.shape[:2])
    return [dotted(rgb, placed), colorizer.colorize(rgb), colorizer.colorize(rgb, hints=hints)]


def referred(colorizer, rgb: np.ndarray, reference: np.ndarray) -> list[np.ndarray]:
    """Returns the matches of a photo and its reference, and what it becomes without and with it."""
    inference = colorizer.inference()
    found = inference.referring(reference).matches(inference.predict(rgb[None], features=True))
    matched = np.asarray(match_picture(rgb, reference, found, height=2 * _HEIGHT))
    return [matched, colorizer.colorize(rgb), colorizer.colorize(rgb, reference=reference)]


def main(argv=None):
    """Draws and writes the sheet."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hint_pictures", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=pathlib.Path, metavar="DIR", help="folder of the photos")
    parser.add_argument("--hints", type=pathlib.Path, default=pathlib.Path("docs/hints-historic.json"), metavar="FILE")
    parser.add_argument("--reference", nargs=2, metavar=("PHOTO", "COLOUR"))
    parser.add_argument("--model", default="photo")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("hints.jpg"))
    args = parser.parse_args(argv)
    colorizer = kcolor.load(args.model)
    if args.reference:
        photo, colors = args.reference
        rows = [referred(colorizer, read_write.read(photo).rgb, read_reference(colors))]
        headings = ("the photo and its reference", "without", "with the reference")
    elif args.data:
        rows = [row(colorizer, read_write.read(args.data / name).rgb, hints) for name, hints in read(args.hints).items()]
        headings = ("photo and hints", "without hints", "with hints")
    else:
        parser.error("expected --data or --reference")
    contact_sheet(rows, headings, height=_HEIGHT).save(args.out, quality=85)
    print(args.out)


if __name__ == "__main__":
    main()
