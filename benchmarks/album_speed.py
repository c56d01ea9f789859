"""How fast an album is coloured: ``python -m benchmarks.album_speed [--photos 60] [--megapixels 12] [--model NAME]``.

Four sides take turns in one process, on the same photos, of 256×256 unless megapixels are given: *files* is
`kcolor.colorize_files`, from JPEG to JPEG; *one by one* is `Colorizer.colorize` in a loop, without files; *network* is the
floor, the network's raw output for each photo and nothing else; *network, 8 at a time* the same in batches. Printed are
milliseconds a photo, and how far each is from the floor.
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
    """Returns square grey photos of one size, cut from the samples at places of their own; enlarged if they must be."""
    samples, rng = list(sample_photos().values()), np.random.default_rng(0)
    found = []
    for number in range(count):
        photo = samples[number % len(samples)]
        side = min(size, *photo.shape[:2])
        top, left = (int(rng.integers(0, whole - side + 1)) for whole in photo.shape[:2])
        gray = Image.fromarray(photo[top : top + side, left : left + side]).convert("L")
        found.append(np.asarray(gray.resize((size, size), Image.Resampling.BICUBIC).convert("RGB")))
    return found


def network(colorizer, photos, batch: int):
    """Returns a function that runs the network alone on all photos, at the size at which it sees them."""
    look, seen = Graph(lambda rgb: colorizer.forward_pass.raw(rgb)), []
    for photo in photos:
        height, width = colorizer.forward_pass.sizes.seen(*photo.shape[:2])
        small = Image.fromarray(photo).resize((width, height), Image.Resampling.BOX)
        seen.append(np.asarray(small, "float32") / 255)
    batches = [ops.convert_to_tensor(np.stack(seen[i : i + batch])) for i in range(0, len(photos), batch)]
    return lambda: [ops.convert_to_numpy(look(one)) for one in batches]


def main(argv: list[str] | None = None) -> None:
    """Prints the table.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=60, help="(default: %(default)s)")
    parser.add_argument("--megapixels", type=float, help="of each photo (default: 256×256 pixels)")
    parser.add_argument("--model", default="photo", help="(default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    args = parser.parse_args(argv)
    size = 256 if args.megapixels is None else round((args.megapixels * 1e6) ** 0.5)
    colorizer, photos = kcolor.load(args.model), album(args.photos, size)
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
    print(timing.machine(), f"keras {keras.__version__}, {args.model}, {args.photos} photos of {size}×{size}", sep="\n")
    rows = []
    for name, seconds in times.items():
        each = f"{1000 * timing.median(seconds) / args.photos:.1f}"
        rows.append((name, each, f"{timing.ratio(seconds, times['network']):.2f}", f"± {100 * timing.spread(seconds):.0f} %"))
    print(timing.table(rows, ("", "ms a photo", "of the floor", "")))


if __name__ == "__main__":
    main()
