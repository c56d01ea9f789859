"""Types that many signatures share."""

import os
from typing import Any, get_args

from kcolor.utils.types import PathLike, Tensor


def test_a_path_is_a_string_or_path_like_and_a_tensor_is_anything():
    assert get_args(PathLike) == (str, os.PathLike[str])
    assert Tensor is Any
