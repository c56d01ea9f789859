"""Pictures that come one after another, as from the large files of published data sets."""

from collections.abc import Callable, Iterator

from PIL import Image

from kcolor.data import hashing
from kcolor.data.collection import Pictures

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
