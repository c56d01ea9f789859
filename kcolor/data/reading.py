"""How one picture is read: decoded or taken from a cache, brought to a size, varied, counted."""

import dataclasses
from collections.abc import Iterator

import numpy as np
from PIL import Image

from kcolor.data import cropping, fixed_copies, hashing
from kcolor.data.cache_file import CacheFile
from kcolor.data.photo_kinds import is_gray
from kcolor.data.pictures import Pictures
from kcolor.data.read_counts import ReadCounts
from kcolor.images.decoding import BrokenPicture
from kcolor.images.sizes import Size


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """How pictures are read: the arguments that `each` and `batches` share. Many threads may call it.

    Args:
        pictures: Pictures to read.
        size: (height, width) of every picture; None leaves each as it is.
        crop: One of `kcolor.data.CROPS`.
        zoom: Number of 1 or more, as in `cropping.crop`.
        copies: Name in `kcolor.data.COPIES`, an integer, or None, as in `fixed_copies.functions`.
        skip_gray: Whether to leave out grey pictures.
        seed: Integer. Decides the random crops.
        max_broken: Number in [0, 1]. A larger share of broken pictures is an error.
        counts: Counts what is read and what is left out.
        cache: Prepared pictures on disk, which are read instead (see `kcolor.data.cache`); None reads the pictures.
    """

    pictures: Pictures
    size: Size | None
    crop: str = "center"
    zoom: float = 1.0
    copies: str | int | None = None
    skip_gray: bool = False
    seed: int = 0
    max_broken: float = 0.05
    counts: ReadCounts = dataclasses.field(default_factory=ReadCounts)
    cache: CacheFile | None = None

    def __post_init__(self) -> None:
        cropping.check_crop(self.crop, self.zoom)
        fixed_copies.functions(self.copies)
        if self.size is None and (self.crop, self.zoom) != ("center", 1.0):
            raise ValueError(f"Expected a `size` to crop pictures to. Received: size=None and crop={self.crop!r}")

    @property
    def folds(self) -> int:
        """Number of copies of each picture, with the picture itself."""
        return fixed_copies.variants_of_each(self.copies)

    def items(self, seed: int | None, epoch: int) -> Iterator[tuple[str, int, bytes]]:
        """Yields what `read` needs for each picture of an epoch.

        Every picture comes once, then every picture once more as another copy, and so on.

        Args:
            seed: Integer. Decides the order, together with the epoch; None is the fixed order.
            epoch: Integer. Number of the epoch.

        Yields:
            Key, number of the copy, payload.
        """
        for turn in range(self.folds):
            for key, payload in self.pictures.items(seed, epoch * self.folds + turn):
                first = 0 if seed is None else hashing.digest(key, "first copy")
                yield key, (first + turn) % self.folds, payload

    def read(self, key: str, copy: int, payload: bytes, epoch: int) -> np.ndarray | None:
        """Returns one picture, and counts it.

        Args:
            key: Key of the picture, from `items`.
            copy: Integer. Number of the copy, from `items`.
            payload: Bytes of the picture, from `items`.
            epoch: Integer. Number of the epoch.

        Returns:
            uint8 array ``(height, width, 3)``, or None for a picture that is left out.

        Raises:
            ValueError: If too many pictures are broken by now.
        """
        try:
            cache = self.cache
            picture = cache.picture(key) if cache is not None and key in cache else self.prepared(key, payload)
        except BrokenPicture as error:
            self.counts.add(key, broken=error.reason)
            self.counts.check(len(self.pictures), self.max_broken)
            return None
        gray = self.skip_gray and is_gray(np.asarray(picture))
        self.counts.add(key, gray=gray)
        return None if gray else np.asarray(self._varied(picture, key, copy, epoch))

    def prepared(self, key: str, payload: bytes) -> Image.Image:
        """Returns a picture after everything that is the same every time: decoded, and cropped as far as nothing is random."""
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
