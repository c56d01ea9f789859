"""The command ``kcolor``: reads the arguments and runs one of the commands, each of which has a file here."""

import gc
import importlib
import sys
from types import ModuleType

import kcolor
from kcolor.cli import flags
from kcolor.utils import console
from kcolor.utils.argument_parser import Parser, did_you_mean

# Python looks for garbage after so many new objects. Importing a framework makes a million that all stay; to look through them
# after every 700, as usual, makes the start longer.
_NEW_OBJECTS = 100_000

# What is said of each command. Its module has add_arguments(parser) and run(args). It is imported only if the command is
# asked for, so help is there at once.
COMMANDS = {
    "colorize": "colour photographs: files, folders, patterns; the same command continues with what is not done",
    "serve": "open a page in the browser on which photographs are coloured",
    "suggest": "say which colours a place of a photo may have, the likeliest first",
    "explain": "draw what a colorizer thought of a photo: how sure it was, of which colours, and what settings change",
    "video": "colour films, in colours that hold still; the same command continues a run that was killed",
    "sheet": "draw a contact sheet of a folder of pictures",
    "list": "print the models and recipes that ship with kcolor",
    "card": "print a model's card: what it was trained on, its terms, its results and its faults",
    "export": "write a colorizer for other programs: SavedModel, ONNX, LiteRT, Keras",
    "demo": "send sample photos through every colour target and draw a contact sheet",
    "train": "train a colorizer as a recipe says; the same command continues a run that was stopped",
    "evaluate": "measure a colorizer beside the grey picture and the best possible",
    "curves": "draw how trainings went, or go: losses and metrics over their epochs",
}
_MODULES = {"list": "listing"}  # those that are not called as their command


def module_of(name: str) -> ModuleType:
    """Returns the module of a command.

    >>> module_of("list").__name__
    'kcolor.cli.listing'

    Args:
        name: String. One of `COMMANDS`.
    """
    return importlib.import_module(f"kcolor.cli.{_MODULES.get(name, name)}")


def main(argv: list[str] | None = None) -> int:
    """Runs ``kcolor COMMAND …``.

    Args:
        argv: List of strings. The arguments; those of this process by default.

    Returns:
        Integer. The exit status.
    """
    console.print_anything()
    argv = sys.argv[1:] if argv is None else argv
    try:
        args = _parsed(argv)
    except KeyboardInterrupt:  # while modules are imported
        print("\nkcolor: stopped", file=sys.stderr)
        return 130
    if args is None:
        return 2
    gc.set_threshold(_NEW_OBJECTS)
    return console.status(
        "kcolor",
        lambda: args.run(args),
        args.stopped,
        rephrase=lambda message: flags.in_flags(message, args.parser),
    )


def _parsed(argv):
    """The arguments, or None if there were none and help was printed."""
    parser = _parser(argv)
    if not argv:
        parser.print_help(sys.stderr)
        return None
    args, unknown = parser.parse_known_args(argv)
    args.parser.refuse(argv, unknown)
    return args


def _parser(argv):
    parser = Parser(prog="kcolor", description="Colours grey photographs with Keras 3.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"kcolor {kcolor.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = next((one for one in argv if not one.startswith("-")), None)
    if asked is not None and asked not in COMMANDS:
        meant = did_you_mean(asked, COMMANDS)
        parser.error(f"there is no command {asked!r}{meant}{' ' if meant else '. '}There are: {', '.join(COMMANDS)}")
    for name, help in COMMANDS.items():
        about = f"{help[0].upper()}{help[1:]}."
        below = commands.add_parser(name, help=help, description=about, allow_abbrev=False)
        if name == asked:
            command = module_of(name)
            below.set_defaults(run=command.run, parser=below, stopped="stopped")
            command.add_arguments(below)
    return parser
