"""Does a network that knows things still know them in a recoloured picture? System A's proposal."""

import pathlib

import keras
import numpy as np
from keras import ops

from kcolor.backbones.efficientnet_lite import efficientnet_lite0, efficientnet_lite2
from kcolor.backbones.preprocess import Preprocess
from kcolor.backbones.zoo import load_npz
from kcolor.images.resizing import resize
from kcolor.saving import safe_loading
from kcolor.utils.types import PathLike, Tensor

TOP = 5
_SIDE = 224  # at which a classifier of any size looks, as most were trained
_LITE = (efficientnet_lite0, efficientnet_lite2)  # files .npz fit one of these


class Recognizer:
    """A classifier, and whether it says of a picture what it says of the original.

    >>> picture = keras.Input((8, 8, 3))
    >>> classifier = keras.Model(picture, keras.layers.Dense(3)(keras.layers.GlobalAveragePooling2D()(picture)))
    >>> photo = np.random.default_rng(0).uniform(size=(2, 8, 8, 3)).astype("float32")
    >>> recognizer = Recognizer(classifier, "0..1")
    >>> recognizer.agreement(recognizer.scores(photo), photo)["recognized_1"].tolist()
    [1.0, 1.0]

    Args:
        classifier: Keras model from RGB ``(batch, height, width, 3)`` to a number for each class: logits or probabilities.
        preprocessing: String. What it expects, one of `kcolor.backbones.preprocess.Preprocess.MODES`.
    """

    def __init__(self, classifier: keras.Model, preprocessing: str = "0..255"):
        given: tuple = getattr(classifier, "input_shape", ())
        output: tuple = getattr(classifier, "output_shape", ())
        if len(given) != 4 or given[-1] != 3 or len(output) != 2:
            raise ValueError(
                "Expected a classifier from RGB (batch, height, width, 3) to (batch, classes). "
                f"Received: {type(classifier).__name__}" + (f" from {given} to {output}" if given else "")
            )
        self.size = (given[1] or _SIDE, given[2] or _SIDE)
        self.top = min(TOP, output[-1])
        self._classifier, self._preprocess = classifier, Preprocess(preprocessing)

    def scores(self, photos: Tensor) -> np.ndarray:
        """Returns what the classifier says of photos.

        Args:
            photos: Floats ``(batch, height, width, 3)`` in [0, 1], of any size.

        Returns:
            Array ``(batch, classes)``.
        """
        seen = self._preprocess(resize(photos, self.size))
        return ops.convert_to_numpy(self._classifier(seen, training=False))

    def agreement(self, truth: np.ndarray, result: Tensor) -> dict[str, np.ndarray]:
        """Returns whether the classifier says the same of pictures as of their originals.

        Args:
            truth: `scores` of the originals.
            result: The pictures, as photos of `scores`.

        Returns:
            ``recognized_1``: 1.0 for each picture whose first class is the original's, else 0.0. ``recognized_5``: the same if
            the original's first class is among the picture's first five.
        """
        first = truth.argmax(axis=-1)[:, None]
        ranked = np.argsort(-self.scores(result), axis=-1, kind="stable")[:, : self.top]
        return {
            "recognized_1": (ranked[:, :1] == first).any(axis=-1).astype("float64"),
            "recognized_5": (ranked == first).any(axis=-1).astype("float64"),
        }


def load(path: PathLike, preprocessing: str | None = None) -> Recognizer:
    """Loads a classifier.

    Args:
        path: Path of a ``.keras`` file with a classifier; or of an ``.npz`` file with the weights of EfficientNet-Lite0 or 2
            and its classifier, as `kcolor.backbones.load_npz` reads them.
        preprocessing: String. What it expects, as of `Recognizer`. By default ``"tf"`` for an ``.npz`` file, and ``"0..255"``
            for other ones, as for those models of keras.applications that have their preprocessing inside.

    Raises:
        ValueError: If the file holds no classifier of pictures.
    """
    path = pathlib.Path(path)
    if path.suffix != ".npz":
        return Recognizer(safe_loading.restore(path), preprocessing or "0..255")
    problems = []
    for build in _LITE:
        network = build(include_top=True, input_tensor=keras.Input((None, None, 3)))
        try:
            load_npz(network, path)
        except ValueError as error:
            problems.append(str(error))
            continue
        return Recognizer(network, preprocessing or "tf")
    raise ValueError(f"Expected {path} to have the weights of EfficientNet-Lite0 or 2 with its classifier. {problems[0]}")
