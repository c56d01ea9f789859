"""`kcolor train`: trains a colorizer as a recipe says."""

import argparse
import json
import pathlib

from kcolor.cli import arguments
from kcolor.cli.listing import recipe_lines
from kcolor.recipes import shipped
from kcolor.recipes.schema import PRECISIONS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments.

    Args:
        parser: Parser of the command.
    """
    parser.epilog = "\n".join(["recipes:", *(f"  {line}" for line in recipe_lines())])
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.set_defaults(stopped="stopped. The same command continues after the last finished epoch")
    parser.add_argument("recipe", help="a recipe's name, or a TOML file")
    arguments.add_data(parser, default="the recipe's")
    parser.add_argument("--out", metavar="DIR", help="the run's folder (default: runs/RECIPE)")
    parser.add_argument("--set", metavar="K=V", action="append", default=[], help="change the recipe: model.filters=[16,32,64]")
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
    parser.add_argument("--precision", choices=PRECISIONS, help="auto: mixed_bfloat16 where it is fast")
    parser.add_argument("--devices", type=int, default=1, metavar="N", help="share each batch among this many devices")
    machine_help = "this machine's number, from 0, of several that train together, and the address of number 0 (JAX)"
    parser.add_argument("--machine", metavar="K/N@HOST:PORT", help=machine_help)
    parser.add_argument("--tensorboard", action="store_true", help="write logs and pictures to DIR/tensorboard")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Args:
        args: Parsed arguments.

    Returns:
        Integer. The exit status.
    """
    shipped.text(args.recipe)  # raises for what is not there, before Keras is imported
    arguments.check_data(args.data, args.data_dir)
    arguments.check_folder(args.out)
    _check_keeps_recipe(args.recipe, args.out)
    arguments.check_positive("--epochs (train.epochs)", args.epochs)
    arguments.check_positive("--devices", args.devices)
    from kcolor.training.train import train

    changes = [] if args.data_dir is None else [f"data.data_dir={json.dumps(args.data_dir)}"]
    train(
        args.recipe,
        args.data,
        args.out,
        changes=[*changes, *args.set],
        epochs=args.epochs,
        precision=args.precision,
        devices=args.devices,
        machine=args.machine,
        tensorboard=args.tensorboard,
    )
    return 0


def _check_keeps_recipe(recipe, out):
    """Raises ValueError if the run's own recipe.toml would replace the file that it is trained by."""
    folder = pathlib.Path(out or "")
    if out and not any(folder.rglob("target.json")) and pathlib.Path(recipe).resolve() == (folder / "recipe.toml").resolve():
        raise ValueError(f"Expected --out as another folder than that of {recipe}: a run writes a recipe.toml of its own")
