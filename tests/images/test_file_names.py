"""Which files are pictures, by their names."""

import pytest
from helpers.processes import run_python

from kcolor.images.file_names import SUFFIXES, is_picture


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_endings_count_in_capitals_too(suffix):
    assert is_picture(f"a{suffix}")
    assert is_picture(f"album/A{suffix.upper()}")


@pytest.mark.parametrize("name", ["a.txt", "jpg", "a.jpg.half", "", "a.keras"])
def test_others_are_none(name):
    assert not is_picture(name)


def test_nothing_is_imported_for_a_look_at_names():
    assert run_python("import sys, kcolor.images.file_names; print('PIL' in sys.modules, 'numpy' in sys.modules)") == (
        "False False\n"
    )
