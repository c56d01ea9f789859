"""How sure a match with a reference photo has to be: ``python -m benchmarks.references --data photos/test``.

The left half of a photo is coloured. Its reference is the right half, in colour: the same place, other things. Then it is
another photo, which has nothing to do with it. For each least likeness of a match: how far the colours are from the true ones
(mean distance in the ab plane), and which share of the photos gets better or worse by more than 0.3.
"""

import argparse
import pathlib

import numpy as np
from keras import ops
from PIL import Image

import kcolor
from benchmarks.timing import machine, table
from kcolor import color
from kcolor.colorizer.reference import Reference
from kcolor.hints.matching import guesses
from kcolor.images.walking import picture_files

SURE = (0.97, 0.95, 0.93, 0.9, 0.85, 0.7)
_SIDE = 640


def ab_of(rgb: np.ndarray) -> np.ndarray:
    """Returns the a and b of a picture."""
    return ops.convert_to_numpy(color.rgb_to_lab(rgb.astype("float32") / 255))[..., 1:]


def errors(inference, photo: np.ndarray, reference: np.ndarray) -> tuple[list[float], list[int]]:
    """Returns the distance to the true colours without a reference and at each least likeness, and the numbers of matches."""
    gray = np.asarray(Image.fromarray(photo).convert("L").convert("RGB"))
    prediction, seen, truth = inference.predict(gray[None], features=True), Reference(inference, reference), ab_of(photo)
    found, counts = [prediction], []
    for sure in SURE:
        matches = seen.matches(prediction, sure)
        counts.append(len(matches))
        found.append(prediction.with_guesses(guesses(matches), gray.shape[:2]) if matches else prediction)
    painted = [ab_of(inference.paint(one, gray[None])[0]) for one in found]
    return [float(np.linalg.norm(one - truth, axis=-1).mean()) for one in painted], counts


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="a folder of pictures in colour")
    parser.add_argument("--every", type=int, default=5, help="take every Nth picture (default: 5)")
    parser.add_argument("--limit", type=int, default=48)
    parser.add_argument("--model", default="photo")
    args = parser.parse_args()
    photos = []
    for path in list(picture_files(args.data))[:: args.every][: args.limit]:
        with Image.open(path) as image:
            image = image.convert("RGB")
            image.thumbnail((_SIDE, _SIDE))
            photos.append(np.asarray(image))
    inference, rows = kcolor.load(args.model).inference(), []
    for name in ("the same place", "another photo"):
        measured = []
        for number, photo in enumerate(photos):
            half = photo.shape[1] // 2
            other = photo[:, half:] if name == "the same place" else photos[(number + len(photos) // 2) % len(photos)]
            measured.append(errors(inference, photo[:, :half], other))
        error = np.array([one[0] for one in measured])
        counts = np.array([one[1] for one in measured]).mean(axis=0)
        rows.append([name, "none", f"{error[:, 0].mean():.2f}", "", "", ""])
        for place, sure in enumerate(SURE, 1):
            change = error[:, place] - error[:, 0]
            shares = [f"{100 * (side * change > 0.3).mean():.0f} %" for side in (-1, 1)]
            rows.append(["", f"{sure:.2f}", f"{error[:, place].mean():.2f}", *shares, f"{counts[place - 1]:.0f}"])
    print(machine())
    print(table(rows, ["reference", "likeness", "ab error", "better", "worse", "matches"]))


if __name__ == "__main__":
    main()
