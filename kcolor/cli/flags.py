"""Says what the library says in the words of the command line: `overwrite=True` is --overwrite here."""

import argparse
import re

_OPTIONS = re.compile(r"^ +-.*$", re.MULTILINE)  # the lines of a command's help that begin with an option
_KEYS = {"download": "data.download=true"}  # what a recipe says, where a command changes one
_PARAMETER = re.compile(r"`(\w+)(?:=([^`]*))?`")


def in_flags(message: str, parser: argparse.ArgumentParser) -> str:
    """Returns a message of the library in which parameters are called as the command calls them.

    >>> parser = argparse.ArgumentParser()
    >>> _ = parser.add_argument("--quality", type=int)
    >>> in_flags("Expected `quality` in 1 to 100. Received: 0", parser)
    'Expected --quality in 1 to 100. Received: 0'

    Args:
        message: String. Parameters in it stand between backticks: `quality`, `recursive=True`, `format="keep"`.
        parser: Parser of the command. What is no option of it stays as it is.

    Returns:
        String.
    """
    known = {flag for line in _OPTIONS.findall(parser.format_help()) for flag in re.findall(r"--[\w-]+", line)}

    def flag(found):
        name = "--" + found[1].replace("_", "-")
        if found[1] in _KEYS and "--set" in known:
            return f"--set {_KEYS[found[1]]}"
        if name not in known:
            return found[0]
        value = (found[2] or "").strip("\"'")
        return name if value in ("", "True") else f"{name} {value}"

    return _PARAMETER.sub(flag, message)
