"""`kcolor sheet`: draws contact sheets of a folder of pictures."""

import argparse
import pathlib

from kcolor.cli.arguments import check_picture


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("pictures", nargs="+", metavar="PICTURE", help="files, folders, patterns")
    parser.add_argument("-o", "--out", type=pathlib.Path, default=pathlib.Path("sheet.jpg"), help="(default: %(default)s)")
    parser.add_argument("--beside", metavar="DIR", help="show each beside the picture of the same name in this folder")
    parser.add_argument("--columns", type=int, default=6, metavar="N", help="(default: %(default)s)")
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
    from kcolor.utils.files import write_whole

    check_picture("--out", args.out)
    sheets = folder_sheets(args.pictures, args.beside, columns=args.columns, height=args.height, recursive=args.recursive)
    for number, sheet in enumerate(sheets, 1):
        file = args.out if number == 1 else args.out.with_stem(f"{args.out.stem}-{number}")
        write_whole(file, sheet.save)
        print(f"Contact sheet: {file}")
    return 0
