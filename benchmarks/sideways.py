"""Trains and measures what tells photos that lie on their side.

    python -m benchmarks.sideways --test DIR …                 # share of turned photos that are told, and of false alarms
    python -m benchmarks.sideways --test DIR … --train DIR … --out FILE   # trains it anew, first

FILE is `kcolor/photo_files/sideways.npz`. The one that is there was trained on at most 2,000 pictures each of `photos`,
`landscapes`, `streets150`, `kodachrome`, `houses`, `osie`, `vietnam`, `people`, `fashion`, `pets` and `sport` of the training
mix.
"""

import argparse
import pathlib

import numpy as np

from kcolor import data
from kcolor.data.loader import parallel_map
from kcolor.photo_files import sideways

HIDDEN, EPOCHS, BATCH = 32, 25, 128


def seen(folder, limit=None) -> np.ndarray:
    """Returns the features of a folder's pictures: ``(pictures, 4, numbers)``."""
    pictures = data.each(data.pictures(folder, "all", limit=limit))
    return np.stack(list(parallel_map(sideways.features, pictures)))


def train(found: np.ndarray, epochs: int = EPOCHS) -> dict[str, np.ndarray]:
    """Returns the arrays of a network that was trained to tell which of four orientations is upright.

    Args:
        found: Features ``(pictures, 4, numbers)``, the first orientation of each upright.
        epochs: Integer. Epochs of training.
    """
    import keras

    keras.utils.set_random_seed(0)
    mean, scale = found.mean(axis=(0, 1)), 1 / (found.std(axis=(0, 1)) + 1e-3)
    layers = [keras.layers.Dropout(0.2), keras.layers.Dense(HIDDEN, "relu"), keras.layers.Dropout(0.3)]
    network = keras.Sequential([*layers, keras.layers.Dense(1, use_bias=False), keras.layers.Flatten()])
    steps = epochs * -(-len(found) // BATCH)
    optimizer = keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(3e-3, steps), weight_decay=0.03)
    network.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit((found - mean) * scale, np.zeros(len(found)), batch_size=BATCH, epochs=epochs, verbose=2)
    kernel0, bias0, kernel1 = (np.asarray(keras.ops.convert_to_numpy(weight)) for weight in network.weights[-3:])
    arrays = {"mean": mean, "scale": scale, "kernel0": kernel0, "bias0": bias0, "kernel1": kernel1[:, 0]}
    return {name: array.astype("float16") for name, array in arrays.items()}


def told(found: np.ndarray, arrays: dict[str, np.ndarray]) -> tuple[float, float]:
    """Returns the share of photos on their left or right side that are told, and that of upright ones said to be so."""
    scores = _scores(found, arrays)
    turned = [np.roll(scores, -turns, axis=1) for turns in (1, 3)]
    shares = [float((sideways.lead_of_quarter_turns(one) > sideways.MIN_LEAD).mean()) for one in (*turned, scores)]
    return (shares[0] + shares[1]) / 2, shares[2]


def _scores(found, arrays):
    return sideways.upright_scores(found, {name: array.astype("float32") for name, array in arrays.items()})


def main(argv=None):
    """Runs the benchmark and prints a line for each folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sideways", description=__doc__.partition("\n")[0])
    parser.add_argument("--test", nargs="+", required=True, metavar="DIR", help="folders of upright photos")
    parser.add_argument("--train", nargs="+", metavar="DIR", help="folders of upright photos to train on")
    parser.add_argument("--limit", type=int, default=2000, metavar="N", help="at most N pictures of each to train on")
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N")
    parser.add_argument("--out", type=pathlib.Path, metavar="FILE", help="file for the trained weights")
    args = parser.parse_args(argv)
    if args.train:
        arrays = train(np.concatenate([seen(folder, args.limit) for folder in args.train]), args.epochs)
        if args.out is not None:
            np.savez_compressed(args.out, **arrays)
    else:
        arrays = sideways.weights()
    for folder in args.test:
        found = seen(folder)
        right, wrong = told(found, arrays)
        print(f"{folder}: {len(found)} photos; {right:.0%} of the turned ones told, {wrong:.1%} of the upright ones wrongly")


if __name__ == "__main__":
    main()
