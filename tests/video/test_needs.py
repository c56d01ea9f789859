"""The extra for films."""

import pytest

from kcolor.video import needs


def test_what_is_missing_is_named_with_the_command_that_installs_it():
    with pytest.raises(ImportError, match=r"Films need A and B, which are not installed\. .*pip install av opencv"):
        needs.check({"no_such_module_a": "A", "no_such_module_b": "B", "json": "JSON"})


def test_nothing_is_said_if_all_is_there():
    assert needs.check({"json": "JSON"}) is None
