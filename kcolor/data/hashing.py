"""Chance that depends on names alone: the same in every process, on every machine, in whatever order things are read."""

import hashlib
import heapq
from collections.abc import Iterable

import numpy as np


def digest(*parts) -> int:
    """64 bits that depend on the parts (of any type with a fixed `str`) and on nothing else."""
    return int.from_bytes(
        hashlib.blake2b("\0".join(map(str, parts)).encode("utf-8", "surrogateescape"), digest_size=8).digest()
    )


def share(name: str) -> float:
    """Where a name lies in [0, 1): uniform over names, and never moved by other names."""
    return digest(name) / 2**64


def generator(*parts) -> np.random.Generator:
    """Random numbers that depend on the parts and on nothing else."""
    return np.random.default_rng(digest(*parts))


def lowest(names: Iterable[str], limit: int | None) -> list[str]:
    """The `limit` names with the lowest hash, in the order given; all of them for None.

    A subset by hash is unbiased, and more of it contains less of it.
    """
    names = list(names)
    if limit is None or limit >= len(names):
        return names
    kept = set(heapq.nsmallest(limit, names, key=digest))
    return [name for name in names if name in kept]


def check_limit(limit: int | None) -> None:
    """Refuses what is no number of pictures."""
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise ValueError(f"Expected `limit` as a number of pictures, 1 or more, or None. Received: {limit!r}")
