"""Runs exported colorizers as other programs do, in processes that have neither kcolor nor Keras."""

import keras
import numpy as np
import pytest
from PIL import Image

from helpers.processes import run_python

needs_tensorflow = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow makes the graphs")

ALONE = "import sys\nfor name in {blocked!r}: sys.modules[name] = None\nimport numpy as np\n"  # every import of them fails


RUN = {
    "savedmodel": (
        ("kcolor", "keras"),
        "import tensorflow as tf\n"
        "model = tf.saved_model.load({path!r})\n"
        "def color(photos):\n"
        "    served = model.signatures['serving_default'](photos=tf.constant(photos))['colored'].numpy()\n"
        "    colored = model.colorize(photos).numpy() if hasattr(model, 'colorize') else served\n"  # golden ones had none
        "    apart = abs(served.astype(int) - colored).max()\n"
        "    assert apart <= (photos.shape[1] * photos.shape[2] > 2**18), apart\n"
        "    return colored\n"
        "def raw(luma): return model.signatures['network'](luma=tf.constant(luma))['raw'].numpy()\n",
    ),
    "onnx": (
        ("kcolor", "keras", "tensorflow"),
        "import onnxruntime\n"
        "model = onnxruntime.InferenceSession({path!r})\n"
        "network = onnxruntime.InferenceSession({path!r}.replace('.onnx', '-network.onnx'))\n"
        "def color(photos): return model.run(['colored'], dict(photos=photos))[0]\n"
        "def raw(luma): return network.run(['raw'], dict(luma=luma))[0]\n",
    ),
    "litert": (
        ("kcolor", "keras", "tensorflow"),
        "from ai_edge_litert.interpreter import Interpreter\n"
        "model = Interpreter({path!r})\n"
        "def color(photos): return model.get_signature_runner('serving_default')(photos=photos)['colored']\n"
        "def raw(luma): return model.get_signature_runner('network')(luma=luma)['raw']\n",
    ),
}


def run_alone(kind, path, photos, luma, folder=None):
    """What a process that has only what it takes makes of some photos, a list of batches, and of a network's input."""
    return run_several_alone(kind, [path], photos, luma, folder or path.parent)[0]


def run_several_alone(kind, paths, photos, luma, folder):
    """The same for several exports, one after the other in one process."""
    blocked, how = RUN[kind]
    np.savez(folder / "given.npz", *photos, luma=luma)
    run_python(
        ALONE.format(blocked=blocked)
        + f"given = np.load({str(folder / 'given.npz')!r})\n"
        + "".join(
            how.format(path=str(path))
            + f"np.savez({str(folder / f'made{number}.npz')!r}, *[color(given[f'arr_{{i}}']) for i in range({len(photos)})], "
            + "raw=raw(given['luma']))\n"
            for number, path in enumerate(paths)
        )
    )
    results = []
    for number in range(len(paths)):
        with np.load(folder / f"made{number}.npz") as made:
            results.append(([made[f"arr_{i}"] for i in range(len(photos))], made["raw"]))
    return results


def batches(samples):
    """Real photographs: a batch of two, smaller and larger ones than the working size, grey, long and narrow."""
    hats, beach, girl = (samples[name] for name in ("hats", "beach", "girl"))
    return [
        np.stack([hats, girl]),
        beach[None, :90, :77],
        np.asarray(Image.fromarray(hats).convert("L"))[None, ..., None],
        np.tile(beach, (3, 3, 1))[None, :600],
        girl[None, 40:60],
    ]


def most_levels(found, colorizer, photos):
    expected = [colorizer.colorize(batch if batch.shape[-1] == 3 else batch.repeat(3, axis=-1)) for batch in photos]
    return max(int(np.abs(one.astype(int) - other).max()) for one, other in zip(found, expected, strict=True))


def share_of_others(found, colorizer, photos):
    """Where the likeliest bin is taken a hair decides between two colours: how often that happens."""
    expected = [colorizer.colorize(batch.repeat(3, axis=-1) if batch.shape[-1] == 1 else batch) for batch in photos]
    return max(float((np.abs(one.astype(int) - other) > 2).mean()) for one, other in zip(found, expected, strict=True))
