"""What `kcolor colorize` says while it works: a line that stays, on a terminal; a line a photo elsewhere."""

import json
import sys
import time

from kcolor.utils.console import duration


class Album:
    """Tells of each photo as `kcolor.colorize_files` reports it, and in the end of all of them.

    Args:
        quiet: say only what went wrong.
        as_json: one line of JSON for each photo, and nothing else, on standard output.
    """

    def __init__(self, quiet: bool = False, as_json: bool = False):
        self._quiet, self._as_json = quiet, as_json
        self._began, self._colored = time.monotonic(), 0
        self._stays = sys.stderr.isatty() and not quiet

    def __call__(self, outcome, number: int, count: int):
        """One photo is done, number so many of so many."""
        self._colored += outcome.status == "done"
        if outcome.status == "failed":
            self._wipe()
            print(f"kcolor: {outcome.photo}: {outcome.reason}", file=sys.stderr)
        if self._as_json:
            paths = {"photo": str(outcome.photo), "result": outcome.result and str(outcome.result)}
            said = {**paths, "status": outcome.status, "reason": outcome.reason, "seconds": round(outcome.seconds, 3)}
            print(json.dumps(said, ensure_ascii=False), flush=True)
        elif self._stays:
            self._wipe()
            print(self._line(outcome, number, count), end="", file=sys.stderr, flush=True)
        elif outcome.status == "done" and not self._quiet:
            print(f"{number} of {count}  {outcome.result}", flush=True)

    def finish(self, outcomes):
        """The sum of it."""
        self._wipe()
        if self._quiet or self._as_json:
            return
        found = {status: sum(outcome.status == status for outcome in outcomes) for status in ("done", "skipped", "failed")}
        said = [f"{_photos(found['done'])} coloured in {duration(time.monotonic() - self._began)}"]
        if found["skipped"]:
            said.append(f"{found['skipped']:,} there already (--overwrite does them again)")
        if found["failed"]:
            said.append(f"{found['failed']:,} not: see above")
        print(", ".join(said))

    def _line(self, outcome, number, count):
        if not self._colored:
            return f"{number:,} of {count:,}"
        pace = self._colored / (time.monotonic() - self._began)
        return f"{number:,} of {count:,}  {pace:.1f}/s  {duration((count - number) / pace)} left  {outcome.photo.name[:40]}"

    def _wipe(self):
        if self._stays:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _photos(count):
    return f"{count:,} photo{'' if count == 1 else 's'}"
