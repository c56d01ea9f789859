"""What a sweep would do: its trials, with what each network costs and how long it should train."""

import math

from kcolor.data import fixed_copies
from kcolor.recipes import build
from kcolor.sweep import network_cost
from kcolor.sweep.sweep_file import Sweep, label
from kcolor.utils.console import duration

START = 10  # seconds until a worker trains: it imports its framework and compiles a step


def table(sweep: Sweep, jobs: int = 1) -> str:
    """The trials of a grid, or the axes of a search, as lines of text."""
    if not sweep.grid:
        lines = [f"  {key}: {given}" for key, given in sweep.search.items()]
        return "\n".join([f"{sweep.name}: a search of {sweep.trials} trials, {sweep.direction} {sweep.optimize}", *lines])
    plans = [sweep.plan(point) for point in sweep.points()]
    costs = [network_cost.of_plan(plan) for plan in plans]
    a_step, a_flop = network_cost.pace(sweep.base())
    seen = _pictures(plans[0])
    seconds = [_seconds(plan, found["flops"], seen, a_step, a_flop) for plan, found in zip(plans, costs, strict=True)]
    columns = [*sweep.points()[0], "weights", "code", "MFLOPs", "time"]
    rows = [columns]
    for point, found, spent in zip(sweep.points(), costs, seconds, strict=True):
        code = "–" if found["code_size"] is None else f"{found['code_size']:,}"
        figures = [f"{found['parameters']:,}", code, f"{found['flops'] / 1e6:.3g}", duration(spent)]
        rows.append([*(str(label(value)) for value in point.values()), *figures])
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    whole = f"{len(plans)} trials, {sweep.direction} {sweep.optimize}; about {duration(sum(seconds) / jobs)} on this machine"
    return "\n".join([*lines, "", f"{whole} (from a few steps of the base recipe's network; reading not counted)"])


def _seconds(plan, flops, pictures, a_step, a_flop):
    steps = math.ceil(pictures / plan["train"]["batch_size"])
    return START + plan["train"]["epochs"] * (steps * a_step + pictures * flops * a_flop)


def _pictures(plan):
    """How many pictures an epoch of a recipe has."""
    pictures = build.open_pictures(plan, "train")
    return len(pictures) * len(fixed_copies.functions(plan["data"].get("copies")))
