"""`kcolor sheet`: draws contact sheets of a folder of pictures."""

import argparse
import pathlib

from kcolor.cli.arguments import check_ours, check_picture

_USUAL = "sheet.jpg"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("pictures", nargs="+", metavar="PICTURE", help="files, folders, patterns")
    parser.add_argument("-o", "--out", type=pathlib.Path, metavar="FILE", help=f"(default: {_USUAL}, made anew each time)")
    parser.add_argument("--overwrite", action="store_true", help="replace FILE even if kcolor has not made it")
    parser.add_argument("--beside", metavar="DIR", help="show each beside the picture of the same name in this folder")
    parser.add_argument("--columns", type=int, metavar="N", help="pictures in a row (default: 6; with --beside 3 pairs)")
    parser.add_argument("--height", type=int, default=200, metavar="N", help="of a picture (default: %(default)s)")
    parser.add_argument("--recursive", action="store_true", help="also the folders below a folder")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    from kcolor.photo_files.folder_sheets import folder_sheets
    from kcolor.utils.figures import save_picture

    check_picture("--out", args.out)
    out = args.out or pathlib.Path(_USUAL)
    check_ours("--out", out, args.overwrite)
    columns = args.columns if args.columns is not None else 3 if args.beside else 6
    sheets = folder_sheets(args.pictures, args.beside, columns=columns, height=args.height, recursive=args.recursive)
    for number, sheet in enumerate(sheets, 1):
        file = out if number == 1 else out.with_stem(f"{out.stem}-{number}")
        check_ours("--out", file, args.overwrite)
        save_picture(sheet, file)
        print(f"Contact sheet: {file}")
    return 0
