"""The command line: library functions with arguments around them."""

import argparse
import pathlib
import sys

import kcolor


def main(argv: list[str] | None = None) -> int:
    """Runs ``kcolor COMMAND …``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="kcolor", description="Colours grey photographs with Keras 3.")
    parser.add_argument("--version", action="version", version=f"kcolor {kcolor.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    demo = commands.add_parser("demo", help="send sample photos through every colour target and draw a contact sheet")
    demo.add_argument("photos", nargs="*", type=pathlib.Path, help="pictures to use instead of the samples")
    demo.add_argument("--out", type=pathlib.Path, default=pathlib.Path("demo.png"), help="the sheet (default: %(default)s)")
    args = parser.parse_args(argv)
    try:
        return _demo(args.photos, args.out)
    except (OSError, ValueError) as error:
        print(f"kcolor: {error}", file=sys.stderr)
        return 1


def _demo(paths, out):
    from PIL import Image  # Pillow's file formats are not wanted by `kcolor --help`

    from kcolor.demo import demo

    formats = Image.registered_extensions()
    if out.suffix.lower() not in formats:
        raise ValueError(f"Expected --out as a picture, for instance demo.png. Received: {str(out)!r}")
    sheet, table = demo([_read(path) for path in paths] or None)
    print(f"{'target':20}{'channels':>9}{'PSNR dB':>9}{'ab distance':>13}{'colourfulness':>15}")
    for name, channels, psnr, ab, color in table:
        print(f"{name:20}{channels:>9}{psnr:>9.1f}{ab:>13.2f}{color:>15.1f}")
    half = out.with_name(f".{out.name}.half")
    sheet.save(half, format=formats[out.suffix.lower()])
    half.replace(out)
    print(f"Contact sheet: {out}")
    return 0


def _read(path):
    import numpy as np
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))
