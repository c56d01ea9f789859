"""Sweeps: a grid of recipes, or a search among them, trained by worker processes. A sweep can be stopped and continued.

The command is ``python -m kcolor.sweep sweeps/NAME.toml``. A sweep is a TOML file (`sweep_file`). An Optuna study remembers
its trials and how they ended (`study`). Each trial is trained by a process of its own, in a folder of its own
(`train_trial`): forked on this machine (`forked_worker`, `fork_server`), started there anew (`local_worker`), or on a cluster
(`ray_worker`). `scheduler` brings these together. `results`, `plots` and `html_report` show the results.

>>> sweep = kcolor.sweep.Sweep("sizes", "bins-shapes", grid={"model.filters": [[8, 16], [16, 32]]})
>>> len(sweep.points())
2
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kcolor.sweep.scheduler import run
    from kcolor.sweep.sweep_file import Sweep, load

__all__ = ["Sweep", "load", "run"]

# Nothing is imported before it is used: the command's help needs neither Optuna nor Keras.
_HOME = {"Sweep": "sweep_file", "load": "sweep_file", "run": "scheduler"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'kcolor.sweep' has no attribute {name!r}. It has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"kcolor.sweep.{_HOME[name]}"), name)
