"""Compares kernels by which hints are spread: ``python -m benchmarks.hint_kernel --data DIR [--set NAME=VALUE,… …]``.

Each kernel is the one of `kcolor.hints.spread` with some of its constants changed. The protocol is siggraph17's, as of
`kcolor evaluate --hints`, but without painting, and on every sixteenth pixel: what is compared is the spreading alone, in
seconds. The constants were chosen on 80 pictures that no colorizer was trained, chosen or tested on. Two goods are at odds: the
wider the kernel, the higher the PSNR with true colours, because most of what a network gets wrong is wrong in much of the
picture; but a person's hints are bold, and mean one thing.
"""

import argparse

import numpy as np
from keras import ops

import kcolor
from benchmarks.timing import table
from kcolor import color, data
from kcolor.evaluation.hint_curve import NUMBERS, true_hints
from kcolor.hints import spread as kernel
from kcolor.hints.hint import place
from kcolor.hints.patches import patches_in
from kcolor.images import arrays
from kcolor.images.resizing import resize
from kcolor.metrics import functions

CONSTANTS = ("REACH", "LIGHTNESS", "CHROMA", "ALIKE", "NUGGET", "BOLD")
TRIED = ("", "BOLD=1e9", "BOLD=40", "BOLD=15", "ALIKE=0.5", "ALIKE=0.95", "CHROMA=40", "LIGHTNESS=30", "REACH=0.4")


class Picture:
    """A photo, what was predicted, and its hints."""

    def __init__(self, inference, photo: np.ndarray, most: int):
        prediction = inference.predict(photo[None], features=True)
        self.features, self.seen = prediction.features, prediction.seen
        self.size = tuple(int(side) for side in self.seen.shape[1:3])
        small = ops.convert_to_numpy(resize(arrays.to_float(photo[None]), self.size))
        self.lab = color.rgb_to_lab(small)
        self.ab = color.rgb_to_lab(inference.forward.target.join(prediction.chroma, self.seen))[..., 1:]
        placed = place(true_hints(photo, most), *photo.shape[:2])
        self.patches = patches_in(small[0], placed.patches)
        self.wanted = self.patches.of(ops.convert_to_numpy(self.lab)[0, ..., 1:])

    def psnr(self, numbers) -> list[float]:
        """Returns the PSNR with each number of hints, by the constants that are set."""
        alike = kernel.descriptors(self.seen, self.features, self.ab)
        everywhere = ops.reshape(alike[:, ::4, ::4], (-1, alike.shape[-1]))
        at, before = self.patches.of(ops.convert_to_numpy(alike)[0]), self.patches.of(ops.convert_to_numpy(self.ab)[0])
        lab, ab = self.lab[:, ::4, ::4], self.ab[:, ::4, ::4]
        truth, found = color.lab_to_rgb(lab), []
        for number in numbers:
            moved = ab
            if number:
                missing = (self.wanted - before)[:number]
                bold = np.square(np.linalg.norm(missing, axis=-1) / kernel.BOLD).astype("float32")
                change = kernel.spread(missing, at[:number], everywhere, kernel.NUGGET, boldness=bold)
                moved = ab + ops.reshape(change, ops.shape(ab))
            painted = color.lab_to_rgb(ops.concatenate([lab[..., :1], moved], axis=-1))
            found.append(float(functions.psnr(truth, painted)[0]))
        return found


def measured(pictures, changes: dict[str, float], numbers) -> list[float]:
    """Returns the mean PSNR of a kernel with some constants changed."""
    before = {name: getattr(kernel, name) for name in changes}
    try:
        for name, value in changes.items():
            setattr(kernel, name, value)
        return np.mean([picture.psnr(numbers) for picture in pictures], axis=0).tolist()
    finally:
        for name, value in before.items():
            setattr(kernel, name, value)


def changes_of(text: str) -> dict[str, float]:
    """Returns constants by name from ``NAME=VALUE,NAME=VALUE``."""
    pairs = [part.split("=") for part in text.split(",") if part]
    if wrong := [pair for pair in pairs if len(pair) != 2 or pair[0] not in CONSTANTS]:
        raise SystemExit(f"Expected NAME=VALUE with a name of {', '.join(CONSTANTS)}. Received: {wrong}")
    return {name: float(value) for name, value in pairs}


def main(argv=None):
    """Prints a row for each kernel."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hint_kernel", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", required=True, metavar="DIR", help="pictures to choose by: not those of a test")
    parser.add_argument("--model", default="photo")
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument(
        "--set", nargs="+", default=TRIED, metavar="NAME=VALUE,…", help="what is changed (default: some of each)"
    )
    args = parser.parse_args(argv)
    tried = {text or "as it is": changes_of(text) for text in args.set}
    inference = kcolor.load(args.model).inference()
    photos = data.each(data.pictures(args.data, "all", limit=args.limit), args.size)
    pictures = [Picture(inference, np.asarray(photo), max(NUMBERS)) for photo in photos]
    rows = []
    for name, changes in tried.items():
        found = measured(pictures, changes, NUMBERS)
        rows.append([name, f"{found[0]:.2f}", *(f"{psnr - found[0]:+.2f}" for psnr in found[1:])])
    print(f"{len(pictures)} pictures, PSNR without hints and gains\n")
    print(table(rows, ["kernel", *map(str, NUMBERS)]))


if __name__ == "__main__":
    main()
