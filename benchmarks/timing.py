"""What the benchmarks share: sides that are timed in turn, medians and spreads, tables, and the machine's description.

Machines are noisy. So the sides of a comparison take turns (A B A B …) in one run. The median over the rounds is printed, with
its spread. A ratio is the median of the ratios of the rounds: if something slows a round, it slows both of its sides.
"""

import os
import pathlib
import platform
import statistics
import time
from collections.abc import Callable
from importlib import metadata

import keras

from kcolor.utils.text import aligned


def alternate(sides: dict[str, Callable], rounds: int = 7, seconds: float = 0.1, warm: int = 2) -> dict[str, list[float]]:
    """Times functions in turn.

    Args:
        sides: Dict of functions by name. They take no arguments and return when their work is done (see `finish`).
        rounds: Integer. Number of turns of each side.
        seconds: Float. How long a turn lasts at least. A faster function is called several times; to find out how often, each
            is called once more. With 0, a turn is one call.
        warm: Integer. Number of calls before that. They compile and are not counted.

    Returns:
        A dict from the side's name to a list of floats: the seconds of one call in each round.
    """
    calls = {}
    for name, side in sides.items():
        for _ in range(warm):
            side()
        calls[name] = max(1, round(seconds / max(_seconds(side), 1e-9))) if seconds else 1
    times = {name: [] for name in sides}
    for turn in range(rounds):
        # Every other round goes backwards, so that no side always follows the same one.
        for name in list(sides) if turn % 2 == 0 else reversed(sides):
            times[name].append(_seconds(sides[name], calls[name]))
    return times


def median(times) -> float:
    """The median of a side's rounds."""
    return statistics.median(times)


def spread(times) -> float:
    """Returns half the distance between the quartiles, divided by the median."""
    if len(times) < 2:
        return 0.0
    low, _, high = statistics.quantiles(times, n=4, method="inclusive")
    return (high - low) / 2 / median(times)


def ratio(times, other) -> float:
    """Returns how many times faster `times` are than `other`: the median of the rounds' ratios."""
    return statistics.median(b / a for a, b in zip(times, other, strict=True))


def rate(times, amount) -> str:
    """Returns the amount per second with its spread, as text: ``"12.3 ±4 %"``."""
    return f"{amount / median(times):.3g} ±{100 * spread(times):.0f} %"


def finish(result=None):
    """Waits until the device has finished its work, also on `result`: JAX and GPUs work asynchronously."""
    match keras.backend.backend():
        case "jax":
            import jax

            jax.block_until_ready(result)
        case "torch":
            import torch

            if torch.cuda.is_available():
                torch.cuda.synchronize()
        case "tensorflow":
            import tensorflow as tf

            if tf.config.list_physical_devices("GPU"):
                tf.test.experimental.sync_devices()
    return result


def machine() -> str:
    """Returns one line about the machine: processor, cores, device, backend, versions."""
    names = ("keras", "tensorflow", "jax", "torch", "numpy")
    versions = ", ".join(f"{name} {found}" for name in names if (found := version(name)))
    return f"{_processor()}, {os.cpu_count()} cores, {_device()}; backend {keras.backend.backend()}; {versions}"


def version(package) -> str | None:
    """Returns the version of a package, or None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def table(rows, header) -> str:
    """Returns rows under a header as text, the first column aligned left and the others right."""
    return "\n".join(aligned([[str(cell) for cell in row] for row in [header, *rows]]))


def _seconds(side, calls=1):
    start = time.perf_counter()
    for _ in range(calls):
        side()
    return (time.perf_counter() - start) / calls


def _processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _device():
    match keras.backend.backend():
        case "jax":
            import jax

            return jax.devices()[0].device_kind
        case "torch":
            import torch

            return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
        case "tensorflow":
            import tensorflow as tf

            gpus = tf.config.list_physical_devices("GPU")
            return tf.config.experimental.get_device_details(gpus[0]).get("device_name", "gpu") if gpus else "cpu"
