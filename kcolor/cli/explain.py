"""`kcolor explain`: draws what a colorizer thought of a photo."""

import argparse
import pathlib

from kcolor.cli import arguments
from kcolor.cli.status_line import StatusLine
from kcolor.saving import presets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("photo", metavar="PHOTO")
    parser.add_argument("x", type=float, nargs="?", metavar="X", help="column of a place, from 0 at the left (default: none)")
    parser.add_argument("y", type=float, nargs="?", metavar="Y", help="its row, from 0 at the top")
    parser.add_argument("--radius", type=float, metavar="R", help="half of the place's side in pixels")
    parser.add_argument("--model", default="photo", metavar="NAME", help="see kcolor list models; or a file (default: photo)")
    usual = "PHOTO-explained.png, in this folder"
    parser.add_argument("-o", "--out", type=pathlib.Path, metavar="FILE", help=f".png, .jpg, .svg, … (default: {usual})")
    parser.add_argument("--overwrite", action="store_true", help="replace FILE even if kcolor has not made it")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    arguments.check_files([args.photo])
    if args.x is not None and args.y is None:
        raise ValueError("Expected both X and Y of a place, or neither. Received: X alone")
    out = args.out or pathlib.Path(f"{pathlib.Path(args.photo).stem}-explained.png")
    arguments.check_figure("--out", out)
    arguments.check_ours("--out", out, args.overwrite)
    presets.find(args.model)
    photo = arguments.read_photo(args.photo, args.x, args.y)
    status = StatusLine()
    status.show("loading the colorizer …")
    from kcolor.evaluation.explain import explain
    from kcolor.evaluation.explain_plot import explain_plot
    from kcolor.saving.load import as_colorizer
    from kcolor.utils import figures

    found = explain(as_colorizer(args.model), photo.rgb, args.x, args.y, radius=args.radius)
    figures.save(explain_plot(found), out)
    status.wipe()
    print(out)
    return 0
