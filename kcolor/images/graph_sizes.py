"""Arithmetic with sizes that are integers or, while a graph is made, tensors.

Integers give integers and booleans at once. As soon as a tensor is among them, the result is a tensor.
"""

import functools
from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from kcolor.utils.types import Tensor


def least(*sizes: int | Tensor) -> int | Tensor:
    """Returns the smallest of some sizes.

    >>> least(3, 5), int(least(ops.convert_to_tensor(3), 5))
    (3, 3)
    """
    return min(sizes) if all(isinstance(size, int) for size in sizes) else functools.reduce(ops.minimum, sizes)


def most(*sizes: int | Tensor) -> int | Tensor:
    """Returns the largest of some sizes.

    >>> most(3, 5)
    5
    """
    return max(sizes) if all(isinstance(size, int) for size in sizes) else functools.reduce(ops.maximum, sizes)


def either(one: bool | Tensor, other: bool | Tensor) -> bool | Tensor:
    """Returns whether at least one of two conditions is true.

    >>> either(False, True)
    True
    """
    if isinstance(one, bool) and isinstance(other, bool):
        return one or other
    return ops.logical_or(one, other)


def neither(one: bool | Tensor, other: bool | Tensor) -> bool | Tensor:
    """Returns whether both of two conditions are false.

    >>> neither(False, True)
    False
    """
    found = either(one, other)
    return not found if isinstance(found, bool) else ops.logical_not(found)


def choose(condition: bool | Tensor, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """Returns the result of one of two functions.

    While a graph is made the condition may be a tensor. Then both functions are called and the graph picks one result. (A
    conditional in the graph would do, but not every format that a graph is exported to takes one around tensors of any size.)

    >>> choose(True, lambda: "then", lambda: 1 / 0)
    'then'

    Args:
        condition: Boolean, or a boolean tensor.
        then: Function without arguments that returns a tensor or a structure of tensors.
        otherwise: Function without arguments that returns the same structure.
    """
    if isinstance(condition, bool):
        return then() if condition else otherwise()
    return keras.tree.map_structure(lambda one, other: ops.where(condition, one, other), then(), otherwise())


def ceiling(size: int | Tensor, divisor: int | Tensor) -> int | Tensor:
    """Returns ``size / divisor``, rounded up.

    >>> ceiling(9, 4)
    3
    """
    return (size + divisor - 1) // divisor  # not -(-size // divisor): ONNX divides negative numbers in another way


def rounded_ratio(size: int | Tensor, divisor: int | Tensor) -> int | Tensor:
    """Returns ``size / divisor`` rounded to the nearest integer, exactly. Halves go up.

    >>> rounded_ratio(9, 4), rounded_ratio(10, 4)
    (2, 3)
    """
    return (2 * size + divisor) // (2 * divisor)
