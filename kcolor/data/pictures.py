"""What every source of pictures gives back: `Pictures`, and the kind of it that can be read in any order."""

import abc
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image

from kcolor.data import hashing


class Pictures(abc.ABC):
    """Pictures of one split of one source.

    Args:
        name: of the source and split, for people: "photos/train".
    """

    def __init__(self, name: str):
        self.name = name

    @property
    def description(self) -> str:
        """For people: "photos/train: 4,251 pictures"."""
        return f"{self.name}: {len(self):,} picture{'' if len(self) == 1 else 's'}"

    @abc.abstractmethod
    def __len__(self) -> int: ...

    @abc.abstractmethod
    def items(self, seed: int | None = None, epoch: int = 0) -> Iterator[tuple[str, bytes]]:
        """One epoch: key and payload of each picture. The payload is for `read`; it is empty where the key is enough.

        Args:
            seed: None for a fixed order; else shuffled, as a function of seed and epoch alone.
            epoch: which epoch.
        """

    @abc.abstractmethod
    def image(self, key: str, payload: bytes = b"", least: int | None = None) -> Image.Image:
        """One picture as a Pillow picture of mode RGB, without a detour by numpy; arguments as in `read`."""

    @abc.abstractmethod
    def stamp(self) -> str:
        """Something that changes when the pictures do: names, sizes, times."""

    def read(self, key: str, payload: bytes = b"", least: int | None = None) -> np.ndarray:
        """One picture.

        Args:
            key: as `items` gave it.
            payload: as `items` gave it.
            least: the shorter side that is needed; a JPEG may then come smaller than it is (see `decoding.decode`).

        Returns:
            uint8 ``(height, width, 3)``, RGB in 0..255.

        Raises:
            BrokenPicture: if it cannot be read.
        """
        return np.asarray(self.image(key, payload, least))


class Listed(Pictures):
    """Pictures that can be read in any order, by their keys.

    Args:
        name: see `Pictures`.
        keys: one a picture, in their fixed order.
        image: ``(key, least) -> Image``, called by several threads at once.
        stamp: ``(keys) -> str``, see `Pictures.stamp`.
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

    def __len__(self):
        return len(self.keys)

    def items(self, seed=None, epoch=0):
        order = range(len(self)) if seed is None else hashing.generator("order", seed, epoch).permutation(len(self))
        return ((self.keys[i], b"") for i in order)

    def image(self, key, payload=b"", least=None):
        return self._image(key, least)

    def stamp(self):
        return self._stamp(self.keys)


# A shuffle buffer holds so many pictures, or so many bytes of their files, whichever is less.
_MOST, _BYTES = 10_000, 128 * 2**20


class Streamed(Pictures):
    """Pictures without random access. They are shuffled in a buffer of limited size.

    Args:
        name: see `Pictures`.
        count: how many there are.
        stream: ``(seed) -> iterator`` of keys and files; a seed may shuffle coarsely, None is the fixed order.
        decode: ``(bytes, key, least) -> Image``.
        stamp: see `Pictures.stamp`.
    """

    def __init__(
        self, name: str, count: int, stream: Callable[[int | None], Iterator[tuple[str, bytes]]], decode: Callable, stamp: str
    ):
        super().__init__(name)
        self._count, self._stream, self._decode, self._stamp = count, stream, decode, stamp

    def __len__(self):
        return self._count

    def items(self, seed=None, epoch=0):
        if seed is None:
            return self._stream(None)
        return shuffled(self._stream(hashing.digest("stream", seed, epoch)), seed, epoch)

    def image(self, key, payload=b"", least=None) -> Image.Image:
        return self._decode(payload, key, least)

    def stamp(self):
        return self._stamp


def shuffled(items: Iterator[tuple[str, bytes]], seed: int, epoch: int, most: int = _MOST) -> Iterator[tuple[str, bytes]]:
    """The items in another order: each is drawn from a buffer of those that came before it.

    Args:
        items: keys and files.
        seed: decides, together with the epoch.
        epoch: decides, together with the seed.
        most: so many items are held; fewer, if they are large.

    Returns:
        Iterator of the same items.
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
    """Takes one item out, drawn at random. The last one fills its place, so nothing has to move up."""
    i = int(random.integers(len(buffer)))
    buffer[i], buffer[-1] = buffer[-1], buffer[i]
    return buffer.pop()
