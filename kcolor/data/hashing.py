"""Randomness that depends on names alone: the same in every process and on every machine, in whatever order one reads."""

import hashlib
import heapq
from collections.abc import Iterable

import numpy as np


def digest(*parts: object) -> int:
    """Returns 64 bits that depend on the parts and on nothing else.

    >>> kcolor.data.hashing.digest("a", 1) == kcolor.data.hashing.digest("a", "1")
    True

    Args:
        parts: Values of any type whose `str` is always the same.

    Returns:
        Integer in [0, 2**64).
    """
    return int.from_bytes(
        hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "surrogateescape"), digest_size=8).digest()
    )


def share(name: str) -> float:
    """Returns a name's place in [0, 1). Names are spread evenly, and no name's place depends on other names."""
    return digest(name) / 2**64


def generator(*parts: object) -> np.random.Generator:
    """Returns a generator of random numbers that depend on the parts and on nothing else."""
    return np.random.default_rng(digest(*parts))


def lowest(names: Iterable[str], limit: int | None) -> list[str]:
    """Returns the names with the lowest hashes, in the order they came in.

    Such a subset is unbiased, and a larger one contains every smaller one.

    >>> kcolor.data.hashing.lowest(["c", "b", "a"], 2)
    ['c', 'a']

    Args:
        names: Names to choose from.
        limit: Integer. Number of names to keep; None keeps all.

    Returns:
        List of names.
    """
    names = list(names)
    if limit is None or limit >= len(names):
        return names
    kept = set(heapq.nsmallest(limit, names, key=digest))
    return [name for name in names if name in kept]


def check_limit(limit: int | None) -> None:
    """Raises ValueError unless `limit` is None or an integer of 1 or more."""
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise ValueError(f"Expected `limit` as a number of pictures, 1 or more, or None. Received: {limit!r}")
