"""Compares colorizers side by side: ``python -m benchmarks.beside SHEET --data DIR NAME=RUN [NAME=RUN …]``.

Each colorizer colours the same photos. The sheet shows the first of them, the table has the mean metrics of all. It shows what
changed between two phases of a training, or along one axis of a sweep.
"""

import argparse
import statistics

import numpy as np
from keras import ops

import kcolor
from kcolor import color, data
from kcolor.images import arrays, contact_sheet
from kcolor.metrics import functions
from kcolor.utils.files import write_whole

COMPARED = ("psnr", "ab_distance", "color_drift", "pixel_accuracy")  # metrics of a result and its photo
OWN = ("colorfulness", "roughness")  # metrics of a picture alone


def roughness(picture):
    """Returns how much colour changes from pixel to pixel: the mean ab distance between neighbours, ``(batch,)``."""
    ab = color.rgb_to_lab(picture)[..., 1:]
    steps = (ab[:, 1:] - ab[:, :-1], ab[:, :, 1:] - ab[:, :, :-1])
    return sum(ops.mean(ops.sqrt(ops.sum(ops.square(step), axis=-1)), axis=(1, 2)) for step in steps) / 2


def measure(photo, result) -> dict:
    """Returns the metrics of a result and its photo, both uint8; of the photo alone if the result is None."""
    picture = arrays.to_float((photo if result is None else result)[None])
    found = {"colorfulness": functions.colorfulness(picture), "roughness": roughness(picture)}
    if result is not None:
        found |= {name: getattr(functions, name)(arrays.to_float(photo[None]), picture) for name in COMPARED}
    return {name: float(value[0]) for name, value in found.items()}


def compare(colorizers: dict, pictures, shown: int):
    """Returns each colorizer's mean metrics, and rows for the sheet: photo, then each result."""
    scores, rows = {}, []
    for photo in pictures:
        results = {"photo": None, **{name: colorizer.colorize(photo) for name, colorizer in colorizers.items()}}
        for name, result in results.items():
            for metric, value in measure(photo, result).items():
                scores.setdefault(name, {}).setdefault(metric, []).append(value)
        if len(rows) < shown:
            rows.append([photo, *list(results.values())[1:]])
    if not rows:
        raise SystemExit("Expected at least one picture. Found none")
    return {
        name: {metric: statistics.fmean(values) for metric, values in found.items()} for name, found in scores.items()
    }, rows


def table(scores: dict) -> str:
    """Returns the metrics as a table in Markdown, a row for each colorizer."""
    names = [*COMPARED, *OWN]
    lines = [["", *(name.replace("_", " ") for name in names)], ["---"] * (1 + len(names))]
    for colorizer, found in scores.items():
        lines.append([colorizer, *(f"{found[name]:.3f}" if name in found else "" for name in names)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(argv=None):
    """Prints the table and writes the sheet."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.beside", description=__doc__.partition("\n")[0])
    parser.add_argument("sheet", help="the picture to write")
    parser.add_argument("models", nargs="+", metavar="NAME=MODEL", help="a colorizer and its name in the sheet")
    parser.add_argument("--data", required=True)
    parser.add_argument("--split", default="test")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--rows", type=int, default=6, help="pictures in the sheet (default: 6)")
    args = parser.parse_args(argv)
    if wrong := [model for model in args.models if "=" not in model]:
        parser.error(f"expected NAME=MODEL. Received: {', '.join(wrong)}")
    colorizers = {name: kcolor.load(where) for name, _, where in (model.rpartition("=") for model in args.models)}
    pictures = data.each(data.pictures(args.data, args.split, limit=args.limit), args.size, seed=0)  # not one class first
    scores, rows = compare(colorizers, map(np.asarray, pictures), args.rows)
    print(table(scores))
    write_whole(args.sheet, contact_sheet.contact_sheet(rows, ["photo", *colorizers], height=144).save)


if __name__ == "__main__":
    main()
