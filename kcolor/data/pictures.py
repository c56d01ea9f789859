"""What every source of pictures returns: `Pictures`, and its two kinds, with and without random access."""

import abc
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image

from kcolor.data import hashing
from kcolor.utils.text import counted


class Pictures(abc.ABC):
    """Pictures of one split of one source, to go through with `kcolor.data.each` or `kcolor.data.batches`.

    >>> toys = kcolor.data.pictures("shapes", "train", count=3)
    >>> toys.description
    'shapes/train: 3 pictures'
    >>> key, payload = next(toys.items())
    >>> toys.read(key, payload).shape
    (32, 32, 3)

    Args:
        name: Name of the source and the split, for people: "photos/train".
    """

    def __init__(self, name: str):
        self.name = name

    @property
    def description(self) -> str:
        """Name and number of pictures, for people: "photos/train: 4,251 pictures"."""
        return f"{self.name}: {counted(len(self), 'picture')}"

    @abc.abstractmethod
    def __len__(self) -> int:
        """Returns the number of pictures."""

    @abc.abstractmethod
    def items(self, seed: int | None = None, epoch: int = 0) -> Iterator[tuple[str, bytes]]:
        """Returns one epoch: key and payload of each picture, which are what `read` needs.

        Args:
            seed: Integer. Decides the order, together with the epoch and nothing else; None is the fixed order.
            epoch: Integer. Number of the epoch.

        Returns:
            Iterator of pairs. The payload is empty where the key is enough.
        """

    @abc.abstractmethod
    def image(self, key: str, payload: bytes = b"", least: int | None = None) -> Image.Image:
        """Returns one picture as a Pillow image of mode RGB, with the arguments of `read`."""

    @abc.abstractmethod
    def stamp(self) -> str:
        """Returns a text that changes when the pictures do. It depends on their names, sizes, and times."""

    def read(self, key: str, payload: bytes = b"", least: int | None = None) -> np.ndarray:
        """Returns one picture as an array.

        Args:
            key: Key of the picture, from `items`.
            payload: Bytes that came with it, from `items`.
            least: Integer. Shorter side that is needed. A JPEG may then be decoded smaller than it is, which is faster (see
                `kcolor.images.decoding.decode`); None is its full size.

        Returns:
            uint8 array ``(height, width, 3)``, RGB in 0..255.

        Raises:
            BrokenPicture: If it cannot be read.
        """
        return np.asarray(self.image(key, payload, least))


class Listed(Pictures):
    """Pictures that can be read in any order, by their keys.

    >>> from PIL import Image
    >>> from kcolor.data.pictures import Listed
    >>> reds = Listed("reds/train", ["10", "20"], lambda key, least: Image.new("RGB", (4, 4), (int(key), 0, 0)), str)
    >>> [int(picture[0, 0, 0]) for picture in kcolor.data.each(reds)]
    [10, 20]

    Args:
        name: Name of the source and the split, for people.
        keys: One text for each picture, in their fixed order.
        image: Function ``(key, least) -> Image``, which several threads call at once.
        stamp: Function ``(keys) -> str``, for `Pictures.stamp`.
    """

    def __init__(
        self,
        name: str,
        keys: Sequence[str],
        image: Callable[[str, int | None], Image.Image],
        stamp: Callable[[Sequence[str]], str],
    ):
        super().__init__(name)
        self.keys = keys
        self._image, self._stamp = image, stamp

    def __len__(self) -> int:
        return len(self.keys)

    def items(self, seed: int | None = None, epoch: int = 0) -> Iterator[tuple[str, bytes]]:
        order = range(len(self)) if seed is None else hashing.generator("order", seed, epoch).permutation(len(self))
        return ((self.keys[i], b"") for i in order)

    def image(self, key: str, payload: bytes = b"", least: int | None = None) -> Image.Image:
        return self._image(key, least)

    def stamp(self) -> str:
        return self._stamp(self.keys)


class Streamed(Pictures):
    """Pictures that can only be read one after another. They are shuffled in a buffer of limited size.

    Args:
        name: Name of the source and the split, for people.
        count: Integer. Number of pictures.
        stream: Function ``(seed) -> iterator`` of keys and files. With a seed it may shuffle coarsely; None is the fixed
            order.
        decode: Function ``(payload, key, least) -> Image``, which several threads call at once.
        stamp: Text for `Pictures.stamp`.
    """

    def __init__(
        self,
        name: str,
        count: int,
        stream: Callable[[int | None], Iterator[tuple[str, bytes]]],
        decode: Callable[[bytes, str, int | None], Image.Image],
        stamp: str,
    ):
        super().__init__(name)
        self._count, self._stream, self._decode, self._stamp = count, stream, decode, stamp

    def __len__(self) -> int:
        return self._count

    def items(self, seed: int | None = None, epoch: int = 0) -> Iterator[tuple[str, bytes]]:
        if seed is None:
            return self._stream(None)
        return shuffled(self._stream(hashing.digest("stream", seed, epoch)), seed, epoch)

    def image(self, key: str, payload: bytes = b"", least: int | None = None) -> Image.Image:
        return self._decode(payload, key, least)

    def stamp(self) -> str:
        return self._stamp


# A shuffle buffer holds at most this many pictures, and at most this many bytes of their files.
_MOST, _BYTES = 10_000, 128 * 2**20


def shuffled(items: Iterator[tuple[str, bytes]], seed: int, epoch: int, most: int = _MOST) -> Iterator[tuple[str, bytes]]:
    """Yields the items in a random order: each is drawn from a buffer that is filled as items are drawn from it.

    Args:
        items: Pairs of keys and files.
        seed: Integer. Decides the order, together with the epoch.
        epoch: Integer. Number of the epoch.
        most: Integer. Number of items that the buffer holds; fewer, if they are large.

    Yields:
        The same items.
    """
    random, buffer, held = hashing.generator("buffer", seed, epoch), [], 0
    for item in items:
        buffer.append(item)
        held += len(item[1])
        while len(buffer) > most or held > _BYTES:
            drawn = _take(buffer, random)
            held -= len(drawn[1])
            yield drawn
    while buffer:
        yield _take(buffer, random)


def _take(buffer, random):
    """Takes out one item at random. The last one fills its place, so nothing has to move up."""
    i = int(random.integers(len(buffer)))
    buffer[i], buffer[-1] = buffer[-1], buffer[i]
    return buffer.pop()
