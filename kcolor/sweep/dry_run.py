"""What a sweep would do: its trials, with what each network costs and how long it should train."""

import math

from kcolor.data import fixed_copies
from kcolor.sweep import network_cost
from kcolor.sweep.sweep_file import Sweep, label
from kcolor.utils.console import duration

START = 10  # seconds until a worker trains: it imports its framework and compiles a step


def table(sweep: Sweep, jobs: int = 1) -> str:
    """The trials of a grid, or the axes of a search, as lines of text."""
    if not sweep.grid:
        lines = [f"  {key}: {given}" for key, given in sweep.search.items()]
        return "\n".join([f"{sweep.name}: a search of {sweep.trials} trials, {sweep.direction} {sweep.optimize}", *lines])
    made = [sweep.plan(point) for point in sweep.points()]
    costs = [network_cost.of_plan(recipe) for recipe in made]
    a_step, a_flop = network_cost.pace(sweep.base())
    seen = _pictures(made[0])
    seconds = [_seconds(one, found["flops"], seen, a_step, a_flop) for one, found in zip(made, costs, strict=True)]
    columns = [*sweep.points()[0], "weights", "code", "MFLOPs", "time"]
    rows = [columns]
    for point, found, spent in zip(sweep.points(), costs, seconds, strict=True):
        code = "–" if found["code_size"] is None else f"{found['code_size']:,}"
        figures = [f"{found['parameters']:,}", code, f"{found['flops'] / 1e6:.3g}", duration(spent)]
        rows.append([*(str(label(value)) for value in point.values()), *figures])
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    whole = f"{len(made)} trials, {sweep.direction} {sweep.optimize}; about {duration(sum(seconds) / jobs)} on this machine"
    return "\n".join([*lines, "", f"{whole} (from a few steps of the base recipe's network; reading not counted)"])


def _seconds(recipe, flops, pictures, a_step, a_flop):
    steps = math.ceil(pictures / recipe.train.batch_size)
    return START + recipe.train.epochs * (steps * a_step + pictures * flops * a_flop)


def _pictures(recipe):
    """How many pictures an epoch of a recipe has."""
    pictures = recipe.open_pictures("train")
    return len(pictures) * len(fixed_copies.functions(recipe.data.copies))
