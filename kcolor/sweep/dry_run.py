"""What a sweep would do: its trials, what their networks cost, and how long they should train."""

import math
from typing import TYPE_CHECKING

from kcolor.data import fixed_copies
from kcolor.sweep import network_cost
from kcolor.sweep.axis_values import label
from kcolor.sweep.sweep_file import Sweep
from kcolor.utils.console import duration

if TYPE_CHECKING:
    from kcolor.recipes import Recipe

START = 10  # seconds until a worker trains: it imports its framework and compiles a step


def table(sweep: Sweep, jobs: int = 1) -> str:
    """Returns the trials of a grid with their costs, or the axes of a search, as text.

    Args:
        sweep: The sweep.
        jobs: Integer. Number of trials that would be trained at a time.

    Returns:
        Lines of text. How long a trial should train is estimated: a few steps of the base recipe's network are measured.
    """
    if not sweep.grid:
        lines = [f"  {key}: {given}" for key, given in sweep.search.items()]
        return "\n".join([f"{sweep.name}: a search of {sweep.trials} trials, {sweep.direction} {sweep.optimize}", *lines])
    points = sweep.points()
    trials = [sweep.trial_recipe(point) for point in points]
    costs = [network_cost.of_recipe(trial) for trial in trials]
    pace, pictures = network_cost.pace(sweep.base_recipe()), _count_pictures(trials[0])
    seconds = [_seconds(trial, cost["flops"], pictures, *pace) for trial, cost in zip(trials, costs, strict=True)]
    rows = [_row(point, cost, spent) for point, cost, spent in zip(points, costs, seconds, strict=True)]
    whole = f"{len(trials)} trials, {sweep.direction} {sweep.optimize}; about {duration(sum(seconds) / jobs)} on this machine"
    note = f"{whole} (estimated from a few steps of the base recipe's network, without reading the pictures)"
    return "\n".join([*_aligned([[*points[0], "weights", "code", "MFLOPs", "time"], *rows]), "", note])


def _row(point, cost, seconds):
    code = "–" if cost["code_size"] is None else f"{cost['code_size']:,}"
    costs = [f"{cost['parameters']:,}", code, f"{cost['flops'] / 1e6:.3g}", duration(seconds)]
    return [*(str(label(value)) for value in point.values()), *costs]


def _aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _seconds(recipe, flops, pictures, seconds_a_step, seconds_a_flop):
    steps = math.ceil(pictures / recipe.train.batch_size)
    return START + recipe.train.epochs * (steps * seconds_a_step + pictures * flops * seconds_a_flop)


def _count_pictures(recipe: "Recipe") -> int:
    """Returns how many pictures an epoch has."""
    return len(recipe.open_pictures("train")) * len(fixed_copies.functions(recipe.data.copies))
