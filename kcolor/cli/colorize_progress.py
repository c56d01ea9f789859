"""What `kcolor colorize` prints while it works: a line that stays on a terminal, a line for each photo elsewhere."""

import argparse
import collections
import dataclasses
import json
import os
import sys
import time

from kcolor.cli.flags import in_flags
from kcolor.cli.status_line import StatusLine
from kcolor.photo_files.outcome import Outcome
from kcolor.utils.console import duration
from kcolor.utils.text import counted

_NAMED = 10  # photos in colour that are named on a terminal: more are only counted


class Progress:
    """Prints each photo's outcome, and in the end a summary.

    Args:
        parser: Parser of the command; its flags are named in reasons.
        quiet: Boolean. Whether to print errors only.
        as_json: Boolean. Whether to print one line of JSON for each photo, and nothing else, to standard output.
    """

    def __init__(self, parser: argparse.ArgumentParser, quiet: bool = False, as_json: bool = False):
        self._parser, self._quiet, self._as_json = parser, quiet, as_json
        self._began, self._sideways = time.monotonic(), 0
        self.found: collections.Counter[str] = collections.Counter()  # outcomes by status
        self._folders: set[str] = set()  # of results; of more than two the one in which all of them lie
        self._are_many, self._last = False, ""
        self._status = StatusLine(quiet)
        self._status.show("starting: the first photo takes about ten seconds …")

    def __call__(self, outcome: Outcome) -> None:
        """Prints one photo's outcome.

        Args:
            outcome: The `Outcome`, with its number and total.
        """
        outcome = dataclasses.replace(outcome, reason=outcome.reason and in_flags(outcome.reason, self._parser))
        self._count(outcome)
        self._print_errors(outcome)
        if self._as_json:
            print(json.dumps(_plain(outcome)), flush=True)
        elif self._status.stays:
            self._print_on_terminal(outcome)
        elif outcome.status in ("done", "in color") and not self._quiet:
            print(outcome, flush=True)

    def _count(self, outcome):
        self.found[outcome.status] += 1
        self._sideways += outcome.sideways
        if outcome.status == "done" and outcome.result:
            self._last = str(outcome.result)  # a path, or the address of an object
            self._folders.add(os.path.dirname(self._last) or ".")
            self._are_many = self._are_many or len(self._folders) > 2
            if self._are_many:
                self._folders = {_common(self._folders)}

    def _print_errors(self, outcome):
        if outcome.status == "failed":
            self._status.wipe()
            print(f"kcolor: {outcome.photo}: {outcome.reason}", file=sys.stderr)
        if outcome.notes and not (self._quiet or self._as_json):
            self._status.wipe()
            for note in outcome.notes:
                print(f"kcolor: {outcome.photo}: {note}", file=sys.stderr)

    def _print_on_terminal(self, outcome):
        if outcome.sideways or (outcome.status == "in color" and self.found["in color"] <= _NAMED):
            self._status.wipe()
            print(outcome, flush=True)
        self._status.show(self._line(outcome))

    def finish(self) -> None:
        """Prints the summary."""
        self._status.wipe()
        if self._quiet or self._as_json:
            return
        found = self.found
        parts = [f"{counted(found['done'], 'photo')} coloured in {duration(time.monotonic() - self._began)}{self._where()}"]
        if found["skipped"]:
            parts.append(f"{found['skipped']:,} there already (--overwrite colours them again)")
        if found["in color"]:
            parts.append(f"{found['in color']:,} in colour already (--recolor colours them, too)")
        if sideways := self._sideways:
            parts.append(
                f"{sideways:,} seem{'s' * (sideways == 1)} to lie on a side (turned upright, photos get better colours)"
            )
        if found["failed"]:
            parts.append(f"{found['failed']:,} not: see above")
        print(", ".join(parts))

    def _where(self):
        """Where the results lie."""
        if self.found["done"] == 1:
            return f": {_from_here(self._last)}"
        folders = sorted(_from_here(folder) for folder in self._folders if folder)
        return f" into {', '.join(folders)}" if folders else ""

    def _line(self, outcome):
        line = f"{outcome.number:,} of {outcome.total:,}"
        if not self.found["done"]:
            return line
        pace = self.found["done"] / (time.monotonic() - self._began)
        left = duration((outcome.total - outcome.number) / pace)
        return f"{line}  {pace:.1f}/s  {left} left  {os.path.basename(outcome.photo)[:40]}"


def _plain(outcome):
    """An outcome as JSON has it."""
    return {
        "photo": str(outcome.photo),
        "result": outcome.result and str(outcome.result),
        "status": outcome.status,
        "reason": outcome.reason,
        "seconds": round(outcome.seconds, 3),
        "sideways": outcome.sideways,
        "notes": list(outcome.notes),
    }


def _common(folders):
    """The folder in which all of some folders lie, which may be addresses; empty if there is none."""
    sign = "/" if any("://" in folder for folder in folders) else os.sep
    # Cut at a separator; `commonpath` knows no addresses, and no relative paths beside absolute ones.
    return os.path.commonprefix([folder + sign for folder in folders]).rpartition(sign)[0]  # noqa: RUF071


def _from_here(path):
    """A path as it is typed in the folder that one is in, if it lies below that."""
    here = os.path.join(os.getcwd(), "")
    return path.removeprefix(here)
