"""`kcolor.train`: trains what a recipe says."""

import contextlib
import dataclasses
import importlib
import pathlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import keras

from kcolor.colorizer.colorizer import Colorizer
from kcolor.recipes.build import absolute_source
from kcolor.recipes.recipe import Given, Recipe
from kcolor.training.phases import PhasedRun
from kcolor.utils.machines import Machine
from kcolor.utils.types import PathLike


def train(
    recipe: Given,
    data: PathLike | Mapping[str, Any] | None = None,
    out: PathLike | None = None,
    *,
    changes: Iterable[str] = (),
    epochs: int | None = None,
    precision: str | None = None,
    devices: int = 1,
    machine: str | None = None,
    tensorboard: bool = False,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int = 1,
    log: Callable[[str], object] = print,
    **sections: Mapping[str, Any],
) -> Colorizer:
    """Trains what a recipe says.

    If the process is killed at any moment, the same call continues after the last finished epoch.

    >>> colorizer = kcolor.train(
    ...     "bins-landscapes", "pictures/", epochs=20, model={"filters": [16, 32]}, optimizer={"learning_rate": 1e-3}
    ... )  # doctest: +SKIP
    >>> kcolor.train("bins-shapes", modle={"filters": [16, 32]})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: Unknown section in the arguments. Expected some of ['data', 'train', ...]. Received: ['modle']

    Args:
        recipe: Name of a recipe that comes with kcolor (see `kcolor.recipes.names`), path of a TOML file, dict of sections, or
            a `kcolor.recipes.Recipe`.
        data: Pictures to train on instead of the recipe's: a folder, a zip, or a name in `kcolor.data.SOURCES`. Or a dict of
            keys of the recipe's section of that name: ``{"source": "pictures/", "size": 64}``.
        out: Path of the run's folder; ``runs/NAME`` by default. In the end it has ``model.keras`` (best by validation),
            ``last.keras``, ``recipe.toml``, ``history.csv``, ``samples/``, and ``state.npz`` to continue from.
        changes: Changes of the recipe as text, ``"section.key=value"`` each.
        epochs: Integer. How many epochs, instead of the recipe's; of a recipe with phases, in each of them.
        precision: Name of a Keras dtype policy, or "auto", instead of the recipe's.
        devices: Integer. How many devices of this machine share each batch.
        machine: Text ``NUMBER/COUNT@HOST:PORT``, where several machines train together, on the JAX backend. Each makes the
            same call with its own number, from 0, and the address of machine 0. They share each batch, and compute the same.
            To continue, all must see `out`.
        tensorboard: Bool. Whether to write logs and pictures for TensorBoard.
        callbacks: Keras callbacks of your own.
        verbose: 0 for silence, 1 for lines of text.
        log: Function that is called with each line of text.
        sections: Changes of the recipe, a dict for each section: ``train={"batch_size": 8}``.

    Returns:
        The best colorizer by validation, loaded from ``model.keras``.

    Raises:
        ValueError: If the recipe or an argument is wrong, or the folder has a run of another recipe.
        BusyError: If another process trains in the folder.
        DivergedError: If the loss is no longer a number.
    """
    if tensorboard:
        _need_tensorboard()
    given = {"epochs": epochs, "precision": precision}
    asked = {"train": {key: value for key, value in given.items() if value is not None}, "data": _data_section(data)}
    loaded = _with_epochs(Recipe.load(recipe, changes, _merged(sections, asked)), epochs)
    name = "recipe" if isinstance(recipe, (Mapping, Recipe)) else pathlib.Path(recipe).stem
    folder = pathlib.Path("runs") / name if out is None else pathlib.Path(out)
    member = None if machine is None else Machine.parse(machine)
    own_folder = contextlib.nullcontext(folder) if member is None else member.folder(folder)
    with own_folder as run_folder:
        run = PhasedRun(
            loaded,
            run_folder,
            name=name,
            devices=devices,
            machine=member,
            tensorboard=tensorboard,
            callbacks=callbacks,
            verbose=verbose,
            log=log,
        )
        if member is not None:
            member.join()
        return run.fit()


def _data_section(data: PathLike | Mapping[str, Any] | None) -> dict[str, Any]:
    """The keys that the argument `data` gives."""
    section = dict(data) if isinstance(data, Mapping) else {"source": data}
    source = section.pop("source", None)
    return section if source is None else {**section, "source": absolute_source(source)}


def _merged(sections: Mapping[str, Any], asked: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The sections given as keywords, and what other arguments ask of them."""
    known = [field.name for field in dataclasses.fields(Recipe)]
    if unknown := sorted(set(sections) - set(known)):
        raise ValueError(f"Unknown section in the arguments. Expected some of {known}. Received: {unknown}")
    merged = dict(sections)
    for name, keys in asked.items():
        if keys:
            merged[name] = {**merged.get(name, {}), **keys}
    return merged


def _with_epochs(recipe: Recipe, epochs: int | None) -> Recipe:
    """The recipe, with this number of epochs in each of its phases."""
    if recipe.phases is None or epochs is None:
        return recipe
    phases = {name: [*changes, f"train.epochs={epochs}"] for name, changes in recipe.phases.items()}
    return dataclasses.replace(recipe, phases=phases)


def _need_tensorboard() -> None:
    """Raises ImportError without TensorBoard. Keras itself would say so only after the first epoch."""
    try:
        importlib.import_module("tensorboard")
        importlib.import_module("tensorflow")
    except ImportError as error:
        raise ImportError(
            f"{error.name} is not installed; logs for TensorBoard need it. Install it with: pip install tensorboard"
        ) from None
