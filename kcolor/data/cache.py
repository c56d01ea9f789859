"""Keeps decoded pictures on disk, so that later epochs and later runs need not decode them again.

Everything random happens after the cache: results with and without one are the same, bit for bit. The fixed copies are made
after it, too, so the cache is as large as the pictures themselves, however many copies there are.
"""

import contextlib
import dataclasses
import shutil

import numpy as np
import PIL

from kcolor.data import cache_file, hashing
from kcolor.data.loader import parallel_map
from kcolor.data.reading import Reading
from kcolor.images.decoding import BrokenPicture
from kcolor.utils import files
from kcolor.utils.types import PathLike

_VERSION = 2  # of what `Reading.prepared` does: with another number, no cache of before is used


def cached(reading: Reading, folder: PathLike) -> Reading:
    """Returns the same reading, which takes prepared pictures from a cache. The cache is filled now if it is not there yet.

    Args:
        reading: Reading of pictures to one size.
        folder: Folder for all caches. Each is a folder in it, with a name that depends on everything its content depends on.
            Caches that are out of date are left alone.

    Returns:
        `Reading` with a `cache`.

    Raises:
        OSError: If the cache is not there and cannot be written. The message says why in words.
    """
    folder = files.from_home(folder)
    place = folder / name(reading)
    if not place.is_dir():
        files.sweep_leftovers(files.make_folder(folder))
        try:
            _fill(reading, place)
        except OSError as error:
            raise files.explained(error, place) from error
    return dataclasses.replace(reading, cache=cache_file.CacheFile(place))


def name(reading: Reading) -> str:
    """Returns the name of a reading's cache: a hash of everything that its content depends on.

    Args:
        reading: Reading of pictures to one size.

    Returns:
        16 hexadecimal digits.
    """
    parts = (_VERSION, PIL.__version__, reading.pictures.stamp(), reading.size, reading.crop, reading.zoom)
    return f"{hashing.digest(*parts):016x}"


def _fill(reading, place):
    """Writes the cache beside its place and renames it: it is there whole or not at all.

    Several processes, on several machines with one disk, may fill the same cache at once. So each writes to a folder with a
    name of its own, and the first one to finish wins.
    """
    half = place.parent / files.half_name(place.name)
    half.mkdir()
    try:
        cache_file.write(half, parallel_map(lambda item: _prepared(reading, *item), reading.pictures.items()))
        with contextlib.suppress(OSError):  # another process may have been faster
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
