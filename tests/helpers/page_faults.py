"""How many pages the system must give for blocks that are filled, freed and asked for again."""

import ctypes
import resource


def again_and_again(blocks=10, size=48 << 20):
    """Returns the number of page faults. It is about that of one block, or none, if memory is reused."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(blocks):
        block = ctypes.c_void_p(libc.malloc(size))
        ctypes.memset(block, 1, size)
        libc.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
