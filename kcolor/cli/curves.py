"""`kcolor curves`: draws how trainings went."""

import argparse
import pathlib


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run's folder; several are drawn in one picture")
    parser.add_argument("-o", "--out", type=pathlib.Path, default=pathlib.Path("curves.png"), help="(default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    from kcolor.training.curves import curves
    from kcolor.utils import figures

    if args.out.suffix.lower() not in figures.SUFFIXES:
        raise ValueError(f"Expected --out to end in one of {figures.SUFFIXES}. Received: {str(args.out)!r}")
    figures.save(curves(args.runs), args.out)
    print(f"Curves: {args.out}")
    return 0
