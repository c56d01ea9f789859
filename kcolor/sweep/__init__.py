"""Sweeps: a grid of recipes, or a search among them, trained by worker processes, stopped and resumed at will.

`python -m kcolor.sweep sweeps/NAME.toml` is the command. A sweep is a TOML file (`plan`). An Optuna study remembers which
trials there are and what became of them (`book`). Each trial is trained by a process of its own, in its own folder
(`workers`). `running` brings the three together; `results`, `plots` and `page` show what came out.
"""

from kcolor.sweep.scheduler import run
from kcolor.sweep.sweep_file import Sweep, load

__all__ = ["Sweep", "load", "run"]
