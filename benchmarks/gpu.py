"""What a GPU makes of kcolor: ``KERAS_BACKEND=jax python -m benchmarks.gpu [--minutes 9] [--pack FILE.zip] [--quick]``.

It needs Keras with JAX, PyTorch or TensorFlow, and no network. `benchmarks/gpu.sh` calls it; Keras may be a wheel.
Its parts, in this order, until the minutes are over; what was left out is said:

- *train*: a whole training step from uint8 photos, and the same network on prepared targets (`benchmarks.train_step`), in
  float32, bfloat16 and float16. The aim is 0.9 of the network alone. `gan` is system B's pair, whole alone.
- *color*: `Colorizer.colorize` of photos of 1 and 12 megapixels with the model `photo`.
- *augment*: `Geometry` and `Age` on the device, with all of their effects.
- *feed*: batches of 128×128 from a zip of pictures, read and decoded on the processor's cores. A GPU can train no faster.
"""

import argparse
import functools
import json
import pathlib
import time
import traceback

import keras
import numpy as np
from keras import ops
from PIL import Image

import kcolor
from benchmarks import timing, train_step
from kcolor.data.samples import sample_photos
from kcolor.utils.processors import cpus

POLICIES = ("float32", "mixed_bfloat16", "mixed_float16")
CASES = ("A-small", "A-large", "soft", "D1")
SCALE = 8  # a GPU's batches, of those of `benchmarks.train_step`
_HEADER = ("", "policy", "what", "a second", "spread", "of the network alone")


def _row(name, policy, what, rate, spread="-", share="-"):
    """A row of the table: `rate` is how many a second."""
    return name, policy, what, f"{rate:.3g}", spread if isinstance(spread, str) else f"±{spread:.0%}", share


def _timed(name, policy, what, times, amount):
    return _row(name, policy, what, amount / timing.median(times), timing.spread(times))


def train(name, policy, options):
    """Returns a row: pictures a second of the whole step, and its share of the network alone."""
    case = train_step.chosen(argparse.Namespace(only=name, vgg=None, scale=options.scale, quick=options.quick))[name]
    found = train_step.measure(name, case, policy, *((2, 0) if options.quick else (3, 0.5)), None)
    rates, spread = found["pictures_per_second"], found["spread"]
    what, share = "×".join(map(str, found["batch"])), f"{rates['whole'] / rates['prepared']:.2f}"
    return _row(f"train {name}", policy, what, rates["whole"], spread["whole"], share)


def gan(policy, options):
    """Returns a row of system B's generator and discriminator, trained against each other."""
    keras.utils.clear_session()
    keras.config.set_dtype_policy(policy)
    size, batch = (32, 2) if options.quick else (128, 16 * options.scale // 4)
    case = train_step.Case("lab", {}, {}, size, batch)
    photo = train_step.batch_of(case)
    widths = {"complexity": 4} if options.quick else {"complexity": 46}
    judge = kcolor.models.build("complexity_discriminator", complexity=4, size=size)
    colorizer = kcolor.AdversarialColorizer("complexity_unet", "lab", judge, **widths)
    colorizer.compile(keras.optimizers.Adam(2e-4), loss="mae", factor=0.1)
    fit, steps = train_step.fitting(colorizer, (photo,)), 1 if options.quick else 16
    times = timing.alternate({"": functools.partial(fit, steps)}, 2 if options.quick else 3, 0, warm=1)[""]
    what = f"{batch}×{size}×{size}×3"
    return _timed("train gan", policy, what, times, batch * steps)


def color(megapixels, policy, options):
    """Returns a row of photos that are coloured, in a second."""
    keras.config.set_dtype_policy("float32")
    colorizer = kcolor.load("shapes" if options.quick else "photo", precision=policy)
    side = 64 if options.quick else round((megapixels * 1e6) ** 0.5)
    photo = np.asarray(Image.fromarray(sample_photos()["beach"]).resize((side, side)))
    times = timing.alternate({"": lambda: colorizer.colorize(photo)}, 3, 0, warm=2)[""]
    return _timed(f"color {megapixels} MP", policy, "photos", times, 1)


def augment(options):
    """Returns a row of photos that are turned and aged, in a second."""
    keras.config.set_dtype_policy("float32")
    case = train_step.Case("lab", {}, {}, 32 if options.quick else 128, 4 if options.quick else 32 * options.scale)
    photos = ops.convert_to_tensor(train_step.batch_of(case).astype("float32") / 255)
    every = {"film": 0.3, "blur": 0.8, "halation": 0.3, "grain": 0.04, "contrast": 0.5, "fading": 0.3}
    every |= {"vignette": 0.3, "scratches": 0.1, "noise": 0.02, "jpeg": 0.1}
    layers = [kcolor.augment.Geometry(horizontal_flip=True, rotation=10, crop=0.2), kcolor.augment.Age(**every)]
    model = keras.Sequential(layers)

    def run():
        timing.finish(model(photos, training=True))

    times = timing.alternate({"": run}, 3, 0, warm=2)[""]
    what = f"{case.batch}×{case.size}×{case.size}×3"
    return _timed("augment", "float32", what, times, case.batch)


def feed(pack, options):
    """Returns a row of pictures that are read from a zip, decoded and cut out, in a second."""
    pictures = kcolor.data.pictures(pack, "all")
    batches = kcolor.data.batches(pictures, 32, 128, crop="random", zoom=1.7, shuffle=True)
    began, count = time.perf_counter(), 0
    while (seconds := time.perf_counter() - began) < (1 if options.quick else 15):  # passes over all of them
        count += sum(len(batch) for batch in batches)
    return _row("feed", "-", f"of {len(pictures):,}, {cpus()} cores", count / seconds)


def parts_of(options):
    """Yields functions that return a row each, the most telling first."""
    policies = POLICIES[:1] if options.quick else POLICIES
    for name in CASES[:1] if options.quick else CASES:
        for policy in policies:
            yield f"train {name} {policy}", functools.partial(train, name, policy, options)
    for policy in policies:
        yield f"train gan {policy}", functools.partial(gan, policy, options)
    for megapixels in (1, 12):
        for policy in policies[:2]:
            yield f"color {megapixels} MP {policy}", functools.partial(color, megapixels, policy, options)
    yield "augment", functools.partial(augment, options)
    if options.pack:
        yield "feed", functools.partial(feed, options.pack, options)


def main(argv: list[str] | None = None) -> None:
    """Prints a table, and what was left out.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=9.0, help="no part begins later (default: %(default)s)")
    parser.add_argument("--pack", metavar="ZIP", help="a zip of pictures for `feed`")
    parser.add_argument("--scale", type=int, default=SCALE, help="how many times larger batches are (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run?")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args(argv)
    if options.quick:
        options.scale = 1
    began, rows, missing = time.monotonic(), [], []
    print(timing.machine(), flush=True)
    for name, part in parts_of(options):
        if time.monotonic() - began > 60 * options.minutes:
            missing.append(f"{name}: no time left")
            continue
        try:
            rows.append(part())
            print("  ".join(rows[-1]), flush=True)
        except Exception as error:  # what does not run there is said, and the others go on
            traceback.print_exc()
            missing.append(f"{name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
        if options.json:
            report = {"machine": timing.machine(), "rows": rows, "missing": missing}
            options.json.write_text(json.dumps(report, indent=1) + "\n")
    print("\n" + timing.table(rows, _HEADER))
    for line in missing:
        print("missing:", line)


if __name__ == "__main__":
    main()
