"""Randomness that depends on names alone."""

from kcolor.data import hashing


def test_random_numbers_depend_on_names_alone():
    assert hashing.digest("a", 1) == hashing.digest("a", "1") != hashing.digest("a1")
    assert hashing.generator("a", 1).random() == hashing.generator("a", 1).random() != hashing.generator("a", 2).random()
