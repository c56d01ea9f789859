"""How fast an album of small photos is coloured: ``python -m benchmarks.album_speed [--photos 60] [--model NAME]``.

Four sides take turns in one process, on the same photos of 256×256: *files* is `kcolor.colorize_files`, from JPEG to JPEG; *one
by one* is `Colorizer.colorize` in a loop, without files; *network* is the floor, the network's raw output for each photo and
nothing else; *network, 8 at a time* the same in batches. Printed are milliseconds a photo, and how far each is from the floor.
"""

import argparse
import functools
import pathlib
import tempfile

import keras
import numpy as np
from keras import ops
from PIL import Image

import kcolor
from benchmarks import timing
from kcolor.data.samples import sample_photos
from kcolor.utils.compile import Graph


def album(count: int, size: int = 256) -> list[np.ndarray]:
    """Returns grey photos of one size, cut from the samples at places of their own."""
    samples, rng = list(sample_photos().values()), np.random.default_rng(0)
    found = []
    for number in range(count):
        photo = samples[number % len(samples)]
        top, left = (int(rng.integers(0, side - size + 1)) for side in photo.shape[:2])
        gray = Image.fromarray(photo[top : top + size, left : left + size]).convert("L")
        found.append(np.asarray(gray.convert("RGB")))
    return found


def network(colorizer, photos, batch: int):
    """Returns a function that runs the network alone on all photos."""
    look = Graph(lambda rgb: colorizer.forward_pass.raw(rgb))
    batches = [
        ops.convert_to_tensor(np.stack(photos[i : i + batch]).astype("float32") / 255) for i in range(0, len(photos), batch)
    ]
    return lambda: [ops.convert_to_numpy(look(one)) for one in batches]


def main(argv: list[str] | None = None) -> None:
    """Prints the table.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=60, help="(default: %(default)s)")
    parser.add_argument("--model", default="photo", help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    args = parser.parse_args(argv)
    colorizer, photos = kcolor.load(args.model), album(args.photos)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary, "photos")
        folder.mkdir()
        for number, photo in enumerate(photos):
            Image.fromarray(photo).save(folder / f"{number:04}.jpg", quality=92)
        out = pathlib.Path(temporary, "out")
        sides = {
            "files": functools.partial(kcolor.colorize_files, folder, out, colorizer, overwrite=True, recolor=True),
            "one by one": lambda: [colorizer.colorize(photo) for photo in photos],
            "network": network(colorizer, photos, 1),
            "network, 8 at a time": network(colorizer, photos, 8),
        }
        times = timing.alternate(sides, rounds=args.rounds, seconds=0, warm=1)
    print(timing.machine(), f"keras {keras.__version__}, {args.model}, {args.photos} photos of 256×256", sep="\n")
    rows = []
    for name, seconds in times.items():
        each = f"{1000 * timing.median(seconds) / args.photos:.1f}"
        rows.append((name, each, f"{timing.ratio(seconds, times['network']):.2f}", f"± {100 * timing.spread(seconds):.0f} %"))
    print(timing.table(rows, ("", "ms a photo", "of the floor", "")))


if __name__ == "__main__":
    main()
