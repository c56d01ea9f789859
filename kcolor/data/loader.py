"""Reads pictures one after another, with several threads, in an order that depends on nothing but the seed and the epoch."""

import collections
import concurrent.futures
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import numpy as np

from kcolor.data import hashing
from kcolor.data.pictures import Pictures
from kcolor.data.read_counts import ReadCounts
from kcolor.data.reading import Reading
from kcolor.images.sizes import SizeLike, check_size
from kcolor.utils.processors import cpus

Item = TypeVar("Item")
Result = TypeVar("Result")

# Pictures that a thread is given at once: to hand over one by one takes longer than to draw or decode a small one.
CHUNK = 8


def each(
    pictures: Pictures,
    size: SizeLike | None = None,
    *,
    crop: str = "center",
    zoom: float = 1.0,
    copies: str | int | None = None,
    skip_gray: bool = False,
    seed: int | None = None,
    epoch: int = 0,
    limit: int | None = None,
    max_broken: float = 0.05,
    counts: ReadCounts | None = None,
) -> Iterator[np.ndarray]:
    """Returns one epoch of pictures, one after another. It needs neither Keras nor TensorFlow.

    >>> toys = kcolor.data.pictures("shapes", "train", count=3)
    >>> [picture.shape for picture in kcolor.data.each(toys, (24, 32))]
    [(24, 32, 3), (24, 32, 3), (24, 32, 3)]

    Args:
        pictures: Pictures to read, as `kcolor.data.pictures` returns them.
        size: Integer or (height, width). Size of every picture, in pixels; None leaves each as it is.
        crop: "center" scales a picture so that it covers the size, and takes the middle; "random" takes any part of it;
            "squash" stretches all of it to the size.
        zoom: Number of 1 or more. With ``crop="random"``, the part may be this many times smaller than the largest one.
        copies: Name in `COPIES`, or an integer. An epoch has several fixed variants of each picture.
        skip_gray: Whether to leave out grey pictures.
        seed: Integer. Decides the order, together with the epoch, and the random parts; None is the fixed order.
        epoch: Integer. Number of the epoch.
        limit: Integer. Stop after this many pictures; None goes through all.
        max_broken: Number in [0, 1]. Broken pictures are left out; a larger share of them is an error.
        counts: Counts what is read and what is left out.

    Returns:
        Iterator of uint8 arrays ``(height, width, 3)``, RGB.

    Raises:
        ValueError: For a wrong argument, at once; for too many broken pictures, or if none is left, while they are read.
    """
    hashing.check_limit(limit)
    reading = Reading(
        pictures=pictures,
        size=None if size is None else check_size(size),
        crop=crop,
        zoom=zoom,
        copies=copies,
        skip_gray=skip_gray,
        seed=seed or 0,
        max_broken=max_broken,
        counts=ReadCounts() if counts is None else counts,
    )
    return itertools.islice(one_epoch(reading, seed, epoch), limit)


def one_epoch(reading: Reading, seed: int | None, epoch: int) -> Iterator[np.ndarray]:
    """Yields all pictures of an epoch, in order. Both `each` and `batches` are made of it.

    Args:
        reading: How the pictures are read.
        seed: Integer. Decides the order, together with the epoch; None is the fixed order.
        epoch: Integer. Number of the epoch.

    Yields:
        uint8 arrays ``(height, width, 3)``, RGB.
    """
    at_once = 1 if reading.size is None else CHUNK
    try:
        groups = chunks(reading.items(seed, epoch), at_once)
        for found in parallel_map(lambda items: [reading.read(*item, epoch) for item in items], groups):
            yield from (picture for picture in found if picture is not None)
        reading.counts.check_end()
    except Exception as error:
        reading.counts.error = error  # the caller finds it here, though TensorFlow makes a long text of it
        raise


def parallel_map(function: Callable[[Item], Result], items: Iterable[Item], threads: int | None = None) -> Iterator[Result]:
    """Yields a function's results in order, as `map` does. Threads work ahead by a few items, not by all of them.

    >>> list(kcolor.data.loader.parallel_map(len, ["a", "bc", "def"]))
    [1, 2, 3]

    Args:
        function: Function of one item, which many threads may call.
        items: Items to call it with.
        threads: Integer. Number of threads; by default the number of processors.

    Yields:
        Its results.
    """
    threads = threads or cpus()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        waiting: collections.deque[concurrent.futures.Future[Result]] = collections.deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yields the items in lists of one length; the last may be shorter.

    >>> list(kcolor.data.loader.chunks("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]

    Args:
        items: Items, in order.
        size: Integer. Length of a list.

    Yields:
        Lists of items.
    """
    items = iter(items)
    while taken := list(itertools.islice(items, size)):
        yield taken
