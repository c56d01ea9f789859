"""`kcolor card`: prints what is known of a colorizer."""

import argparse

from kcolor.saving import presets

_CARD = "card.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument(
        "model", nargs="?", default="photo", metavar="NAME", help="see kcolor list models; or a file (default: photo)"
    )


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    file = presets.find(args.model)
    card = file.with_name(_CARD)
    if not card.is_file():
        raise ValueError(f"Expected a {_CARD} beside {file}, as each model that ships has one. There is none")
    print(card.read_text(encoding="utf-8"), end="")
    return 0
