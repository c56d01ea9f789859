"""Measures how skin comes out, from light to dark: ``python -m benchmarks.skin_tones MODEL … --data FACES``.

FACES is a folder of faces in colour that fill their pictures. Skin is the middle of a face. Its tone is the angle of lightness
and yellowness (individual typology angle, as dermatologists use it), measured in the photo: above 41° light, 28° to 41°
intermediate, 10° to 28° tan, below 10° brown and dark. Photos differ in light and white balance, so the groups are rough. For
each group: how far the mean colour of the skin is off in the ab plane, how strong it is against the photo's, and by how many
degrees its hue is off; all are medians.
"""

import argparse
import sys

import numpy as np
from keras import ops

import kcolor
from kcolor import color, data
from kcolor.images import arrays

GROUPS = {"light": 41.0, "intermediate": 28.0, "tan": 10.0, "brown and dark": -90.0}  # by their least angle in degrees
_SKIN = (slice(0.42, 0.7), slice(0.32, 0.68))  # rows and columns: cheeks and nose


def skin(photo: np.ndarray) -> np.ndarray:
    """Returns the median L, a and b of the middle of a face.

    Args:
        photo: uint8 array ``(height, width, 3)``.
    """
    rows, columns = (
        slice(int(part.start * side), int(part.stop * side)) for part, side in zip(_SKIN, photo.shape, strict=False)
    )
    lab = ops.convert_to_numpy(color.rgb_to_lab(arrays.to_float(photo[rows, columns])))
    return np.median(lab.reshape(-1, 3), axis=0)


def group_of(tone: np.ndarray) -> str:
    """Returns the name of a skin's group.

    Args:
        tone: Its L, a and b.
    """
    angle = np.degrees(np.arctan2(tone[0] - 50, max(tone[2], 1e-3)))
    return next(name for name, least in GROUPS.items() if angle >= least)


def measure(colorizer: kcolor.Colorizer, photos) -> dict[str, list[tuple[float, float, float]]]:
    """Returns for each group (miss, strength, turn of the hue) of each of its faces.

    Args:
        colorizer: `Colorizer`.
        photos: uint8 arrays ``(height, width, 3)``.
    """
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in GROUPS}
    for photo in photos:
        truth, painted = skin(photo), skin(colorizer.colorize(photo))
        hues = [np.degrees(np.arctan2(one[2], one[1])) for one in (painted, truth)]
        turn = (hues[0] - hues[1] + 180) % 360 - 180
        strengths = [np.hypot(*one[1:]) for one in (painted, truth)]
        found[group_of(truth)].append((np.hypot(*(painted - truth)[1:]), strengths[0] / max(strengths[1], 1.0), turn))
    return found


def main(argv=None):
    """Runs the benchmark and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.skin_tones", description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="+", metavar="MODEL", help="names, .keras files or folders of runs")
    parser.add_argument("--data", required=True, metavar="FACES", help="folder of faces in colour")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N of them, always the same")
    args = parser.parse_args(argv)
    photos = [np.asarray(photo) for photo in data.each(data.pictures(args.data, "all", limit=args.limit), None, skip_gray=True)]
    print(f"{'':24} {'skin':16} {'faces':>6} {'ab off':>7} {'strength':>9} {'hue off':>8}")
    for name in args.models:
        for group, rows in measure(kcolor.load(name), photos).items():
            if rows:
                miss, strength, turn = np.median(np.abs(rows), axis=0)
                print(f"{name:24} {group:16} {len(rows):6} {miss:7.1f} {strength:9.2f} {turn:7.1f}°")


if __name__ == "__main__":
    sys.exit(main())
