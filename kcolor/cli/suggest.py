"""`kcolor suggest`: colours that a place of a photo may have."""

import argparse
import dataclasses
import json

from kcolor.cli import arguments
from kcolor.cli.status_line import StatusLine
from kcolor.saving import presets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("photo", metavar="PHOTO")
    parser.add_argument("x", type=float, metavar="X", help="column of the upright photo, from 0 at the left")
    parser.add_argument("y", type=float, metavar="Y", help="row, from 0 at the top")
    parser.add_argument("--count", type=int, default=9, metavar="N", help="the most colours (default: 9)")
    parser.add_argument("--radius", type=float, metavar="R", help="half of the place's side in pixels")
    parser.add_argument("--model", default="photo", metavar="NAME", help="see kcolor list models; or a file (default: photo)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    arguments.check_positive("--count", args.count)
    arguments.check_files([args.photo])
    presets.find(args.model)
    photo = arguments.read_photo(args.photo, args.x, args.y)
    status = StatusLine()
    status.show("loading the colorizer …")
    from kcolor.saving.load import as_colorizer

    found = as_colorizer(args.model).suggest(photo.rgb, args.x, args.y, args.count, radius=args.radius)
    status.wipe()
    if args.json:
        print(json.dumps([dataclasses.asdict(one) for one in found]))
        return 0
    for one in found:
        share = "" if one.share is None else f"  {one.share:6.1%}"
        print(f"{one.color}{share}")
    return 0
