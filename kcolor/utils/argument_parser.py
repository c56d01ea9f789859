"""The argument parser of all commands: its errors say what is wrong, and what was probably meant."""

import argparse
import difflib
import re
from collections.abc import Iterable, Sequence
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are what is wrong, and not a page of all that would be right."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n{self.prog} --help says what there is\n")

    def refuse(self, argv: Sequence[str], unknown: Sequence[str]) -> None:
        """Ends the command if there are arguments that it does not know, or an empty one.

        Args:
            argv: All arguments.
            unknown: Those of them that nothing was done with, as `parse_known_args` returns them.
        """
        if unknown:
            self.error(_unknown(unknown, self))
        if "" in argv:  # of a script in which something is not set: as a path it would be this folder
            self.error("one of the arguments is empty: ''")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Returns a sentence with the known word that is most like one that is not known, or nothing.

    >>> did_you_mean("--jbos", ["--jobs", "--limit"]), did_you_mean("--red", ["--jobs", "--limit"])
    ('. Did you mean --jobs?', '')

    Args:
        word: String.
        known: Strings.
    """
    return "".join(f". Did you mean {one}?" for one in difflib.get_close_matches(word, list(known), 1, cutoff=0.75))


def _unknown(words, parser):
    options = [word for word in words if word.startswith("-")]
    if not options:
        return f"unexpected: {' '.join(words)}"
    known = re.findall(r"--[\w-]+", parser.format_help())
    return "; ".join(f"there is no option {option}{did_you_mean(option.partition('=')[0], known)}" for option in options)
