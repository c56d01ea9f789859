"""Memory that a step of training frees stays with the process, for the next step."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator

# What `mallopt` takes (malloc.h): while training, and afterwards. The latter is the most that glibc itself comes to.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _MMAP_MAX = -1, -2, -3, -4
_KEEP = {_MMAP_MAX: 0, _TRIM_THRESHOLD: -1, _TOP_PAD: 64 << 20}  # -1: never
_USUAL = {_MMAP_MAX: 65536, _MMAP_THRESHOLD: 32 << 20, _TRIM_THRESHOLD: 64 << 20, _TOP_PAD: 128 << 10}


@contextlib.contextmanager
def reuse_memory() -> Iterator[None]:
    """Keeps memory that is freed in this process, and gives it back in the end.

    Every step of training frees its large tensors, and the next one asks for as many. On Linux, glibc returns large blocks to
    the system at once, which must clear each page again before it gives it out: up to a third of the time. Other
    systems and C libraries are left alone, and so is glibc if its ``MALLOC_…`` variables or tunables say what it should do.

    >>> with reuse_memory():
    ...     total = sum(bytearray(1000))
    """
    glibc = _glibc()
    if glibc is None:
        yield
        return
    _set(glibc, _KEEP)
    try:
        yield
    finally:
        _set(glibc, _USUAL)
        glibc.malloc_trim(0)


def _glibc():
    """The C library, if it is glibc and nobody has said how it should treat memory."""
    told = any(name.startswith("MALLOC_") for name in os.environ) or "glibc.malloc" in os.environ.get("GLIBC_TUNABLES", "")
    if sys.platform != "linux" or told:
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None


def _set(glibc, options):
    for option, value in options.items():
        glibc.mallopt(option, value)
