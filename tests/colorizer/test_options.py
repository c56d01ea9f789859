"""What can be asked of the colours."""

import numpy as np
import pytest
from helpers.processes import run_python

from kcolor.colorizer import options


@pytest.mark.parametrize("value", [-0.1, 11, float("nan")])
def test_what_is_no_saturation(value):
    with pytest.raises(ValueError, match=r"`saturation` in \[0, 10\]"):
        options.check_saturation(value)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_what_is_no_tint(value):
    with pytest.raises(ValueError, match=r"`tint` in \[0, 1\], 1 for the colours as they are. Received"):
        options.check_tint(value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size": 0}, "`size` as a number of pixels. Received: 0"),
        ({"size": 1.5}, "`size` as a number of pixels"),
        ({"temperature": 1.5}, r"`temperature` in \[0, 1\]. Received: 1.5"),
        ({"saturation": -1}, r"`saturation` in \[0, 10\]"),
    ],
)
def test_wrong_values_are_named(given, message):
    with pytest.raises(ValueError, match=message):
        options.Options(**given)


def test_checking_takes_no_keras():
    printed = run_python(
        "import sys\nfrom kcolor.colorizer.options import Options\nOptions(size=3)\n"
        "print(sorted({'keras', 'tensorflow', 'numpy'} & set(sys.modules)))"
    )
    assert printed.strip() == "[]"


def test_a_size_may_be_numpys():
    assert type(options.Options(size=np.int64(64)).size) is int
    assert options.whole_size(None) is None
    with pytest.raises(ValueError, match="Expected `size` as a number of pixels. Received: 1.5"):
        options.whole_size(1.5)
