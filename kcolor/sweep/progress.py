"""What one sees while a sweep runs: a line for each trial that ends, and on a terminal one that moves."""

import sys
import time

from kcolor.callbacks import duration
from kcolor.sweep.book import States
from kcolor.sweep.plan import Sweep


class Progress:
    """Tells how far a sweep is.

    Args:
        sweep: which.
        jobs: trials at a time.
        say: where lines go; None for silence.
        stream: where the moving line goes, if that is a terminal.
    """

    def __init__(self, sweep: Sweep, jobs: int, say=print, stream=None):
        self.sweep, self.jobs, self.say = sweep, jobs, say or (lambda line: None)
        self.stream = stream or sys.stderr
        self.shown = 0.0

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
        """The line that moves: how many are done, running, failed and left, the best so far, the time left."""
        if not self.stream.isatty() or time.monotonic() - self.shown < pause:
            return
        self.shown = time.monotonic()
        epochs = " ".join(f"{one.trial.number:04}:{one.told}" for one in running)
        print(f"\r\x1b[K{summary(study, self.sweep, self.jobs)}  (trial:epoch {epochs})", end="", file=self.stream, flush=True)

    def close(self) -> None:
        """Ends the moving line."""
        self._clear()

    def _clear(self):
        if self.stream.isatty():
            print("\r\x1b[K", end="", file=self.stream, flush=True)


def summary(study, sweep: Sweep, jobs: int = 1) -> str:
    """One line: trials by state, the best so far, the time left."""
    trials = study.get_trials(deepcopy=False)
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
