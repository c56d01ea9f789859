"""The command line: library functions with arguments around them."""

import argparse
import json
import pathlib
import sys

import kcolor
from kcolor.cli import colorize_progress
from kcolor.exporting.export import FORMATS as EXPORTED
from kcolor.exporting.export import size_on_disk, written
from kcolor.photo_files.folder_sheet import sheet_of
from kcolor.photo_files.read_write import FORMATS
from kcolor.recipes import shipped
from kcolor.recipes.schema import PRECISIONS
from kcolor.saving import presets
from kcolor.training.curves import curves
from kcolor.utils import console, figures
from kcolor.utils.files import write_text, write_whole


def main(argv: list[str] | None = None) -> int:
    """Runs ``kcolor COMMAND …``; returns the exit status."""
    args = _parser().parse_args(argv)
    return console.status("kcolor", lambda: args.run(args), args.stopped)


def _parser():
    parser = argparse.ArgumentParser(prog="kcolor", description="Colours grey photographs with Keras 3.")
    parser.set_defaults(stopped="stopped")
    parser.add_argument("--version", action="version", version=f"kcolor {kcolor.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    colorize = commands.add_parser(
        "colorize",
        help="colour photographs: files, folders, patterns; the same command goes on with what is not done",
        description="Colours photographs. The originals stay as they are; a result that is there already is left alone.",
    )
    colorize.add_argument("photos", nargs="+", metavar="PHOTO", help="files, folders, patterns ('*.jpg')")
    colorize.add_argument("-o", "--out", metavar="DIR", help="folder of the results (default: beside the photos)")
    colorize.add_argument("--model", default="photo", metavar="NAME", help="see kcolor list models; or a file (default: photo)")
    colorize.add_argument("--temperature", type=float, metavar="T", help="0 the likeliest colours, 1 the calmest")
    colorize.add_argument("--saturation", type=float, default=1.0, metavar="S", help="colours so many times as strong")
    colorize.add_argument("--size", type=int, metavar="N", help="shorter side of what the network sees (default: the model's)")
    colorize.add_argument("--ensemble", action="store_true", help="average over mirror images and two sizes: 4 × the work")
    colorize.add_argument("--keep-tone", action="store_true", help="leave the tone of sepia and the like below the new colours")
    colorize.add_argument("--compare", action="store_true", help="write a before | after picture of each, too")
    colorize.add_argument("--format", default="keep", choices=("keep", *FORMATS), help="of the results (default: as the photo)")
    colorize.add_argument("--quality", type=int, default=95, metavar="Q", help="of JPEG and WebP, 1 to 100 (default: 95)")
    colorize.add_argument("--overwrite", action="store_true", help="replace results that are there")
    colorize.add_argument("--recursive", action="store_true", help="also the folders below a folder")
    colorize.add_argument("--quiet", action="store_true", help="say only what went wrong")
    colorize.add_argument("--json", action="store_true", help="say it as one line of JSON for each photo")
    colorize.set_defaults(run=_colorize, stopped="stopped. The same command goes on")

    sheet = commands.add_parser("sheet", help="a contact sheet of a folder of pictures")
    sheet.add_argument("pictures", nargs="+", metavar="PICTURE", help="files, folders, patterns")
    sheet.add_argument("-o", "--out", type=pathlib.Path, default=pathlib.Path("sheet.jpg"), help="(default: %(default)s)")
    sheet.add_argument("--beside", metavar="DIR", help="show each beside the picture of the same name in this folder")
    sheet.add_argument("--columns", type=int, default=6, metavar="N", help="(default: %(default)s)")
    sheet.add_argument("--height", type=int, default=200, metavar="N", help="of a picture (default: %(default)s)")
    sheet.add_argument("--recursive", action="store_true", help="also the folders below a folder")
    sheet.set_defaults(run=_sheet)

    listing = commands.add_parser("list", help="what comes with kcolor")
    listing.add_argument("what", choices=("models", "recipes"))
    listing.set_defaults(run=_list)

    export = commands.add_parser("export", help="a colorizer as a file for other programs: SavedModel, ONNX, LiteRT, Keras")
    export.add_argument("model", help="a name (`kcolor list models`), a .keras file, or the folder of a run")
    export.add_argument("--format", default="savedmodel", choices=EXPORTED, help="(default: %(default)s)")
    export.add_argument("-o", "--out", metavar="PATH", help="(default: after the model, in this folder)")
    export.add_argument("--float16", action="store_true", help="keep weights in half precision: half the size")
    export.add_argument("--size", type=_size, metavar="N|HxW|any", help="of the photos (default: any)")
    export.add_argument("--overwrite", action="store_true", help="replace what is there")
    export.set_defaults(run=_export)

    demo = commands.add_parser("demo", help="send sample photos through every colour target and draw a contact sheet")
    demo.add_argument("photos", nargs="*", type=pathlib.Path, help="pictures to use instead of the samples")
    demo.add_argument("--out", type=pathlib.Path, default=pathlib.Path("demo.png"), help="the sheet (default: %(default)s)")
    demo.set_defaults(run=_demo)

    listed = "\n".join(f"  {name:22}{shipped.summary(name)}" for name in shipped.names())
    train = commands.add_parser(
        "train",
        help="train a colorizer as a recipe says; the same command goes on with a run that was stopped",
        epilog=f"recipes:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    train.add_argument("recipe", help="a recipe's name, or a TOML file")
    train.add_argument("--data", metavar="PATH", help="a folder of pictures, a zip of one, or tfds:NAME")
    train.add_argument("--data-dir", metavar="DIR", help="where TensorFlow Datasets keeps its sets")
    train.add_argument("--out", metavar="DIR", help="the run's folder (default: runs/RECIPE)")
    train.add_argument("--set", metavar="K=V", action="append", default=[], help="change the recipe: model.filters=[16,32,64]")
    train.add_argument("--epochs", type=int, metavar="N")
    train.add_argument("--precision", choices=PRECISIONS, help="auto: mixed_bfloat16 where it is fast")
    train.add_argument("--devices", type=int, default=1, metavar="N", help="share each batch among so many devices")
    train.add_argument("--tensorboard", action="store_true", help="write logs and pictures to DIR/tensorboard")
    train.set_defaults(run=_train, stopped="stopped. The same command goes on after the last finished epoch")

    evaluate = commands.add_parser("evaluate", help="a colorizer's figures, beside the grey picture's and the best possible")
    evaluate.add_argument("model", help="a name (`kcolor list models`), a .keras file, or the folder of a run")
    evaluate.add_argument("--data", metavar="PATH", help="a folder, a zip, or tfds:NAME (default: what it was trained on)")
    evaluate.add_argument("--data-dir", metavar="DIR", help="where TensorFlow Datasets keeps its sets")
    evaluate.add_argument("--split", default="test", choices=("train", "val", "test", "all"))
    evaluate.add_argument("--limit", type=int, metavar="N", help="so many pictures, chosen by the hash of their names")
    evaluate.add_argument("--size", type=int, metavar="N", help="cut to N×N from the centre (default: as it was trained)")
    evaluate.add_argument("--lpips", metavar=("VGG16", "LINEAR"), nargs=2, help="weights files; LPIPS is left out without")
    evaluate.add_argument("--json", type=pathlib.Path, metavar="FILE")
    evaluate.add_argument("--sheet", type=pathlib.Path, metavar="FILE", help="best, median and worst pictures")
    evaluate.set_defaults(run=_evaluate)

    curves = commands.add_parser("curves", help="draw how trainings went, or go: losses and metrics over their epochs")
    curves.add_argument("runs", nargs="+", metavar="RUN", help="a run's folder; several are drawn in one picture")
    curves.add_argument("-o", "--out", type=pathlib.Path, default=pathlib.Path("curves.png"), help="(default: %(default)s)")
    curves.set_defaults(run=_curves)
    return parser


def _colorize(args):
    ours = ("command", "run", "stopped", "photos", "quiet", "json")
    options = {key: value for key, value in vars(args).items() if key not in ours}
    report = colorize_progress.Album(quiet=args.quiet, as_json=args.json)
    outcomes = kcolor.colorize_files(args.photos, report=report, **options)
    report.finish(outcomes)
    return 1 if any(outcome.status == "failed" for outcome in outcomes) else 0


def _sheet(args):
    _check_picture("--out", args.out)
    sheet = sheet_of(args.pictures, args.beside, columns=args.columns, height=args.height, recursive=args.recursive)
    write_whole(args.out, sheet.save)
    print(f"Contact sheet: {args.out}")
    return 0


def _list(args):
    if args.what == "recipes":
        lines = [f"{name:22}{shipped.summary(name)}" for name in shipped.names()]
    else:
        lines = [f"{name:22}{presets.find(name)}" for name in presets.names()]
    print("\n".join(lines) or "None. Train one: kcolor train --help")
    return 0


def _size(text):
    if text == "any":
        return None
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) > 2 or not all(side.isdecimal() and int(side) for side in sides):
        raise argparse.ArgumentTypeError(f"expected any, 512, or 480x640 (height × width); received {text!r}")
    return int(sides[0]), int(sides[-1])


