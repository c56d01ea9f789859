"""`kcolor card`: prints what is known of a colorizer."""

import argparse
import pathlib

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
    print(text_of(presets.find(args.model)), end="")
    return 0


def text_of(file: pathlib.Path) -> str:
    """Returns the card of a colorizer, without the block of metadata for model hubs above it.

    Args:
        file: Path of the colorizer.

    Raises:
        ValueError: If it has none.
    """
    card = file.with_name(_CARD)
    if not card.is_file():
        raise ValueError(f"Expected a {_CARD} beside {file}, as each model that ships has one. There is none")
    text = card.read_text(encoding="utf-8", errors="replace")
    return text[text.find("\n# ") + 1 :] if text.startswith("---") else text


def summary(file: pathlib.Path) -> str:
    """Returns the first sentence of a colorizer's card.

    Args:
        file: Path of the colorizer.
    """
    _, paragraph, *_ = text_of(file).split("\n\n")
    return " ".join(paragraph.split()).partition(". ")[0].rstrip(".")
