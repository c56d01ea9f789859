"""How many processors this process may use."""

import os


def cpus() -> int:
    """Returns how many processors this process may use. In a container that is fewer than the machine has.

    >>> cpus() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
