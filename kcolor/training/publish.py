"""Publishes a finished run as a colorizer that ships: ``python -m kcolor.training.publish runs/photo saved_models/photo``."""

import argparse
import hashlib
import pathlib
import shutil
import sys
import tempfile

from kcolor.colorizer.colorizer import Colorizer
from kcolor.data.sources import is_name
from kcolor.models.hint_branch import freeze_hints
from kcolor.recipes.recipe import Recipe
from kcolor.recipes.toml import toml_value
from kcolor.saving.float16 import convert_file_to_float16
from kcolor.saving.load import load
from kcolor.utils import console
from kcolor.utils.files import make_folder, write_text, write_whole
from kcolor.utils.types import PathLike

_PATHS = (  # what of a recipe may be a path of the machine that it ran on
    ("data", "source"),
    ("data", "data_dir"),
    ("data", "cache"),
    ("train", "start"),
    ("model", "weights"),
    ("guide", "model"),
    ("loss", "weights"),
)


def publish(
    run: PathLike,
    folder: PathLike,
    temperature: float | None = None,
    saturation: float = 1.0,
    tint: float = 1.0,
    agreement: bool = False,
    smooth_grain: bool = False,
) -> pathlib.Path:
    """Writes ``model.keras`` with its kernels in half precision, ``recipe.toml``, ``history.csv`` and ``SHA256SUMS``.

    The recipe loses what is of this machine alone: of paths the last part stays.

    Args:
        run: Path of a finished run's folder.
        folder: Path of the folder to write to, for instance ``saved_models/photo``. It is made if it is missing.
        temperature: Float. Of a target of bins, instead of the run's (see ``python -m benchmarks.vividness``).
        saturation: Float. Factor on the predicted chroma.
        tint: Float. How much of each picture's mean colour stays, see `kcolor.Colorizer`.
        agreement: Boolean. Whether like places agree on a colour, see `kcolor.Colorizer`.
        smooth_grain: Boolean. Whether the network sees photos without their grain, even if it was trained with it.

    Returns:
        Path of the model.
    """
    run, folder = pathlib.Path(run), make_folder(folder)
    model = folder / "model.keras"
    with tempfile.TemporaryDirectory() as temporary:
        final = pathlib.Path(temporary) / "final.keras"
        colorizer = load(run)
        settings = {"saturation": saturation, "tint": tint, "agreement": agreement}
        settings["smooth_grain"] = smooth_grain or colorizer.smooth_grain
        _finished(colorizer, temperature, **settings).save(final)
        write_whole(model, lambda half: convert_file_to_float16(final, half))
    write_text(folder / "recipe.toml", _portable(Recipe.load(run / "recipe.toml")).to_toml())
    write_whole(folder / "history.csv", lambda half: shutil.copyfile(run / "history.csv", half))
    names = ("history.csv", "model.keras", "recipe.toml")
    sums = "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    write_text(folder / "SHA256SUMS", sums)
    return model


def _portable(recipe: Recipe) -> Recipe:
    """The recipe without the folders of this machine."""
    sections = recipe.to_dict()
    given = {f"{section}.{key}": sections.get(section, {}).get(key) for section, key in _PATHS}
    changes = {key: pathlib.PurePath(path).name for key, path in given.items() if isinstance(path, str) and not is_name(path)}
    return Recipe.load(recipe, [f"{key}={toml_value(name)}" for key, name in changes.items()])


def _finished(colorizer: Colorizer, temperature: float | None, **settings: float) -> Colorizer:
    target = colorizer.target
    if colorizer.forward_pass.uses_hints:
        freeze_hints(colorizer.network)  # who trains it further means its colours
    if temperature is not None:
        target = target.with_temperature(temperature)
    return colorizer.for_inference(target, **settings)


def main(argv: list[str] | None = None) -> int:
    """Publishes a run; returns the exit status."""
    about = "Publishes a finished run as a colorizer that ships: half precision, recipe, history, check sums."
    parser = argparse.ArgumentParser(prog="python -m kcolor.training.publish", description=about)
    parser.add_argument("run", type=pathlib.Path, help="the folder of a finished run")
    parser.add_argument("folder", type=pathlib.Path, help="where it goes, for instance saved_models/photo")
    parser.add_argument("--temperature", type=float, metavar="T", help="of a target of bins, instead of the run's")
    parser.add_argument("--saturation", type=float, default=1.0, metavar="S", help="colours this many times as strong")
    parser.add_argument("--tint", type=float, default=1.0, metavar="T", help="share of a picture's mean colour that stays")
    parser.add_argument("--agreement", action="store_true", help="like places agree on a colour (a target of bins)")
    parser.add_argument("--smooth-grain", action="store_true", help="the network sees photos without their grain")
    args = parser.parse_args(argv)
    return console.status("kcolor.training.publish", lambda: print(publish(**vars(args))) or 0)


if __name__ == "__main__":
    sys.exit(main())
