"""`kcolor video`: colours films."""

import argparse
import os
import pathlib
from typing import Any

from kcolor.cli import arguments
from kcolor.cli.video_progress import VideoLine
from kcolor.utils.console import in_words
from kcolor.utils.files import HOPELESS, from_home
from kcolor.video import codecs
from kcolor.video.colorize_video import colorize_video, named, result_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.description = (
        "Colours films, or folders of still pictures. Light, sound, subtitles and time stay as they are. Scenes that are in "
        "colour are left alone. It needs PyAV and OpenCV: pip install av opencv-python-headless"
    )
    parser.set_defaults(stopped="stopped. The same command continues")
    parser.add_argument("films", nargs="+", metavar="FILM", help="files, or folders of still pictures")
    parser.add_argument("-o", "--out", metavar="OUT", help="a file for one film, else a folder (default: beside the film)")
    parser.add_argument("--model", default="photo", metavar="NAME", help="see kcolor list models; or a file (default: photo)")
    parser.add_argument("--codec", choices=sorted(codecs.CODECS), help="png is a folder of pictures (default: h264)")
    parser.add_argument("--crf", type=int, metavar="N", help="quality, 0 to 51: the lower, the better (default: the codec's)")
    parser.add_argument(
        "--saturation", type=arguments.number, default=1.0, metavar="S", help="factor on the colours (default: 1)"
    )
    parser.add_argument(
        "--temperature", type=arguments.number, metavar="T", help="0 for the likeliest colours, 1 for the calmest"
    )
    parser.add_argument("--hints", metavar="FILE", help="a JSON file of hints, each in a frame: see docs/video.md")
    parser.add_argument("--reference", metavar="PHOTO", help="a photo in colour: what looks like it gets its colours")
    parser.add_argument("--key-frames", type=int, default=10, metavar="N", help="look at every Nth frame (default: 10)")
    parser.add_argument("--preview", type=arguments.number, metavar="SECONDS", help="colour the beginning only")
    parser.add_argument("--deinterlace", action="store_true", help="make whole pictures of an interlaced film's frames")
    parser.add_argument("--recolor", action="store_true", help="also scenes that are in colour already")
    parser.add_argument("--overwrite", action="store_true", help="replace results that are there")
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    parser.add_argument("--json", action="store_true", help="print one line of JSON for each film")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status: 1 if a film could not be coloured, or not all of it.
    """
    line = VideoLine(args.parser, quiet=args.quiet, as_json=args.json)
    options: dict[str, Any] = {
        name: getattr(args, name)
        for name in (
            *("codec", "crf", "key_frames", "saturation", "temperature", "hints", "reference"),
            *("preview", "deinterlace", "recolor", "overwrite"),
        )
    }
    model: Any = args.model
    worst = 0
    films: dict[str, str] = {}  # by their results
    for film in args.films:
        try:
            out = _out(args, film)
            _check_apart(film, out, films)
            outcome = colorize_video(film, out, model, progress=line, **options)
        except (ValueError, OSError) as error:
            if len(args.films) == 1 or (isinstance(error, OSError) and error.errno in HOPELESS):
                raise
            line.failed(film, in_words(error))
            worst = 1
            continue
        finally:
            line.wipe()
        line.finish(outcome)
        worst = max(worst, int(outcome.status == "damaged"))
    return worst


def _check_apart(film: str, out: str, films: dict[str, str]) -> None:
    """Raises ValueError if another film has the same result. Adds this one to them."""
    first = films.setdefault(os.path.realpath(out).casefold(), film)
    if os.path.realpath(first) != os.path.realpath(film):
        why = f"{film}, which becomes {out}, as {first} does"
        raise ValueError(f"Expected films with results of their own. Received: {why}. Colour them apart")


def _out(args: argparse.Namespace, film: str) -> str:
    """Where one film's result belongs: a file for one film, else in a folder."""
    path = named(from_home(film))
    codec = codecs.find(args.codec or ("png" if path.is_dir() else "h264"))
    if args.out is None:
        return str(result_of(path, None, codec))
    out = pathlib.Path(args.out)
    is_file = out.suffix.lower() in codecs.SUFFIXES
    if len(args.films) == 1 and (is_file or codec.suffixes == ("",)):
        return args.out
    if is_file:
        raise ValueError(f"Expected --out as a folder for {len(args.films)} films. Received: {args.out!r}")
    if len(args.films) == 1 and out.suffix and not out.is_dir():
        codecs.check_suffix(codec, out)
    arguments.check_folder(args.out)
    name = path.name if path.is_dir() else path.stem
    return str(out / (name + codecs.suffix_for(codec, path)))
