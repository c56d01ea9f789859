"""Arithmetic with sizes that are whole numbers or, inside a graph, tensors."""

import functools

import keras
from keras import ops

# Sizes are whole numbers, or tensors of them while a graph is made.


def least(*sizes):
    """The smallest of some sizes."""
    return min(sizes) if all(isinstance(size, int) for size in sizes) else functools.reduce(ops.minimum, sizes)


def most(*sizes):
    """The largest of some sizes."""
    return max(sizes) if all(isinstance(size, int) for size in sizes) else functools.reduce(ops.maximum, sizes)


def either(one, other):
    """Whether one of two things is true."""
    if isinstance(one, bool) and isinstance(other, bool):
        return one or other
    return ops.logical_or(one, other)


def neither(one, other):
    """Whether none of two things is true."""
    found = either(one, other)
    return not found if isinstance(found, bool) else ops.logical_not(found)


def choose(condition, then, otherwise):
    """What one of two functions gives: a tensor, or some. Where that is not known yet both are computed.

    (A condition in a graph would do; not every format that a graph is exported to takes one around tensors of any size.)
    """
    if isinstance(condition, bool):
        return then() if condition else otherwise()
    return keras.tree.map_structure(lambda one, other: ops.where(condition, one, other), then(), otherwise())


def ceiling(size, divisor):
    """size / divisor, rounded up. (Not ``-(-size // divisor)``: ONNX divides negative numbers in another way.)"""
    return (size + divisor - 1) // divisor


def rounded_ratio(size, divisor):
    """size / divisor to the nearest whole number, exactly; halves go up."""
    return (2 * size + divisor) // (2 * divisor)
