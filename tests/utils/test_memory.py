"""Memory that is freed stays with the process for a while."""

import os
import pathlib
import subprocess
import sys

import pytest

from kcolor.utils.memory import reuse_memory

# Blocks of 48 MB are filled, freed and asked for again: the number of pages that the system had to give, and what is held.
CODE = """
from helpers.page_faults import again_and_again
from kcolor.utils.memory import reuse_memory

def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 >> 20

start = held()
fresh = again_and_again()
with reuse_memory():
    again_and_again()
    reused, kept = again_and_again(), held() - start
print(fresh, reused, kept, held() - start, again_and_again())
"""

TESTS = pathlib.Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not os.confstr("CS_GNU_LIBC_VERSION"), reason="only glibc can be told what to keep"
)


def counted(**environment):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_TUNABLES"))}
    environment = {**inherited, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)]), **environment}
    result = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    return [int(number) for number in result.stdout.split()]


def test_memory_is_reused_and_then_given_back():
    fresh, reused, kept, later, as_before = counted()
    assert fresh > 1000
    assert reused < fresh / 20
    assert kept >= 48
    assert later < 24
    assert as_before > 1000


@pytest.mark.parametrize("told", [{"MALLOC_ARENA_MAX": "4"}, {"GLIBC_TUNABLES": "glibc.malloc.arena_max=4"}])
def test_who_has_told_the_c_library_what_to_do_is_not_overruled(told):
    fresh, reused, *_ = counted(**told)
    assert reused > fresh / 2 > 500


def test_an_error_passes_through():
    with pytest.raises(ZeroDivisionError), reuse_memory():
        1 / 0  # noqa: B018
