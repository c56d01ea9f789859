"""The command ``kcolor``: reads the arguments and runs one of the commands, each of which has a file here."""

import argparse
import gc

import kcolor
from kcolor.cli import card, colorize, curves, demo, evaluate, export, flags, listing, serve, sheet, suggest, train, video
from kcolor.utils import console

# Python looks for garbage after so many new objects. Importing a framework makes a million that all stay; to look through them
# after every 700, as usual, makes the start longer.
_NEW_OBJECTS = 100_000

# By name: modules with HELP, add_arguments(parser) and run(args). They import nothing heavy before they have to.
COMMANDS = {
    "colorize": colorize,
    "serve": serve,
    "suggest": suggest,
    "video": video,
    "sheet": sheet,
    "list": listing,
    "card": card,
    "export": export,
    "demo": demo,
    "train": train,
    "evaluate": evaluate,
    "curves": curves,
}


def main(argv: list[str] | None = None) -> int:
    """Runs ``kcolor COMMAND …``.

    Args:
        argv: List of strings. The arguments; those of this process by default.

    Returns:
        Integer. The exit status.
    """
    args = _parser().parse_args(argv)
    gc.set_threshold(_NEW_OBJECTS)
    return console.status(
        "kcolor",
        lambda: args.run(args),
        args.stopped,
        rephrase=lambda message: flags.in_flags(message, args.parser),
    )


def _parser():
    parser = argparse.ArgumentParser(prog="kcolor", description="Colours grey photographs with Keras 3.")
    parser.add_argument("--version", action="version", version=f"kcolor {kcolor.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        below = commands.add_parser(name, help=command.HELP)
        below.set_defaults(run=command.run, parser=below, stopped="stopped")
        command.add_arguments(below)
    return parser
