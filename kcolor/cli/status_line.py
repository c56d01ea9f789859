"""A line on the terminal that is written over while work goes on."""

import sys

from kcolor.utils.console import is_terminal


class StatusLine:
    """A line on standard error. Where that is no terminal, or is not wanted, nothing is printed.

    >>> StatusLine(quiet=True).stays
    False

    Args:
        quiet: Boolean. Whether to print nothing.
    """

    def __init__(self, quiet: bool = False):
        self.stays = is_terminal(sys.stderr) and not quiet

    def show(self, text: str) -> None:
        """Writes over the line.

        Args:
            text: String.
        """
        if self.stays:
            print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)

    def wipe(self) -> None:
        """Removes the line, so that something else can be printed."""
        self.show("")
