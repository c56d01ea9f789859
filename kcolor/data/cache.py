"""Decoded pictures on disk, so that later epochs and later runs need not decode them again.

What has chance in it comes after: results with and without a cache are the same, bit for bit.
"""

import contextlib
import dataclasses
import pathlib
import shutil
import tempfile

import numpy as np
import PIL

from kcolor.data import cache_file, hashing
from kcolor.data.loader import Reading, parallel_map
from kcolor.images.decoding import BrokenPicture
from kcolor.utils import files

_VERSION = 1  # of what `Reading.prepared` does; another one makes all caches anew


def cached(reading: Reading, folder) -> Reading:
    """The same reading, from a cache in a folder. It is filled now, if it is not there yet.

    Args:
        reading: of pictures to one size.
        folder: for caches; each has a folder in it, named for all that its content depends on. Old ones are left alone.

    Returns:
        A `Reading` with a pack.

    Raises:
        OSError: that says why in words, if the cache cannot be written.
    """
    folder = files.make_folder(pathlib.Path(folder).expanduser())
    place = folder / name(reading)
    if not place.is_dir():
        try:
            _fill(reading, place)
        except OSError as error:
            raise files.explained(error, place) from error
    return dataclasses.replace(reading, pack=cache_file.Pack(place))


def name(reading: Reading) -> str:
    """What a cache's content depends on, in one word."""
    parts = (_VERSION, PIL.__version__, reading.pictures.stamp(), reading.size, reading.crop, reading.zoom)
    return f"{hashing.digest(*parts):016x}"


def _fill(reading, place):
    """Writes beside and renames: it is there whole or not at all, and of two processes the first one wins."""
    half = pathlib.Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        cache_file.write(half, parallel_map(lambda item: _prepared(reading, *item), reading.pictures.items()))
        with contextlib.suppress(OSError):
            half.chmod(0o755)
            half.rename(place)
        if not place.is_dir():
            raise OSError(f"cannot rename {half}")
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _prepared(reading, key, payload):
    try:
        return key, np.asarray(reading.prepared(key, payload))
    except BrokenPicture as error:
        return key, error
