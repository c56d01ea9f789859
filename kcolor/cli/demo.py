"""`kcolor demo`: shows what each colour target can do at best."""

import argparse
import pathlib

from kcolor.cli.arguments import check_files, check_ours, check_parent, check_picture

_USUAL = "demo.png"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("photos", nargs="*", type=pathlib.Path, help="pictures to use instead of the samples")
    parser.add_argument(
        "-o", "--out", type=pathlib.Path, metavar="FILE", help=f"the sheet (default: {_USUAL}, made anew each time)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace FILE even if kcolor has not made it")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    check_files(args.photos)
    check_picture("--out", args.out)
    check_parent("--out", args.out)
    out = args.out or pathlib.Path(_USUAL)
    check_ours("--out", out, args.overwrite)
    photos = read_photos(args.photos)
    from kcolor.evaluation.target_demo import demo
    from kcolor.utils.figures import save_picture

    sheet, table = demo(photos or None)
    print(f"{'target':20}{'channels':>9}{'PSNR dB':>9}{'ab distance':>13}{'colourfulness':>15}")
    for name, channels, psnr, ab, color in table:
        print(f"{name:20}{channels:>9}{psnr:>9.1f}{ab:>13.2f}{color:>15.1f}")
    save_picture(sheet, out)
    print(f"Contact sheet: {out}")
    return 0


def read_photos(paths: list[pathlib.Path]) -> list:
    """Reads photos as their photographers saw them: upright, 16 bits as 8, what is transparent on white.

    Args:
        paths: List of paths.

    Returns:
        List of uint8 arrays ``(height, width, 3)``.
    """
    import numpy as np

    from kcolor.images.decoding import decode

    return [np.asarray(decode(path, str(path))) for path in paths]
