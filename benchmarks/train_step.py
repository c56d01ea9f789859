"""Measures a training step from uint8 photos: ``KERAS_BACKEND=… python -m benchmarks.train_step [--quick] [--only NAME]``.

Three sides take turns. *whole* is `Colorizer.fit` on uint8 RGB (lightness, encoding, forward, backward, update). *prepared* is
Keras's `fit` of the same network and loss on lightness and encoded targets that were made beforehand and lie on the device.
*PyTorch*, if it is installed, is the same network written in PyTorch (`benchmarks.torch_unet`), eager, on prepared targets. The
transforms' share of the step is 1 - prepared / whole. All sides reuse memory, as `kcolor train` does.
"""

import argparse
import dataclasses
import functools
import json
import pathlib

import keras
import numpy as np
from keras import ops

import kcolor
from benchmarks import timing
from kcolor import losses, models, targets
from kcolor.data.batches import without_autotuning
from kcolor.data.samples import sample_photos
from kcolor.images import arrays
from kcolor.utils.memory import reuse_memory

POLICIES = ("float32", "mixed_bfloat16")


@dataclasses.dataclass(frozen=True)
class Case:
    """What is trained: a target, a U-Net, the batches, and a loss if it is not the target's own."""

    target: str
    options: dict
    network: dict
    size: int
    batch: int
    loss: str | None = None
    measured: bool = False


CASES = {
    "A-small": Case("bins", {"grid": 18}, {"filters": (8, 16, 32)}, 32, 64),
    "A-large": Case("bins", {"grid": 18}, {}, 128, 32),
    "soft": Case("bins", {"step": 10, "soft": True, "rebalance": 0.5}, {"filters": (16, 32, 64, 128)}, 128, 16, measured=True),
    "D1": Case("rgb", {}, {"activation": "leaky_relu", "dropout": (0.2, 0.2)}, 256, 8, "mae"),
    "D1-perceptual": Case("rgb", {}, {"activation": "leaky_relu", "dropout": (0.2, 0.2)}, 256, 4, "perceptual"),
}


def batch_of(case):
    """Returns a batch of uint8 photos: pieces of those that come with kcolor."""
    rng, found = np.random.default_rng(0), list(sample_photos().values())
    pieces = []
    for n in range(case.batch):
        photo = found[n % len(found)]
        top, left = (rng.integers(0, side - case.size + 1) for side in photo.shape[:2])
        pieces.append(photo[top : top + case.size, left : left + case.size])
    return np.stack(pieces)


def feed(batch):
    """Returns a function of the number of steps. It gives the same batch for each step, on the device, as `fit` takes it."""
    batch = keras.tree.map_structure(ops.convert_to_tensor, batch)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        dataset = without_autotuning(tf.data.Dataset.from_tensors(batch))
        return dataset.repeat
    return lambda steps: (batch for _ in range(steps))


def fitting(model, batch):
    """Returns a function that takes a number of steps of `fit` and waits for them."""
    data = feed(batch)

    def fit(steps):
        model.fit(data(steps), steps_per_epoch=steps, shuffle=False, verbose=0)
        timing.finish()

    return fit


