"""What `kcolor video` prints while it works: a line that stays on a terminal, a line now and then elsewhere."""

import argparse
import dataclasses
import json
import sys
import time

from kcolor.cli.flags import in_flags
from kcolor.cli.status_line import StatusLine
from kcolor.utils.console import duration
from kcolor.video.outcome import VideoOutcome, VideoProgress

_EVERY = 30.0  # seconds between lines that do not stay
_OFTEN = 0.2  # seconds between changes of the line that stays


class VideoLine:
    """Prints how far a film is, and what became of it.

    Args:
        parser: Parser of the command; its flags are named in notes.
        quiet: Boolean. Whether to print errors only.
        as_json: Boolean. Whether to print one line of JSON for each film, and nothing else, to standard output.
    """

    def __init__(self, parser: argparse.ArgumentParser, quiet: bool = False, as_json: bool = False):
        self._parser, self._quiet, self._as_json = parser, quiet, as_json
        self._status = StatusLine(quiet)
        self._last = time.monotonic()

    def __call__(self, progress: VideoProgress) -> None:
        """Prints how far a film is.

        Args:
            progress: `VideoProgress`.
        """
        now = time.monotonic()
        if self._quiet or now - self._last < (_OFTEN if self._status.stays else _EVERY):
            return
        self._last = now
        if self._status.stays:
            self._status.show(f"{progress.film.name[:30]}  {progress}")
        else:
            print(f"{progress.film.name}  {progress}", file=sys.stderr, flush=True)

    def finish(self, outcome: VideoOutcome) -> None:
        """Prints what became of a film.

        Args:
            outcome: `VideoOutcome`.
        """
        reason = outcome.reason and in_flags(outcome.reason, self._parser)
        notes = [in_flags(note, self._parser) for note in outcome.notes]
        if outcome.status == "damaged":
            print(f"kcolor: {outcome.film}: what could be read of it is coloured, but {reason}", file=sys.stderr)
        if self._as_json:
            line = dataclasses.asdict(outcome) | {"reason": reason, "notes": notes, "seconds": round(outcome.seconds, 3)}
            line |= {"film": str(outcome.film), "result": outcome.result and str(outcome.result)}
            print(json.dumps(line), flush=True)
            return
        if self._quiet:
            return
        pace = f" in {duration(outcome.seconds)}" if outcome.seconds and outcome.status in ("done", "damaged") else ""
        ends = {"skipped": " (--overwrite colours it again)", "in color": " (--recolor colours it anyway)"}
        print(f"{dataclasses.replace(outcome, reason=reason)}{pace}{ends.get(outcome.status, '')}", flush=True)
        for note in notes:
            print(f"  {note}", flush=True)

    def failed(self, film: str, reason: str) -> None:
        """Prints that a film could not be coloured.

        Args:
            film: String. Its path.
            reason: String. Why.
        """
        reason = in_flags(reason, self._parser)
        print(f"kcolor: {reason}", file=sys.stderr)
        if self._as_json:
            print(json.dumps({"film": film, "status": "failed", "reason": reason}), flush=True)

    def wipe(self) -> None:
        """Removes the line that stays."""
        self._status.wipe()
