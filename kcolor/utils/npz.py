"""Files of NumPy arrays that come from elsewhere."""

import contextlib
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np

from kcolor.utils.types import PathLike


@contextlib.contextmanager
def opened_npz(path: PathLike, what: str) -> Iterator[Any]:
    """Opens an ``.npz`` file of arrays. It is never unpickled.

    >>> np.savez(tmp_path / "weights.npz", a=np.arange(3))
    >>> with opened_npz(tmp_path / "weights.npz", "weights") as arrays:
    ...     arrays["a"].tolist()
    [0, 1, 2]

    Args:
        path: Path of the file.
        what: String. What it should hold, for the message.

    Raises:
        ValueError: If it is no such file, or a damaged one.
    """
    with open(path, "rb") as file:
        try:
            arrays = np.load(file, allow_pickle=False)
        except (EOFError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(f"Expected {path} as a whole .npz file of {what}. {_said(error)}") from None
        if not hasattr(arrays, "files"):
            raise ValueError(f"Expected {path} as an .npz file of {what}. Received a single array")
        with arrays:
            yield arrays


def _said(error):
    """What NumPy says of a file, without its advice to unpickle it."""
    return "It is no zip of arrays" if "pickle" in str(error) else str(error)
