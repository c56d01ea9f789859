"""Arrays that are kept on the disk and gone through again and again, in the order in which they came."""

import tempfile
import weakref
from collections.abc import Iterator

import numpy as np


class ArrayFile:
    """Groups of arrays in a temporary file, which vanishes with this object.

    >>> stored = ArrayFile()
    >>> stored.add(np.arange(3), np.zeros((2, 2)))
    >>> [[array.shape for array in group] for group in stored]
    [[(3,), (2, 2)]]
    """

    def __init__(self):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as this object
        weakref.finalize(self, self._file.close)
        self._groups: list[tuple[int, int]] = []

    def add(self, *arrays: np.ndarray) -> None:
        """Adds a group of arrays at the end."""
        start = self._file.seek(0, 2)
        for array in arrays:
            np.save(self._file, array, allow_pickle=False)
        self._groups.append((start, len(arrays)))

    def __iter__(self) -> Iterator[list[np.ndarray]]:
        """Yields the groups. Several may be gone through at once."""
        for start, count in self._groups:
            self._file.seek(start)
            yield [np.load(self._file, allow_pickle=False) for _ in range(count)]