class OnTruth(keras.Model):
    """A network whose loss takes truth as targets give it. Keras refuses the dict of soft bins beside a single output."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return self.loss(y, y_pred)


def sides_of(case, vgg):
    """Returns the sides of a case by name: functions of the number of steps to take."""
    photo = batch_of(case)
    target = targets.get(case.target, **case.options)
    target = target.measure([photo]) if case.measured else target
    loss = target.loss() if case.loss is None else losses.get(case.loss, **_vgg_options(case, vgg))
    colorizer = kcolor.Colorizer(models.build("unet", target, **case.network), target)
    colorizer.compile(keras.optimizers.Adam(1e-3), loss=loss)
    rgb = arrays.to_float(photo)
    luma, truth = (keras.tree.map_structure(ops.convert_to_numpy, part) for part in (target.luma(rgb), target.truth(rgb)))
    built = models.build("unet", target, **case.network)
    network = OnTruth(built.inputs, built.outputs)
    network.compile(keras.optimizers.Adam(1e-3), loss=loss)
    sides = {"whole": fitting(colorizer, (photo,)), "prepared": fitting(network, (luma, truth))}
    if timing.version("torch") and case.loss != "perceptual":
        step = _torch_step(case, target, luma, ops.convert_to_numpy(target.encode(rgb)), loss, _trainable(network))
        sides["torch"] = lambda steps: [step() for _ in range(steps)]
    return sides


def _vgg_options(case, vgg):
    return {"weights": vgg, "dtype_policy": keras.config.dtype_policy().name} if case.loss == "perceptual" else {}


def _trainable(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_variables)


def _torch_step(case, target, luma, truth, loss, count):
    import torch

    from benchmarks import torch_unet

    torch.manual_seed(0)
    unet = torch_unet.UNet(target.channels, sigmoid=target.activation == "sigmoid", **case.network)
    if torch_unet.weights(unet) != count:
        raise AssertionError(f"Expected {count} weights in PyTorch as in Keras. Found: {torch_unet.weights(unet)}")
    pixel_weights = getattr(loss, "weights", None)
    if pixel_weights is not None:
        pixel_weights = pixel_weights[truth.argmax(axis=-1)]
    truth = np.exp(truth) if case.options.get("soft") else truth
    bfloat16 = keras.config.dtype_policy().name == "mixed_bfloat16"
    return torch_unet.stepper(unet, luma, truth, pixel_weights, bfloat16)


def measure(name, case, policy, rounds, seconds, vgg):
    """Times one case under one policy; returns the measurements as a dict."""
    keras.utils.clear_session()
    keras.config.set_dtype_policy(policy)
    sides = sides_of(case, vgg)
    steps = _steps_for(sides["whole"], seconds)
    times = timing.alternate({side: functools.partial(take, steps) for side, take in sides.items()}, rounds, 0, warm=1)
    times = {side: [t / steps for t in found] for side, found in times.items()}
    whole, prepared = times["whole"], times["prepared"]
    torch = times.get("torch")
    return {
        "case": name,
        "policy": policy,
        "batch": [case.batch, case.size, case.size, 3],
        "steps": steps,
        "pictures_per_second": {side: case.batch / timing.median(t) for side, t in times.items()},
        "spread": {side: timing.spread(t) for side, t in times.items()},
        "transforms_share": 1 - 1 / timing.ratio(prepared, whole),
        "times_torch": timing.ratio(whole, torch) if torch else None,
    }


def _steps_for(take, seconds):
    """Returns how many steps last about `seconds`, so that the work of `fit` around them hardly counts; 1 if that is 0."""
    if seconds == 0:
        return 1
    take(1)
    (one,) = timing.alternate({"": functools.partial(take, 4)}, 1, seconds=0, warm=1)[""]
    return max(2, round(4 * seconds / one))


def row(found):
    """Returns a line of the table."""
    rates = [
        f"{found['pictures_per_second'][side]:.3g} ±{100 * found['spread'][side]:.0f} %" if side in found["spread"] else "-"
        for side in ("whole", "prepared", "torch")
    ]
    times = "-" if found["times_torch"] is None else f"{found['times_torch']:.2f}"
    batch = "×".join(map(str, found["batch"]))
    return (found["case"], found["policy"], batch, *rates, times, f"{100 * found['transforms_share']:.1f} %")


HEADER = ("", "policy", "batch", "whole", "prepared", "PyTorch", "× PyTorch", "transforms")


def chosen(options):
    """Returns the cases that the command line asks for, by name."""
    if options.only not in (None, *CASES):
        raise SystemExit(f"Unknown case. Expected one of {', '.join(CASES)}. Received: {options.only}")
    if options.only == "D1-perceptual" and not options.vgg:
        raise SystemExit("D1-perceptual needs --vgg PATH, the weights of VGG16")
    names = [options.only] if options.only else [name for name in CASES if options.vgg or CASES[name].loss != "perceptual"]
    cases = {name: dataclasses.replace(CASES[name], batch=CASES[name].batch * options.scale) for name in names}
    if not options.quick:
        return cases
    small = {"size": 32, "batch": 2}
    return {
        name: dataclasses.replace(case, network={**case.network, "filters": (4, 8)}, **small) for name, case in cases.items()
    }


def main(argv=None):
    """Runs the benchmark, prints its table, and writes the numbers to the file of `--json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny batches, one step: does it run?")
    parser.add_argument("--only", metavar="NAME", help=f"one of {', '.join(CASES)}")
    parser.add_argument("--policy", choices=POLICIES, help="one instead of both")
    parser.add_argument("--vgg", metavar="PATH", help="weights of VGG16, for the perceptual case")
    parser.add_argument("--scale", type=int, default=1, metavar="N", help="make batches N times as large: 4 or 8 on a GPU")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long one turn of a side lasts, about")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args(argv)
    print(timing.machine())
    print("pictures/s, median and spread" + ("" if timing.version("torch") else "; PyTorch is not installed here: left out"))
    rounds, seconds = (2, 0) if options.quick else (options.rounds, options.seconds)
    found = []
    with reuse_memory():
        for name, case in chosen(options).items():
            for policy in [options.policy] if options.policy else POLICIES:
                found.append(measure(name, case, policy, rounds, seconds, options.vgg))
                print("  ".join(row(found[-1])), flush=True)
    print("\n" + timing.table([row(one) for one in found], HEADER))
    if options.json:
        report = {"machine": timing.machine(), "scale": options.scale, "cases": found}
        pathlib.Path(options.json).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
