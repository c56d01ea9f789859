"""Several machines that train together, each with its part of every batch: Keras's data parallelism on JAX."""

import contextlib
import dataclasses
import pathlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from typing import Self

import keras
import numpy as np

from kcolor.utils.types import PathLike


@dataclasses.dataclass(frozen=True)
class Machine:
    """One of several machines that train together.

    >>> from kcolor.utils.machines import Machine
    >>> Machine.parse("1/2@192.168.0.5:1234")
    Machine(number=1, count=2, address='192.168.0.5:1234')

    Args:
        number: Integer. Which one this is, from 0. Machine 0 writes the results.
        count: Integer. How many there are.
        address: Text ``HOST:PORT``: where machine 0 can be reached.
    """

    number: int
    count: int
    address: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Returns what a text ``NUMBER/COUNT@HOST:PORT`` says.

        Args:
            text: Text, for instance "0/2@192.168.0.5:1234".

        Raises:
            ValueError: If it is not such a text.
        """
        found = re.fullmatch(r"(\d+)/(\d+)@(.+:\d+)", text)
        if found is None or int(found[1]) >= int(found[2]):
            raise ValueError(
                "Expected a machine as NUMBER/COUNT@HOST:PORT, numbered from 0, with the address of machine 0: "
                f"0/2@192.168.0.5:1234 on the first of two. Received: {text!r}"
            )
        return cls(int(found[1]), int(found[2]), found[3])

    def join(self) -> None:
        """Waits for the other machines. From now on, models of this process are trained by all of them.

        Raises:
            ValueError: If another backend than JAX runs: Keras has this for JAX alone.
        """
        if keras.backend.backend() != "jax":
            raise ValueError(f"Several machines need the JAX backend (KERAS_BACKEND=jax). Received: {keras.backend.backend()}")
        import jax

        if not jax.distributed.is_initialized():
            keras.distribution.initialize(self.address, self.count, self.number)
        # Every machine reads its part of a batch by itself, see `part`.
        keras.distribution.set_distribution(keras.distribution.DataParallel(auto_shard_dataset=False))

    def part(self, batch: np.ndarray) -> np.ndarray:
        """Returns this machine's part of a batch; all parts have the same length.

        >>> [Machine(number, 2, "").part(np.arange(5)).tolist() for number in (0, 1)]
        [[0, 2], [1, 3]]

        Args:
            batch: Array ``(count, …)``. What is left over if it is divided is in no part.
        """
        return batch[self.number : len(batch) // self.count * self.count : self.count]

    @contextlib.contextmanager
    def folder(self, out: PathLike) -> Iterator[pathlib.Path]:
        """Returns a context with the folder that this machine writes its results to.

        All machines compute the same, so only the first one's results are kept. The others write to a folder that is removed
        in the end. It has what the first one had kept before: where they continue, all have to begin with the same.

        Args:
            out: Path of the folder for the results. To continue, all machines must see it.
        """
        out = pathlib.Path(out)
        if not self.number:
            yield out
            return
        with tempfile.TemporaryDirectory(prefix="kcolor-") as place:
            if out.is_dir():
                shutil.copytree(out, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
            yield pathlib.Path(place)
