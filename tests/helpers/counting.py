"""Counts a network's weights, and says how many its layers should have."""

import math


def weights(network):
    """Trainable parameters, counted from the variables."""
    return sum(math.prod(w.shape) for w in network.trainable_variables)


def conv(kernel, before, after, bias=True):
    return kernel * kernel * before * after + (after if bias else 0)


def norm(filters):
    return 2 * filters
