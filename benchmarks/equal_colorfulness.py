"""Compares colorizers at equal colourfulness: ``python -m benchmarks.equal_colorfulness MODEL … --data DIR …``.

Colours of each are brought to 0.9 of the photos' mean colourfulness, so that paleness buys nothing. All pictures of a folder
are measured, in centre crops of 256×256; black-and-white originals are left out. The table of docs/photo-results.md is of

    python -m benchmarks.equal_colorfulness photo --data DATA/photos/test DATA/landscapes/test DATA/kodachrome-test \\
        --lpips VGG16 LINEAR

With ``--aged`` colorizers see the photos as films of their time: by orthochromatic film, faded, scratched, with grain. With
``--aged grain`` that alone is done to them.
"""

import argparse
import itertools
import json
import pathlib

from keras import ops

import kcolor
from kcolor import data
from kcolor.augment import Age
from kcolor.cli import arguments
from kcolor.cli.status_line import StatusLine
from kcolor.evaluation.equal_colorfulness import SHARE, compare
from kcolor.images import arrays
from kcolor.metrics.lpips import LPIPSDistance
from kcolor.utils.text import counted

# What age did to the photos of --aged: every one was taken on film of its time.
AGE = {"film": 1.0, "contrast": 0.5, "fading": 0.4, "blur": 1.0, "grain": 0.06}
AGE |= {"halation": 0.2, "vignette": 0.3, "scratches": 0.1, "jpeg": 0.1}


def ways(models, temperatures, agreement, sizes=None, ensemble=False, tints=None, smooth_grain=None) -> dict:
    """Returns what colours, by name: each model at each tint, temperature and size, or at its own; perhaps with agreement."""
    grain = {"yes": "without grain", "no": "with grain"}
    found = {}
    for name in models:
        colorizer = kcolor.load(name)
        forms = {name: colorizer} if tints is None else {f"{name}, tint {t:g}": colorizer.for_inference(tint=t) for t in tints}
        if smooth_grain is not None:
            asked = [(f"{label}, seen {grain[word]}", form, word) for label, form in forms.items() for word in smooth_grain]
            forms = {label: form.for_inference(smooth_grain=word == "yes") for label, form, word in asked}
        if agreement:
            forms |= {f"{label}, agreement": form.for_inference(agreement=True) for label, form in forms.items()}
        for (label, form), temperature, size in itertools.product(forms.items(), temperatures or [None], sizes or [None]):
            shown = label if temperature is None else f"{label} T {temperature:g}"
            shown = shown if size is None else f"{shown} at {size}"
            found[shown] = form.inference(temperature=temperature, size=size)
            if ensemble:
                found[f"{shown}, ensemble"] = form.inference(temperature=temperature, size=size, ensemble=True)
    return found


def film(effects=()):
    """Returns what makes old photographs of a batch: always the same for the same pictures in the same order.

    Args:
        effects: Names in `AGE`. Without any, all of them.
    """
    age = Age(**{name: AGE[name] for name in effects or AGE}, seed=0)
    return lambda batch: ops.convert_to_numpy(arrays.rounded(age(arrays.to_float(batch), training=True)))


def main(argv=None):
    """Runs the benchmark and prints a table for each folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.equal_colorfulness", description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="+", metavar="MODEL", help="names, .keras files or folders of runs")
    parser.add_argument("--data", nargs="+", required=True, metavar="DIR", help="folders of photos in colour")
    parser.add_argument(
        "--val", type=float, metavar="SHARE", help="the validation pictures alone of a recipe with this data.val"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="at most N pictures of each, always the same")
    parser.add_argument("--size", type=int, default=256, metavar="N", help="side of the centre crop (default: 256)")
    parser.add_argument("--share", type=float, default=SHARE, help=f"of the photos' colourfulness (default: {SHARE})")
    parser.add_argument("--temperature", type=float, nargs="+", metavar="T", help="instead of the models' own")
    parser.add_argument("--tint", type=float, nargs="+", metavar="T", help="share of a picture's mean colour that stays")
    parser.add_argument("--working-size", type=int, nargs="+", metavar="N", help="that the network sees, instead of its own")
    parser.add_argument("--ensemble", action="store_true", help="also the mean over mirror images and two sizes")
    parser.add_argument("--agreement", action="store_true", help="also with colours that agree over like places")
    parser.add_argument(
        "--smooth-grain", nargs="+", choices=["yes", "no"], help="whether the network sees photos without grain"
    )
    parser.add_argument(
        "--aged",
        nargs="*",
        choices=AGE,
        metavar="EFFECT",
        help=f"show the photos as old films would have them; or with some of this alone: {', '.join(AGE)}",
    )
    parser.add_argument("--lpips", nargs=2, metavar=("VGG16", "LINEAR"), help="weights files; without them there is no LPIPS")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the results to a file")
    args = parser.parse_args(argv)
    arguments.check_parent("--json", args.json)
    arguments.check_positive("--limit", args.limit)
    lpips = None if args.lpips is None else LPIPSDistance(*args.lpips)
    options = (args.temperature, args.agreement, args.working_size, args.ensemble, args.tint, args.smooth_grain)
    compared, reports = ways(args.models, *options), {}
    status = StatusLine()

    def show_count(number):
        status.show(counted(number, "picture"))

    for folder in args.data:
        counts = data.ReadCounts()
        found = data.each(_pictures(folder, args), args.size, skip_gray=True, counts=counts)
        aged = None if args.aged is None else film(args.aged)
        result = compare(compared, found, args.share, lpips=lpips, aged=aged, progress=show_count)
        status.wipe()
        reports[folder] = result.to_json()
        print(f"{folder}: {counts.summary()}\n\n{result.table()}\n", flush=True)
    if args.json is not None:
        args.json.write_text(json.dumps(reports, indent=1) + "\n")


def _pictures(folder, args):
    if args.val is None:
        return data.pictures(folder, "all", limit=args.limit)
    return data.pictures(folder, "val", val=args.val, test=0.0, limit=args.limit)


if __name__ == "__main__":
    main()
