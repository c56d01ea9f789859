"""What a sweep would do: its trials, what their networks cost, and how long they should train."""

from typing import TYPE_CHECKING

from kcolor.data.fixed_copies import variants_of_each
from kcolor.sweep import network_cost
from kcolor.sweep.axis_values import label
from kcolor.sweep.sweep_file import Sweep
from kcolor.training.input_data import steps_an_epoch
from kcolor.utils.console import duration
from kcolor.utils.text import aligned

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
    pace, pictures = network_cost.pace(sweep.base_recipe()), len(trials[0].open_pictures("train"))
    seconds = [_seconds(trial, cost["flops"], pictures, *pace) for trial, cost in zip(trials, costs, strict=True)]
    rows = [_row(point, cost, spent) for point, cost, spent in zip(points, costs, seconds, strict=True)]
    whole = f"{len(trials)} trials, {sweep.direction} {sweep.optimize}; about {duration(sum(seconds) / jobs)} on this machine"
    note = f"{whole} (estimated from a few steps of the base recipe's network, without reading the pictures)"
    return "\n".join([*aligned([[*points[0], "weights", "code", "MFLOPs", "time"], *rows], left=0), "", note])


def _row(point, cost, seconds):
    code = "–" if cost["code_size"] is None else f"{cost['code_size']:,}"
    costs = [f"{cost['parameters']:,}", code, f"{cost['flops'] / 1e6:.3g}", duration(seconds)]
    return [*(str(label(value)) for value in point.values()), *costs]


def _seconds(recipe: "Recipe", flops, pictures, seconds_a_step, seconds_a_flop):
    """How long a recipe should train on a number of pictures."""
    steps = steps_an_epoch(recipe, pictures)
    seen = min(pictures * variants_of_each(recipe.data.copies), steps * recipe.train.batch_size)
    return START + recipe.train.epochs * (steps * seconds_a_step + seen * flops * seconds_a_flop)
