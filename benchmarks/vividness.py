"""Measures how vivid a colorizer of bins should be: ``python -m benchmarks.vividness MODEL --data DIR [--lpips VGG16 LINEAR]``.

The network's outputs are decoded at several temperatures, and their chroma is multiplied by several factors. The table shows
how near the colours are to the true ones, and how strong. It serves to choose the temperature of an included model, on
validation pictures.
"""

import argparse
import dataclasses
import statistics

import numpy as np
from keras import ops

import kcolor
from kcolor import data
from kcolor.colorizer.coefficients import coefficients_of
from kcolor.images import arrays
from kcolor.metrics import functions
from kcolor.metrics.lpips import LPIPSDistance

TEMPERATURES = (0.1, 0.25, 0.38, 0.6, 1.0)
SATURATIONS = (1.0, 1.1, 1.2, 1.3)
METRICS = ("psnr", "ab_distance", "colorfulness", "colorfulness_difference")


def ways(colorizer, photo):
    """Yields one photo's results by (temperature, saturation), RGB in [0, 1]."""
    forward, painter = colorizer.forward_pass, colorizer.inference().painter
    seen = forward.seen(photo)
    raw = forward.raw(seen)
    for temperature in TEMPERATURES:
        target = dataclasses.replace(colorizer.target, decoding="annealed_mean", temperature=temperature)
        chroma = forward.with_target(target).chroma(raw, seen)
        for saturation in SATURATIONS:
            coefficients = coefficients_of(forward, saturation * chroma, forward.target.luma(seen), photo.shape[1:3])
            yield (temperature, saturation), arrays.to_float(painter(coefficients[0], photo[0]))[None]


def measure(colorizer, pictures, weights=None) -> dict:
    """Returns the metrics of each way, as means over the pictures."""
    lpips = None if weights is None else LPIPSDistance(*weights)
    found = {}
    for picture in pictures:
        photo = arrays.to_float(picture[None])
        distance = lpips and lpips.from_truth(photo)
        for way, result in [("photo", photo), *ways(colorizer, ops.convert_to_numpy(photo))]:
            scores = {name: _metric(name, photo, result) for name in METRICS}
            if distance:
                scores["lpips"] = distance(result)
            for name, value in scores.items():
                found.setdefault(way, {}).setdefault(name, []).append(float(value[0]))
    return {way: {name: statistics.fmean(values) for name, values in scores.items()} for way, scores in found.items()}


def _metric(name, photo, result):
    return functions.colorfulness(result) if name == "colorfulness" else getattr(functions, name)(photo, result)


def main(argv=None):
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vividness", description=__doc__.partition("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--data", required=True)
    parser.add_argument("--split", default="val")
    parser.add_argument("--share", type=float, default=0.04, help="share of the pictures used for validation (default: 0.04)")
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--lpips", nargs=2, metavar=("VGG16", "LINEAR"))
    args = parser.parse_args(argv)
    pictures = data.pictures(args.data, args.split, val=args.share, test=0.0, limit=args.limit)
    rows = measure(kcolor.load(args.model), map(np.asarray, data.each(pictures, args.size)), args.lpips)
    names = [*METRICS, *(["lpips"] if args.lpips else [])]
    print(f"{'T':>5} {'saturation':>10} " + " ".join(f"{name:>24}" for name in names))
    for way, scores in rows.items():
        label = f"{'photo':>16}" if way == "photo" else f"{way[0]:>5} {way[1]:>10}"
        print(label, " ".join(f"{scores[name]:>24.3f}" for name in names))


if __name__ == "__main__":
    main()
