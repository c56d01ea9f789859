"""`kcolor curves`: draws how trainings went."""

import argparse
import pathlib

from kcolor.cli import arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run's folder; several are drawn in one picture")
    usual = pathlib.Path("curves.png")
    parser.add_argument("-o", "--out", type=pathlib.Path, default=usual, metavar="FILE", help=f"(default: {usual})")
    parser.add_argument("--overwrite", action="store_true", help="replace FILE even if kcolor has not made it")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    arguments.check_figure("--out", args.out)
    arguments.check_ours("--out", args.out, args.overwrite)
    from kcolor.training.curves import curves
    from kcolor.utils import figures

    figures.save(curves(args.runs), args.out)
    print(f"Curves: {args.out}")
    return 0
