"""What a running sweep shows: a line for each trial that ends, and on a terminal a table that is redrawn."""

import pathlib
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

import optuna

from kcolor.sweep.axis_values import label
from kcolor.sweep.study import States, trials
from kcolor.sweep.sweep_file import Sweep
from kcolor.utils.console import duration, is_terminal

if TYPE_CHECKING:
    from kcolor.sweep.scheduler import Running


class Progress:
    """Shows how far a sweep is.

    Args:
        sweep: The sweep.
        jobs: Integer. Number of trials that are trained at a time.
        say: Function of one line of text, or None to show nothing.
        stream: Text stream for the table, by default standard error. The table is shown if it is a terminal.
    """

    def __init__(self, sweep: Sweep, jobs: int, say: Callable[[str], object] | None = print, stream: TextIO | None = None):
        self.sweep, self.jobs, self.say = sweep, jobs, say or (lambda line: None)
        self.stream = stream or sys.stderr
        self.shown, self.lines = 0.0, 0  # when the table was last drawn, and its height

    def line(self, text: str) -> None:
        """Prints a line that stays."""
        self._clear()
        self.say(text)

    def finished(self, number: int, state: str, value: float | None, folder: pathlib.Path) -> None:
        """Prints how a trial ended.

        Args:
            number: Integer. The trial's number.
            state: String. ``"COMPLETE"``, ``"PRUNED"`` or ``"FAIL"``.
            value: Float. Its best value, or None if it finished no epoch.
            folder: Path of its folder.
        """
        words = {"COMPLETE": "done", "PRUNED": "pruned", "FAIL": "failed"}[state]
        best = "" if value is None else f"  {self.sweep.optimize} {value:.5g}"
        self.line(f"trial {number:04} {words}{best}  {folder}" + (f"  see {folder / 'log.txt'}" if state == "FAIL" else ""))

    def show(self, study: optuna.Study, running: "Sequence[Running]", pause: float = 2.0) -> None:
        """Redraws the table: a line about the whole sweep, and a row for each running trial.

        Args:
            study: The sweep's study.
            running: Sequence of running trials.
            pause: Float. Seconds that the table stays at least before it is redrawn.
        """
        if not is_terminal(self.stream) or time.monotonic() - self.shown < pause:
            return
        self.shown = time.monotonic()
        lines = [summary(study, self.sweep, self.jobs), *rows(running, self.sweep)]
        self._clear()
        width = shutil.get_terminal_size().columns - 1  # a longer line would be broken, and the height would be wrong
        print("\n".join(line[:width] for line in lines), file=self.stream, flush=True)
        self.lines = len(lines)

    def close(self) -> None:
        """Removes the table."""
        self._clear()

    def _clear(self):
        if self.lines:
            print(f"\x1b[{self.lines}A\x1b[J", end="", file=self.stream, flush=True)
        self.lines = 0


def rows(running: "Sequence[Running]", sweep: Sweep) -> list[str]:
    """Returns the table of running trials.

    Args:
        running: Sequence of running trials.
        sweep: The sweep.

    Returns:
        A list of lines: a heading, and for each trial its number, epoch, last value, best value, time and point. It is empty
        if no trial runs.
    """
    better = max if sweep.direction == "maximize" else min
    lines = []
    for one in running:
        values = f"{one.values[-1]:<10.5g} {better(one.values):<10.5g}" if one.values else f"{'starting':<21}"
        what = ", ".join(f"{key.rpartition('.')[2]} {label(value)}" for key, value in one.trial.user_attrs["point"].items())
        spent = duration(time.monotonic() - one.began)
        lines.append(f"  {one.trial.number:04}  {len(one.values):>3} of {one.epochs:<4} {values} {spent:>8}  {what}")
    head = f"  trial    epoch     {'last':<10} {'best':<10} {'time':>8}"
    return [head, *lines] if lines else []


def summary(study: optuna.Study, sweep: Sweep, jobs: int = 1) -> str:
    """Returns one line about a sweep: the number of trials in each state, the best value, the time left.

    Args:
        study: The sweep's study.
        sweep: The sweep.
        jobs: Integer. Number of trials that are trained at a time.

    Returns:
        The line.
    """
    known = trials(study)
    count = {state: sum(trial.state == state for trial in known) for state in States}
    total = len(sweep.points()) if sweep.grid else sweep.trials or 0
    over = count[States.COMPLETE] + count[States.PRUNED]
    text = f"{over} of {total} done, {count[States.RUNNING]} running, {count[States.FAIL]} failed"
    done = [trial for trial in known if trial.state == States.COMPLETE]
    if not done:
        return text
    best = study.best_trial
    spent = [trial.user_attrs["seconds"] for trial in done if "seconds" in trial.user_attrs]
    left = max(0, total - over - count[States.FAIL]) * (sum(spent) / len(spent) if spent else 0) / jobs
    time_left = f", {duration(left)} left" if left else ""
    return f"{text}, best {sweep.optimize} {best.value:.5g} (trial {best.number:04}){time_left}"
