"""Messages of the library in the words of the command."""

import argparse

import pytest

from kcolor.cli.flags import in_flags


@pytest.fixture
def parser():
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--out")
    for name in ("--keep-tone", "--format"):
        parser.add_argument(name)
    parser.add_argument("photos")
    return parser


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Choose another folder (`out`)", "Choose another folder (--out)"),
        ("add `keep_tone=True`", "add --keep-tone"),
        ('Keep the formats (`format="keep"`)', "Keep the formats (--format keep)"),
        ("Expected `photos` and `size`", "Expected `photos` and `size`"),  # no options here
        ("a `word with spaces` and `out", "a `word with spaces` and `out"),
    ],
)
def test_only_options_of_the_command_become_flags(parser, message, said):
    assert in_flags(message, parser) == said


def test_a_key_of_a_recipe_is_changed_by_set(parser):
    message = "allow the download (`download=True`)"
    assert in_flags(message, parser) == message
    parser.add_argument("--set")
    assert in_flags(message, parser) == "allow the download (--set data.download=true)"
