"""Tells photos that seem to lie on their side: scans of prints that were put into the scanner in any way.

A very small network gives each of the photo's four orientations a score: how much it looks like an upright photo. It knows no
things, only where a picture is light, where it is busy, and which way its edges run. So it is often undecided, and says nothing
then. `benchmarks/sideways.py` trains and measures it. Its weights were trained on photographs some of which are for research
(Places, Leeds Sports Pose, UTKFace, Flickr8k); the photographs themselves are not part of kcolor.
"""

import functools
import importlib.resources
import io

import numpy as np
from PIL import Image

from kcolor.images.thinning import thin

MIN_LEAD = 4.0  # by so much a quarter turn must be ahead: hardly any upright photo is told to lie on its side

_SIDE = 48  # pixels a side of what is looked at: the photo's middle square
_CELLS, _DIRECTIONS = 6, 12


def seems_sideways(picture: np.ndarray) -> bool:
    """Returns whether a photo seems to lie on its left or right side. Most of the time it cannot be told, and the answer is no.

    >>> from kcolor.photo_files.sideways import seems_sideways
    >>> seems_sideways(np.zeros((40, 30, 3), "uint8"))
    False

    Args:
        picture: uint8 array ``(height, width, 3)``, RGB.
    """
    scores = upright_scores(features(picture), weights())
    return bool(lead_of_quarter_turns(scores) > MIN_LEAD)


def features(picture: np.ndarray) -> np.ndarray:
    """Returns what the network sees of a picture in its four orientations.

    Args:
        picture: uint8 array ``(height, width, 3)``, RGB.

    Returns:
        float32 ``(4, numbers)``: of the picture turned by 0, 90, 180 and 270 degrees.
    """
    image = thin(picture).convert("L")
    side, (width, height) = min(image.size), image.size
    left, top = (width - side) // 2, (height - side) // 2
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BOX, box=(left, top, left + side, top + side))
    return np.stack([_of_luma(np.rot90(np.asarray(small, "float32"), turns)) for turns in range(4)])


def upright_scores(seen: np.ndarray, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """Returns how much each orientation looks like an upright photo: ``(…,)`` for features ``(…, numbers)``.

    Args:
        seen: Features.
        arrays: Dict of the network's arrays: ``mean``, ``scale``, ``kernel0``, ``bias0`` and ``kernel1``.
    """
    hidden = (seen - arrays["mean"]) * arrays["scale"] @ arrays["kernel0"] + arrays["bias0"]
    return np.maximum(hidden, 0) @ arrays["kernel1"]


def lead_of_quarter_turns(scores: np.ndarray) -> np.ndarray:
    """Returns by how much the better quarter turn is ahead of the photo as it is, and upside down: ``(…,)`` of ``(…, 4)``."""
    return np.maximum(scores[..., 1], scores[..., 3]) - np.maximum(scores[..., 0], scores[..., 2])


def _of_luma(luma):
    luma = (luma - luma.mean()) / (luma.std() + 5)
    down, along = np.gradient(luma)
    strength = np.hypot(along, down)
    # A quarter off: neither along an axis nor a diagonal, where many edges lie, is it a matter of rounding which one it is.
    direction = np.floor(np.arctan2(down, along) / (2 * np.pi) * _DIRECTIONS + 0.25).astype(int) % _DIRECTIONS
    place = np.arange(_SIDE) * _CELLS // _SIDE
    index = (place[:, None] * _CELLS + place) * _DIRECTIONS + direction
    edges = np.bincount(index.ravel(), strength.ravel(), _CELLS**2 * _DIRECTIONS).reshape(-1, _DIRECTIONS)
    edges = 3 * edges / (edges.sum(axis=1, keepdims=True) + 2)
    light, busy = _blocks(luma, 2 * _CELLS).mean(axis=(1, 3)), _blocks(luma, _CELLS).std(axis=(1, 3))
    return np.concatenate([edges.ravel(), light.ravel(), busy.ravel()]).astype("float32")


def _blocks(luma, count):
    return luma.reshape(count, _SIDE // count, count, _SIDE // count)


@functools.cache
def weights() -> dict[str, np.ndarray]:
    """Returns the network's arrays, as `upright_scores` takes them."""
    file = importlib.resources.files("kcolor") / "photo_files" / "sideways.npz"
    with np.load(io.BytesIO(file.read_bytes())) as arrays:
        return {name: arrays[name].astype("float32") for name in arrays}
