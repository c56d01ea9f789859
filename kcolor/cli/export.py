"""`kcolor export`: writes a colorizer for other programs."""

import argparse

from kcolor.cli import arguments
from kcolor.cli.status_line import StatusLine
from kcolor.exporting import formats
from kcolor.saving import presets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("model", help="a name (`kcolor list models`), a .keras file, or the folder of a run")
    parser.add_argument("--format", default="savedmodel", choices=formats.SUFFIXES, help="(default: %(default)s)")
    parser.add_argument("-o", "--out", metavar="PATH", help="(default: named after the model, in this folder)")
    parser.add_argument("--float16", action="store_true", help="keep weights in half precision: half the size")
    parser.add_argument("--size", type=arguments.size, metavar="N|HxW|any", help="of the photos (default: any)")
    parser.add_argument("--hints", type=int, metavar="N", help="a graph that takes up to N hints, too (savedmodel, onnx)")
    parser.add_argument("--overwrite", action="store_true", help="replace what is there")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    presets.find(args.model)  # raises for what is not there, before Keras is imported
    out = formats.destination(args.model, args.format, args.out, args.overwrite, args.hints is not None)
    from kcolor.exporting.export import export

    options = {name: getattr(args, name) for name in ("float16", "size", "hints", "overwrite")}
    status = StatusLine()
    status.show("loading the colorizer and writing its graph …")
    path = export(args.model, args.format, out, **options)
    status.wipe()
    for file in formats.written(path, args.format, args.hints is not None):
        print(f"{file}  {formats.size_on_disk(file) / 1e6:.1f} MB")
    return 0
