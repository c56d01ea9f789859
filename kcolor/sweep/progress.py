"""What one sees while a sweep runs: a line for each trial that ends, and on a terminal a table that moves."""

import shutil
import sys
import time

from kcolor.sweep import study as book
from kcolor.sweep.study import States
from kcolor.sweep.sweep_file import Sweep, label
from kcolor.utils.console import duration


class Progress:
    """Tells how far a sweep is.

    Args:
        sweep: which.
        jobs: trials at a time.
        say: where lines go; None for silence.
        stream: where the moving table goes, if that is a terminal.
    """

    def __init__(self, sweep: Sweep, jobs: int, say=print, stream=None):
        self.sweep, self.jobs, self.say = sweep, jobs, say or (lambda line: None)
        self.stream = stream or sys.stderr
        self.shown, self.lines = 0.0, 0

    def line(self, text: str) -> None:
        """A line that stays."""
        self._clear()
        self.say(text)

    def finished(self, number: int, state: str, value, folder) -> None:
        """Says how a trial ended."""
        words = {"COMPLETE": "done", "PRUNED": "pruned", "FAIL": "failed"}[state]
        figure = "" if value is None else f"  {self.sweep.optimize} {value:.5g}"
        self.line(f"trial {number:04} {words}{figure}  {folder}" + (f"  see {folder / 'log.txt'}" if state == "FAIL" else ""))

    def show(self, study, running, pause: float = 2.0) -> None:
        """The table that moves: how many are done, running, failed; the best so far; the time left; a row a running trial."""
        if not self.stream.isatty() or time.monotonic() - self.shown < pause:
            return
        self.shown = time.monotonic()
        lines = [summary(study, self.sweep, self.jobs), *rows(running, self.sweep)]
        self._clear()
        width = shutil.get_terminal_size().columns - 1  # a line that is too long would take two
        print("\n".join(line[:width] for line in lines), file=self.stream, flush=True)
        self.lines = len(lines)

    def close(self) -> None:
        """Takes the table away."""
        self._clear()

    def _clear(self):
        if self.lines:
            print(f"\x1b[{self.lines}A\x1b[J", end="", file=self.stream, flush=True)
        self.lines = 0


def rows(running, sweep: Sweep) -> list[str]:
    """A line a running trial: its number, how far it is, its last and its best value, how long it runs, what it is."""
    better = max if sweep.direction == "maximize" else min
    lines = []
    for one in running:
        figures = f"{one.values[-1]:<10.5g} {better(one.values):<10.5g}" if one.values else f"{'starting':<21}"
        what = ", ".join(f"{key.rpartition('.')[2]} {label(value)}" for key, value in one.trial.user_attrs["point"].items())
        spent = duration(time.monotonic() - one.began)
        lines.append(f"  {one.trial.number:04}  {len(one.values):>3} of {one.epochs:<4} {figures} {spent:>8}  {what}")
    head = f"  trial    epoch     {'last':<10} {'best':<10} {'time':>8}"
    return [head, *lines] if lines else []


def summary(study, sweep: Sweep, jobs: int = 1) -> str:
    """One line: trials by state, the best so far, the time left."""
    trials = book.trials(study)
    count = {state: sum(trial.state == state for trial in trials) for state in States}
    total = len(sweep.points()) if sweep.grid else sweep.trials
    over = count[States.COMPLETE] + count[States.PRUNED]
    text = f"{over} of {total} done, {count[States.RUNNING]} running, {count[States.FAIL]} failed"
    done = [trial for trial in trials if trial.state == States.COMPLETE]
    if not done:
        return text
    best = study.best_trial
    spent = [trial.user_attrs["seconds"] for trial in done if "seconds" in trial.user_attrs]
    left = max(0, total - over - count[States.FAIL]) * (sum(spent) / len(spent) if spent else 0) / jobs
    time_left = f", {duration(left)} left" if left else ""
    return f"{text}, best {sweep.optimize} {best.value:.5g} (trial {best.number:04}){time_left}"