def _export(args):
    options = {key: getattr(args, key) for key in ("format", "out", "float16", "size", "overwrite")}
    path = kcolor.export(args.model, **options)
    for file in written(path, args.format):
        print(f"{file}  {size_on_disk(file) / 1e6:.1f} MB")
    return 0


def _train(args):
    options = {key: getattr(args, key) for key in ("data", "out", "epochs", "precision", "devices", "tensorboard")}
    changes = [] if args.data_dir is None else [f"data.data_dir={json.dumps(args.data_dir)}"]
    kcolor.train(args.recipe, changes=[*changes, *args.set], **options)
    return 0


def _evaluate(args):
    for path in (args.json, args.sheet):
        if path is not None and not path.parent.is_dir():
            raise ValueError(f"Expected a folder that is there. Received: {path.parent}")
    if args.sheet is not None:
        _check_picture("--sheet", args.sheet)
    options = {key: getattr(args, key) for key in ("data", "data_dir", "split", "limit", "size")}
    counts = kcolor.data.ReadCounts()
    result = kcolor.evaluate(args.model, **options, lpips_weights=args.lpips, counts=counts, progress=_count)
    print(f"{counts.summary()}\n\n{result.table()}")
    if args.json is not None:
        write_text(args.json, json.dumps(result.to_json(), indent=1) + "\n")
    if args.sheet is not None:
        write_whole(args.sheet, result.sheet().save)
        print(f"Contact sheet: {args.sheet}")
    return 0


def _curves(args):
    figures.save(curves(args.runs), args.out)
    print(f"Curves: {args.out}")
    return 0


def _count(number):
    """On a terminal, how many pictures are done."""
    if sys.stderr.isatty():
        print(f"\r{number:,} pictures ", end="", file=sys.stderr, flush=True)


def _demo(args):
    from kcolor.evaluation.target_demo import demo

    _check_picture("--out", args.out)
    sheet, table = demo([_read(path) for path in args.photos] or None)
    print(f"{'target':20}{'channels':>9}{'PSNR dB':>9}{'ab distance':>13}{'colourfulness':>15}")
    for name, channels, psnr, ab, color in table:
        print(f"{name:20}{channels:>9}{psnr:>9.1f}{ab:>13.2f}{color:>15.1f}")
    write_whole(args.out, sheet.save)
    print(f"Contact sheet: {args.out}")
    return 0


def _check_picture(option, path):
    from PIL import Image  # Pillow's file formats are not wanted by `kcolor --help`

    if path.suffix.lower() not in Image.registered_extensions():
        raise ValueError(f"Expected {option} as a picture, for instance demo.png. Received: {str(path)!r}")


def _read(path):
    import numpy as np
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))
