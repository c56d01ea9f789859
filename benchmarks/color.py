"""Measures how fast Lab is: ``KERAS_BACKEND=… python -m benchmarks.color [--quick]``.

It compares kcolor's conversions of a batch, as they run in a training graph of this backend, with scikit-image in a loop over
the pictures, with kornia if it is installed, and with the floor: one copy of the batch, and one power of it (Lab needs two
powers and two 3×3 products).
"""

import argparse
import functools
import warnings

import keras
import numpy as np
from keras import ops
from skimage.color import lab2rgb, rgb2lab

from benchmarks import timing
from kcolor import color

BATCHES = [(32, 256, 256, 3), (128, 32, 32, 3)]
QUICK = [(2, 16, 16, 3)]


def compiled(function) -> dict:
    """Returns the function as this backend can run it, by the name of the way."""
    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            return {"graph": tf.function(function), "XLA": tf.function(function, jit_compile=True)}
        case "jax":
            import jax

            return {"jit": jax.jit(function)}
        case "torch":
            import torch

            return {"eager": torch.no_grad()(function)}


def directions(rgb):
    """Yields rows (name, input, kcolor's functions by name, scikit-image's function, the name of kornia's)."""
    lab = np.stack([rgb2lab(picture) for picture in rgb]).astype("float32")
    yield "RGB to Lab", rgb, {"kcolor": color.rgb_to_lab}, rgb2lab, "rgb_to_lab"
    back = {"kcolor": color.lab_to_rgb, "kcolor, nearest": functools.partial(color.lab_to_rgb, gamut="nearest")}
    yield "Lab to RGB", lab, back, lab2rgb, "lab_to_rgb"


def sides(array, functions, reference, kornia_name) -> dict:
    """Returns what is timed, by name: functions without arguments that wait for their result."""
    tensor = ops.convert_to_tensor(array)
    ways = {f"{name}, {way}": f for name, function in functions.items() for way, f in compiled(function).items()}
    for name, function in {"floor, copy": _copy, "floor, one power": _power}.items():
        ways |= {f"{name}, {way}": f for way, f in compiled(function).items()}
    found = {name: lambda f=f: timing.finish(f(tensor)) for name, f in ways.items()}
    found["scikit-image, loop"] = lambda: np.stack([reference(picture) for picture in array])
    if kornia := _kornia():
        found["kornia, eager"] = _of_kornia(kornia, kornia_name, array)
    return found


def _copy(x):
    return x * 1.0000001  # a compiler may remove a multiplication by 1


def _power(x):
    return ops.power(x, 2.4)


def _kornia():
    if timing.version("kornia") is None:
        return None
    import kornia

    return kornia


def _of_kornia(kornia, name, array):
    """Returns kornia's function on its own layout, channels first."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    tensor = torch.from_numpy(np.ascontiguousarray(np.moveaxis(array, -1, 1))).to(device)
    function = torch.no_grad()(getattr(kornia.color, name))
    return lambda: (function(tensor), torch.cuda.synchronize() if device == "cuda" else None)


def report(shape, rounds):
    """Prints the tables for one size of batch."""
    rgb = np.random.default_rng(0).uniform(size=shape).astype("float32")
    megapixels = np.prod(shape[:3]) / 1e6
    for name, array, functions, reference, kornia_name in directions(rgb):
        times = timing.alternate(sides(array, functions, reference, kornia_name), rounds)
        loop = times["scikit-image, loop"]
        rows = [(side, timing.rate(t, megapixels), f"{timing.ratio(t, loop):.2f}") for side, t in times.items()]
        print(f"\n{name}, {'×'.join(map(str, shape))}, float32\n")
        print(timing.table(rows, ("", "megapixels/s", "× scikit-image")))


def main(argv=None):
    """Runs the benchmark and prints its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny batches: does it run?")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args(argv)
    print(timing.machine())
    if _kornia() is None:
        print("kornia is not installed here: left out")
    warnings.filterwarnings("ignore", message="Conversion from CIE-LAB")  # scikit-image warns about colours outside the gamut
    for shape in QUICK if options.quick else BATCHES:
        report(shape, 2 if options.quick else options.rounds)


if __name__ == "__main__":
    main()
