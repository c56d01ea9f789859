"""Draws how colour meets edges: ``python -m benchmarks.edges PHOTO … [--out FILE]``.

A network outputs colour at a fraction of a photo's resolution. There are two ways to bring it to the photo's size: to stretch
it bilinearly, or to follow the edges of the photo's lightness, as `kcolor.Colorizer.colorize` does. For each photo the sheet
shows the part in which the two results differ most: the photo, then both results.
"""

import argparse
import pathlib

import numpy as np
from keras import ops

import kcolor
from kcolor import color
from kcolor.colorizer.coefficients import coefficients_of
from kcolor.images import arrays
from kcolor.images.contact_sheet import contact_sheet
from kcolor.images.guided_filter import constant_coefficients
from kcolor.photo_files import read_write

WAYS = ("photo", "stretched", "along edges")


def both_ways(colorizer, rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns a photo coloured in both ways, uint8: with the network's colour stretched, and along edges."""
    inference = colorizer.inference()
    prediction = inference.predict(rgb[None])
    luma = colorizer.target.luma(prediction.seen)
    followed = coefficients_of(colorizer.forward_pass, prediction.chroma, luma, rgb.shape[:2])
    ways = (constant_coefficients(prediction.chroma), followed)
    return tuple(inference.painter(coefficients[0], rgb) for coefficients in ways)


def most_different(one: np.ndarray, other: np.ndarray, size: int) -> tuple[int, int]:
    """Returns the upper left corner of the square in which the colours of two pictures differ most."""
    lab = [ops.convert_to_numpy(color.rgb_to_lab(arrays.to_float(picture)))[..., 1:] for picture in (one, other)]
    sums = np.square(lab[0] - lab[1]).sum(-1).cumsum(0).cumsum(1)
    sums = np.pad(sums, ((1, 0), (1, 0)))
    inside = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    return np.unravel_index(inside.argmax(), inside.shape)


def crops(colorizer, rgb: np.ndarray, size: int, enlarged: int) -> list[np.ndarray]:
    """Returns the part of a photo that shows most: the photo, and both results."""
    stretched, along = both_ways(colorizer, rgb)
    size = min(size, *rgb.shape[:2])
    top, left = most_different(stretched, along, size)
    parts = [picture[top : top + size, left : left + size] for picture in (rgb, stretched, along)]
    return [part.repeat(enlarged, axis=0).repeat(enlarged, axis=1) for part in parts]


def main(argv=None):
    """Draws and writes the sheet."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.edges", description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=pathlib.Path, nargs="+", help="files")
    parser.add_argument("--model", default="photo")
    parser.add_argument("--size", type=int, default=96, help="of each part, in pixels of the photo")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("edges.jpg"))
    args = parser.parse_args(argv)
    colorizer = kcolor.load(args.model)
    rows = [crops(colorizer, read_write.read(path).rgb, args.size, 3) for path in args.photos]
    contact_sheet(rows, WAYS, [["", "", path.stem] for path in args.photos], 3 * args.size).save(args.out, quality=92)
    print(args.out)


if __name__ == "__main__":
    main()
