"""`kcolor colorize`: colours photographs."""

import argparse
import os
import pathlib

from kcolor.cli.arguments import check_ours, check_parent, check_picture, check_results_folder, hint_of, number, working_size
from kcolor.cli.colorize_progress import Progress
from kcolor.photo_files.colorize_files import each_outcome
from kcolor.photo_files.output_paths import FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.description = (
        "Colours photographs, grey and toned ones. The originals stay as they are. Photos that are in colour and results that "
        "are there already are left alone."
    )
    parser.set_defaults(stopped="stopped. The same command continues")
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help="files, folders, patterns ('*.jpg')")
    parser.add_argument("-o", "--out", metavar="DIR", help="folder for the results (default: beside the photos)")
    parser.add_argument("--model", default="photo", metavar="NAME", help="see kcolor list models; or a file (default: photo)")
    parser.add_argument(
        "--temperature", type=number, metavar="T", help="0 for the likeliest colours, 1 for the calmest (default: the model's)"
    )
    parser.add_argument("--saturation", type=number, default=1.0, metavar="S", help="times the model's colours (default: 1)")
    parser.add_argument(
        "--size", type=working_size, metavar="N", help="shorter side of what the network sees (default: the model's)"
    )
    parser.add_argument("--ensemble", action="store_true", help="average over mirror images and two sizes: 4 × the work")
    parser.add_argument("--keep-tone", action="store_true", help="keep the tone of a sepia print below the new colours")
    parser.add_argument(
        "--hint", action="append", type=hint_of, metavar="X,Y,COLOR[,R]", help="the colour of a place; see docs/hints.md"
    )
    parser.add_argument("--hints", metavar="FILE", help="a file of hints (default: NAME.hints.json beside a photo)")
    parser.add_argument("--reference", metavar="PHOTO", help="a photo in colour: what looks like it gets its colours")
    parser.add_argument("--matches", metavar="FILE", help="with --reference, for one photo: draw what was matched")
    parser.add_argument("--compare", action="store_true", help="write a before | after picture of each, too")
    parser.add_argument(
        "--format", default="keep", choices=("keep", *FORMATS), help="of the result files (default: as the photo)"
    )
    parser.add_argument("--quality", type=int, default=95, metavar="Q", help="of JPEG, WebP and AVIF, 1 to 100 (default: 95)")
    parser.add_argument("--overwrite", action="store_true", help="replace results that are there, and FILE of --matches")
    parser.add_argument("--recursive", action="store_true", help="also the folders below a folder")
    parser.add_argument("--recolor", action="store_true", help="also photos that are in colour already")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at a time, for many cores (default: 1)")
    parser.add_argument(
        "--ray", metavar="ADDRESS", help="a Ray cluster that does the work; photos and DIR may then be addresses (s3://…)"
    )
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    parser.add_argument("--json", action="store_true", help="print one line of JSON for each photo")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status: 1 if a photo could not be coloured.
    """
    if args.hint and args.hints:
        raise ValueError("Expected --hint or --hints. Received both")
    check_results_folder(args.out)
    _check_matches(args)
    progress = Progress(args.parser, quiet=args.quiet, as_json=args.json)
    outcomes = each_outcome(
        args.photos,
        args.out,
        args.model,
        format=args.format,
        quality=args.quality,
        compare=args.compare,
        overwrite=args.overwrite,
        recursive=args.recursive,
        recolor=args.recolor,
        hints=args.hint or args.hints,
        reference=args.reference,
        jobs=args.jobs,
        ray=args.ray,
        size=args.size,
        temperature=args.temperature,
        saturation=args.saturation,
        ensemble=args.ensemble,
        keep_tone=args.keep_tone,
    )
    result = None
    for outcome in outcomes:
        progress(outcome)
        result = outcome.result
    progress.finish()
    if args.matches:  # then there is one photo
        if result is not None and os.path.realpath(args.matches) == os.path.realpath(result):
            raise ValueError(f"Expected --matches as a file of its own. Received: {args.matches!r}, the coloured photo")
        from kcolor.photo_files.hint_files import draw_matches

        draw_matches(args.photos[0], args.reference, args.model, args.matches, size=args.size)
    return 1 if progress.found["failed"] else 0


def _check_matches(args):
    if args.matches and (not args.reference or len(args.photos) != 1 or not pathlib.Path(args.photos[0]).is_file()):
        raise ValueError("Expected --matches with --reference and the file of one photo")
    if args.matches and os.path.realpath(args.matches) in map(os.path.realpath, (args.photos[0], args.reference)):
        raise ValueError(f"Expected --matches as a file of its own. Received: {args.matches!r}, the photo or the reference")
    check_picture("--matches", args.matches and pathlib.Path(args.matches))
    check_parent("--matches", args.matches and pathlib.Path(args.matches))
    check_ours("--matches", args.matches and pathlib.Path(args.matches), args.overwrite)
