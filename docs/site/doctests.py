"""Lets examples in docstrings be shown as code: kcolor writes them without a heading, as plain lines of `>>>`."""

import re

import griffe

_EXAMPLE = re.compile(r"^(?:>>> .*\n(?:.*\S.*\n)*)+", re.MULTILINE)


class Doctests(griffe.Extension):
    """Puts examples into blocks of code, before the docstrings are read."""

    def on_object(self, *, obj, **kwargs):
        """Changes the docstring of a module, class, function or attribute."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """Returns a docstring with its examples in blocks of code.

    Args:
        text: String. The docstring.
    """
    return _EXAMPLE.sub(lambda found: f"\n```pycon\n{found[0]}```\n\n", text + "\n").rstrip()
