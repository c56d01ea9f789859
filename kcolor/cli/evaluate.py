"""`kcolor evaluate`: measures a colorizer."""

import argparse
import pathlib

from kcolor.cli import arguments
from kcolor.cli.status_line import StatusLine
from kcolor.saving import presets
from kcolor.utils.marks import marked_json
from kcolor.utils.text import counted

_RANGES = ("caffe", "torch", "tf", "0..1", "0..255")  # a test holds them against kcolor.backbones
_OF_HINTS = ("temperature", "saturation")  # options of colouring that may be measured with hints


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.add_argument("model", help="a name (`kcolor list models`), a .keras file, or the folder of a run")
    arguments.add_data(parser, default="its recipe's; an included model needs it")
    parser.add_argument("--video", metavar="FILM", help="measure on a film in colour: true colours, and how still they hold")
    parser.add_argument("--seconds", type=arguments.number, metavar="S", help="of the film, from its beginning (default: all)")
    parser.add_argument("--split", default="test", choices=arguments.SPLITS, help="(default: %(default)s)")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N pictures, chosen by the hash of their names")
    parser.add_argument("--size", type=int, metavar="N", help="crop to N×N from the centre (default: as it was trained)")
    parser.add_argument("--lpips", metavar=("VGG16", "LINEAR"), nargs=2, help="weights files; without them there is no LPIPS")
    parser.add_argument(
        "--recognizer", metavar="FILE", help="a classifier (.keras, or .npz of EfficientNet-Lite): what does it know?"
    )
    parser.add_argument("--recognizer-input", metavar="RANGE", choices=_RANGES, help=f"what it expects: {', '.join(_RANGES)}")
    parser.add_argument("--hints", type=_numbers, metavar="N,N,…", help="with so many hints of the true colours, as 0,1,10,100")
    parser.add_argument("--temperature", type=arguments.number, metavar="T", help="with --hints: as of kcolor colorize")
    parser.add_argument("--saturation", type=arguments.number, metavar="S", help="with --hints: as of kcolor colorize")
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE", help="with --hints: draw the gain by their number")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the results to a file")
    parser.add_argument("--sheet", type=pathlib.Path, metavar="FILE", help="draw the best, median and worst pictures")
    parser.add_argument("--overwrite", action="store_true", help="replace these files even if kcolor has not made them")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    _check(args)
    if args.video is not None:
        return _on_film(args)
    from kcolor.data import ReadCounts
    from kcolor.evaluation.evaluate import evaluate
    from kcolor.evaluation.hint_curve import HintCurve
    from kcolor.utils import figures
    from kcolor.utils.files import write_text

    counts, status = ReadCounts(), StatusLine()
    recognizer = None
    if args.recognizer is not None:
        from kcolor.evaluation import recognizer as recognizers

        recognizer = recognizers.load(args.recognizer, args.recognizer_input)
    result = evaluate(
        args.model,
        args.data,
        data_dir=args.data_dir,
        split=args.split,
        limit=args.limit,
        size=args.size,
        counts=counts,
        lpips_weights=args.lpips,
        hints=args.hints,
        recognizer=recognizer,
        **{name: getattr(args, name) for name in _OF_HINTS if getattr(args, name) is not None},
        progress=lambda number: status.show(counted(number, "picture")),
    )
    status.wipe()
    print(f"{counts.summary()}\n\n{result.table()}")
    if args.json is not None:
        write_text(args.json, marked_json(result.to_json()))
    if args.plot is not None and isinstance(result, HintCurve):
        from kcolor.evaluation.hint_plot import hint_plot

        figures.save(hint_plot({_name(args): result}), args.plot)
        print(f"Plot: {args.plot}")
    if args.sheet is not None and not isinstance(result, HintCurve):
        figures.save_picture(result.sheet(), args.sheet)
        print(f"Contact sheet: {args.sheet}")
    return 0


def _name(args):
    """What a plot calls the colorizer."""
    name = pathlib.Path(args.model).stem
    return ", ".join(
        [name, *(f"{option} {getattr(args, option):g}" for option in _OF_HINTS if getattr(args, option) is not None)]
    )


def _numbers(text):
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected numbers as 0,1,10,100; received {text!r}") from None


def _on_film(args):
    from kcolor.utils.files import write_text
    from kcolor.video import needs

    needs.check()
    from kcolor.video.evaluate_video import evaluate_video

    status = StatusLine()

    def see(number, _):
        status.show(counted(number + 1, "frame"))

    scores = evaluate_video(args.video, args.model, seconds=args.seconds, see=see)
    status.wipe()
    print(f"{scores.frames:,} frames, {scores.scenes:,} scenes\n\n{scores.table()}")
    if args.json is not None:
        write_text(args.json, marked_json(scores.to_json()))
    return 0


def _check(args):
    if args.hints and args.sheet:
        raise ValueError("Expected --hints without --sheet: it draws no pictures")
    if args.recognizer is not None and (args.hints or args.video):
        raise ValueError("Expected --recognizer without --hints and --video")
    if args.recognizer_input is not None and args.recognizer is None:
        raise ValueError("Expected --recognizer beside --recognizer-input. Received the latter alone")
    if args.video is None and args.seconds is not None:
        raise ValueError("Expected --video beside --seconds. Received the latter alone")
    for name in ("data", "data_dir", "limit", "size", "lpips", "hints", "plot", "sheet"):
        if args.video is not None and getattr(args, name) is not None:
            raise ValueError(f"Expected --video without --{name.replace('_', '-')}, which is for pictures")
    for name in ("plot", *_OF_HINTS):
        if getattr(args, name) is not None and not args.hints:
            raise ValueError(f"Expected --hints beside --{name}. Received --{name} without it")
    arguments.check_parent("--json", args.json)
    arguments.check_figure("--plot", args.plot)
    arguments.check_parent("--sheet", args.sheet)
    arguments.check_picture("--sheet", args.sheet)
    for option, file in (("--json", args.json), ("--plot", args.plot), ("--sheet", args.sheet)):
        arguments.check_ours(option, file, args.overwrite)
    arguments.check_data(args.data, args.data_dir)
    arguments.check_positive("--limit", args.limit)
    arguments.check_positive("--size", args.size)
    arguments.check_files([*(args.lpips or ()), *([args.recognizer] if args.recognizer else [])])
    presets.find(args.model)
    if args.video is not None:
        arguments.check_files([args.video])
        if args.seconds is not None and not args.seconds > 0:
            raise ValueError(f"Expected --seconds as more than 0. Received: {args.seconds}")
