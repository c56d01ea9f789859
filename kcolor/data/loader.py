"""One picture after another, read by several threads, in an order that depends on nothing but the seed and the epoch."""

import collections
import concurrent.futures
import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
from PIL import Image

from kcolor.data import cropping, fixed_copies, hashing
from kcolor.data.cache_file import Pack
from kcolor.data.gray_filter import is_gray
from kcolor.data.pictures import Pictures
from kcolor.data.read_counts import ReadCounts
from kcolor.images.decoding import BrokenPicture
from kcolor.images.sizes import check_size
from kcolor.utils.processors import cpus

# So many pictures change threads at once: one by one, that takes longer than to draw or decode a small one.
CHUNK = 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """How pictures are read; the arguments of `each` and `batches` that they share. It may be called by many threads.

    Args:
        pictures: which.
        size: (height, width), or None for as they are.
        crop, zoom: see `fitting`.
        copies: see `expansion`.
        skip_gray: leave out grey pictures.
        seed: of random crops.
        max_broken: the share of broken pictures from which on it is an error.
        counts: counts.
        pack: what `prepared` gave, kept on disk (see `cache`), or None.
    """

    pictures: Pictures
    size: cropping.Size | None
    crop: str = "center"
    zoom: float = 1.0
    copies: str | int | None = None
    skip_gray: bool = False
    seed: int = 0
    max_broken: float = 0.05
    counts: ReadCounts = dataclasses.field(default_factory=ReadCounts)
    pack: Pack | None = None

    def __post_init__(self):
        cropping.check_crop(self.crop, self.zoom)
        fixed_copies.functions(self.copies)
        if self.size is None and (self.crop, self.zoom) != ("center", 1.0):
            raise ValueError(f"Expected a `size` for pictures to fit. Received: size=None and crop={self.crop!r}")

    @property
    def folds(self) -> int:
        """How many copies of each picture there are."""
        return len(fixed_copies.functions(self.copies))

    def items(self, seed: int | None, epoch: int) -> Iterator[tuple[str, int, bytes]]:
        """One epoch: key, number of the copy, payload. Every picture once, then every picture once more as another copy, …"""
        for turn in range(self.folds):
            for key, payload in self.pictures.items(seed, epoch * self.folds + turn):
                first = 0 if seed is None else hashing.digest(key, "first copy")
                yield key, (first + turn) % self.folds, payload

    def read(self, key: str, copy: int, payload: bytes, epoch: int) -> np.ndarray | None:
        """One picture, uint8 ``(height, width, 3)``; None for one that is left out."""
        try:
            picture = self.prepared(key, payload) if self.pack is None else self.pack.picture(key)
        except BrokenPicture as error:
            self.counts.add(key, broken=error.reason)
            self.counts.check(len(self.pictures), self.max_broken)
            return None
        gray = self.skip_gray and is_gray(np.asarray(picture))
        self.counts.add(key, gray=gray)
        return None if gray else np.asarray(self._varied(picture, key, copy, epoch))

    def prepared(self, key: str, payload: bytes) -> Image.Image:
        """The part of it that is the same every time."""
        if self.size is None:
            return self.pictures.image(key, payload)
        image = self.pictures.image(key, payload, least=round(max(self.size) * self.zoom))
        return cropping.prepare(image, self.size, self.crop, self.zoom)

    def _varied(self, picture, key, copy, epoch):
        random_part = self.size is not None and self.crop == "random"
        if not copy and not random_part:
            return picture
        image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
        if copy:
            image = fixed_copies.copy(image, key, copy, self.copies)
        if random_part:
            image = cropping.crop(image, self.size, hashing.generator("crop", self.seed, epoch, key, copy), self.zoom)
        return image


def each(
    pictures: Pictures,
    size=None,
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
    """One epoch of pictures, one after another. No framework is needed.

    Args:
        pictures: from `pictures`.
        size: int or (height, width); None for each as it is.
        crop: "center" (scaled so that it covers the size, the middle of it), "random" (any part of it), or "squash"
            (stretched, which distorts).
        zoom: with "random", parts may be up to so much smaller.
        copies: a name in `COPIES` or a number: several fixed copies of each picture.
        skip_gray: leave out grey pictures.
        seed: None for the fixed order; else shuffled, as a function of seed and epoch.
        epoch: which one.
        limit: stop after so many.
        max_broken: broken pictures are left out, and are an error from this share on.
        counts: counts what was left out.

    Returns:
        Iterator of uint8 ``(height, width, 3)``, RGB.

    Raises:
        ValueError: for too many broken pictures, or if none is left.
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
    """All pictures of an epoch, in order; `each` and `batches` both are this."""
    handful = 1 if reading.size is None else CHUNK
    try:
        groups = chunks(reading.items(seed, epoch), handful)
        for found in parallel_map(lambda items: [reading.read(*item, epoch) for item in items], groups):
            yield from (picture for picture in found if picture is not None)
        reading.counts.check_end()
    except Exception as error:
        reading.counts.error = error  # where the caller finds it, though TensorFlow makes a long text of it
        raise


def parallel_map(function, items, threads: int | None = None) -> Iterator:
    """`map` by threads that work ahead by a few items, not by all of them; the order stays."""
    threads = threads or cpus()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        waiting = collections.deque()
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


def chunks(items, size: int) -> Iterator[list]:
    """The items in lists of `size`; the last may be shorter."""
    items = iter(items)
    while taken := list(itertools.islice(items, size)):
        yield taken
