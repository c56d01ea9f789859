"""`kcolor list`: prints what ships with kcolor."""

import argparse

from kcolor.cli.card import summary
from kcolor.recipes import shipped
from kcolor.saving import presets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("what", choices=("models", "recipes"), nargs="?", help="(default: both)")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    lists = {"models": _model_lines, "recipes": recipe_lines}
    for what in [args.what] if args.what else lists:
        if not args.what:
            print(f"{what}:")
        print("\n".join(lists[what]()) or "None. Train one: kcolor train --help")
    return 0


def recipe_lines() -> list[str]:
    """Returns a line for each recipe that ships: its name and what it trains."""
    return [f"{name:22}{shipped.summary(name)}" for name in shipped.names()]


def _model_lines():
    return [f"{name:22}{summary(presets.find(name))}" for name in presets.names()]
