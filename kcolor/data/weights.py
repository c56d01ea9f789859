"""Weighs sets of pictures against each other, so that a small set counts as much as it should beside a large one."""

import math
import pathlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from kcolor.data import hashing
from kcolor.data.pictures import Listed, Pictures
from kcolor.data.splits import own_split, wrapping


class Weighed(Listed):
    """Pictures of which some come more often than others: `weighed` makes it.

    An epoch has every picture of the heaviest set once. Of the others it has their share, other pictures each time, so no
    picture comes twice in an epoch. In the fixed order all pictures come once.

    Args:
        pictures: `Listed` pictures.
        shares: Dict from each key to its share in (0, 1]. What has no share is left out.
    """

    def __init__(self, pictures: Listed, shares: Mapping[str, float]):
        super().__init__(pictures.name, [key for key in pictures.keys if shares.get(key)], pictures._image, pictures._stamp)
        sets: dict[float, list[int]] = {}
        for place, key in enumerate(self.keys):
            sets.setdefault(shares[key], []).append(place)
        self._sets = [(np.asarray(places), max(1, round(share * len(places)))) for share, places in sets.items()]

    def __len__(self) -> int:
        return sum(count for _, count in self._sets)

    def items(self, seed: int | None = None, epoch: int = 0) -> Iterator[tuple[str, bytes]]:
        if seed is None:
            return super().items()
        random = hashing.generator("weighed", seed, epoch)
        drawn = np.concatenate([random.permutation(places)[:count] for places, count in self._sets])
        return ((self.keys[place], b"") for place in random.permutation(drawn))


def weighed(pictures: Pictures, weights: Mapping[str, float], missing_ok: bool = False) -> Pictures:
    """Returns the same pictures, some folders of which count more than others.

    >>> from PIL import Image
    >>> for name in ("many/1", "many/2", "many/3", "many/4", "few/1"):
    ...     (tmp_path / name).parent.mkdir(exist_ok=True)
    ...     Image.new("RGB", (40, 30)).save(tmp_path / f"{name}.png")
    >>> pictures = kcolor.data.weighed(kcolor.data.pictures(tmp_path, "all"), {"few": 4})
    >>> sorted(key for key, _ in pictures.items(seed=0))[0], len(pictures)
    ('few/1.png', 2)

    Args:
        pictures: Pictures of a folder or a zip.
        weights: Dict from folders (below ``train``, ``val`` and ``test`` if there are those) to numbers of 0 or more. A picture
            of weight 3 comes three times as often as one of weight 1. Folders that are not named have weight 1; a folder of
            weight 0 is left out. Of two folders that fit, the inner one decides.
        missing_ok: Boolean. Whether folders may be named that are not there. Pictures without any folder then stay as they are.

    Returns:
        `Pictures`. One epoch has every picture of the largest weight once, and of the others as many as their weight says.

    Raises:
        ValueError: For a wrong weight, a folder that is not there, pictures without folders, or if nothing is left.
    """
    _check_weights(weights)
    there = _all_folders(pictures.keys, wrapping(pictures.keys)) if isinstance(pictures, Listed) else set()
    if not isinstance(pictures, Listed) or not there:
        if missing_ok:
            return pictures
        raise ValueError(f"Expected pictures in folders, which have names to weigh. Received: {pictures.description}")
    depth = wrapping(pictures.keys)
    folders = {key: _folder(_below_split(key, depth), weights) for key in pictures.keys}
    if (unknown := sorted(set(weights) - there)) and not missing_ok:
        outer = sorted(folder for folder in there if "/" not in folder)
        raise ValueError(f"Expected `weights` of folders that are there, as {outer}. Received: {unknown}")
    weight_of = {key: 1.0 if folder is None else float(weights[folder]) for key, folder in folders.items()}
    heaviest = max(weight_of.values())
    if not heaviest:
        raise ValueError(f"Expected a weight above 0 for some pictures. All have weight 0: {dict(weights)}")
    return Weighed(pictures, {key: weight / heaviest for key, weight in weight_of.items()})


def is_weight(value: object) -> bool:
    """Returns whether a value is a finite number of 0 or more.

    >>> from kcolor.data.weights import is_weight
    >>> is_weight(0.5), is_weight(-1), is_weight("3")
    (True, False, False)
    """
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf


def _check_weights(weights: Mapping[str, float]) -> None:
    for folder, weight in weights.items():
        if not is_weight(weight):
            raise ValueError(f"Expected the weight of {folder!r} as a number of 0 or more. Received: {weight!r}")


def _below_split(key: str, depth: int) -> tuple[str, ...]:
    """The folders of a key, without that of its split and what lies around that. Deeper ones are never splits."""
    parts = pathlib.PurePosixPath(key).parts[:-1]
    return parts[depth + 1 :] if own_split(key, depth) else parts


def _folder(parts: tuple[str, ...], weights: Mapping[str, float]) -> str | None:
    """The innermost folder around a picture that has a weight, or None."""
    around = ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]
    return next((folder for folder in around if folder in weights), None)


def _all_folders(keys: Sequence[str], depth: int) -> set[str]:
    found = set()
    for parts in {_below_split(key, depth) for key in keys}:
        found |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return found
