"""Colours files of photographs. Everything is decided here before Keras is imported."""

import dataclasses
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kcolor.colorizer.options import Options
from kcolor.hints.files import PhotoHints
from kcolor.hints.hint import AnyHint
from kcolor.photo_files import output_paths
from kcolor.photo_files.hint_files import hints_of, read_reference
from kcolor.photo_files.outcome import Outcome
from kcolor.saving import presets
from kcolor.utils.files import make_folder, sweep_leftovers
from kcolor.utils.types import PathLike

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer


def colorize_files(
    photos: PathLike | Iterable[PathLike],
    out: PathLike | None = None,
    model: "PathLike | Colorizer" = "photo",
    *,
    format: str = "keep",
    quality: int = 95,
    compare: bool = False,
    overwrite: bool = False,
    recursive: bool = False,
    recolor: bool = False,
    hints: PathLike | Iterable[AnyHint] | None = None,
    reference: PathLike | None = None,
    progress: Callable[[Outcome], object] | None = None,
    **options: Any,
) -> list[Outcome]:
    """Colours files of photographs. Called again, it continues with those that are not done.

    Photos that are in colour already are left alone, and nothing is written for them. Toned ones (sepia) are coloured.

    Nothing is printed: what happens is in the list that is returned, and goes to `progress` at once. To see it, pass
    ``progress=print``.

    >>> kcolor.colorize_files([tmp_path / "beach.jpg"])
    Traceback (most recent call last):
    ...
    ValueError: Expected photos, folders or patterns. ...

    Args:
        photos: Path of a file or folder, or a pattern such as ``"album/*.jpg"``, or several of these.
        out: Path of the folder for the results, in which folders keep their tree. By default a result lies beside its photo,
            as ``NAME-coloured.jpg``, and the results of a folder beside that, in ``FOLDER-coloured/``.
        model: Name of a colorizer that ships with kcolor (see `kcolor.presets`), a ``.keras`` file, the folder of a run, or
            a `kcolor.Colorizer`.
        format: String. "keep" for each photo's own format, or "jpg", "png", "tiff" or "webp".
        quality: Integer from 1 to 100. Quality of JPEG, WebP and AVIF files.
        compare: Boolean. Whether to write a before | after picture of each photo as well.
        overwrite: Boolean. Whether to replace results that are there. Photos are never replaced.
        recursive: Boolean. Whether to look into the folders below a folder.
        recolor: Boolean. Whether to colour also photos that are in colour already, as if they were grey.
        hints: Path of a file of hints (see `kcolor.hints.read`), or hints for one photo. Those in a file ``NAME.hints.json``
            beside a photo are found by themselves.
        reference: Path of a photo in colour: what looks like it gets its colours.
        progress: Function that is called with each `Outcome` as soon as it is known.
        options: Options of `kcolor.Colorizer.colorize`: `size`, `temperature`, `saturation`, `ensemble`, `keep_tone`.

    Returns:
        List with an `Outcome` for each photo. A photo that fails does not stop the others: look for the status "failed". That
        of a photo in colour is "in color". A photo that seems to lie on its side is coloured, and its outcome says so.

    Raises:
        ValueError: If an argument is wrong, if there are no photos, or if there is no such model.
        OSError: If the folder for the results cannot be written to, or the disk is full.
    """
    if format != "keep" and format not in output_paths.FORMATS:
        raise ValueError(f"Expected `format` as keep or one of {sorted(output_paths.FORMATS)}. Received: {format!r}")
    if not 1 <= quality <= 100:
        raise ValueError(f"Expected `quality` in 1 to 100. Received: {quality!r}")
    Options(**options)  # raises for wrong ones
    photos = [photos] if isinstance(photos, (str, os.PathLike)) else photos
    jobs = output_paths.plan(photos, out, format=format, recursive=recursive, compare=compare)
    given = hints_of([job.photo for job in jobs], hints)
    colors = None if reference is None else read_reference(reference)
    colorizer = presets.find(model) if isinstance(model, (str, os.PathLike)) else model
    outcomes: list[Outcome] = []
    for outcome in _outcomes(jobs, colorizer, quality, overwrite, recolor, options, given, colors):
        outcomes.append(dataclasses.replace(outcome, number=len(outcomes) + 1, total=len(jobs)))
        if progress is not None:
            progress(outcomes[-1])
    return outcomes


def _outcomes(
    jobs: list[output_paths.Job],
    colorizer: "pathlib.Path | Colorizer",
    quality: int,
    overwrite: bool,
    recolor: bool,
    options: dict[str, Any],
    hints: dict[pathlib.Path, PhotoHints | str],
    reference: Any,
) -> Iterator[Outcome]:
    """Yields the outcomes of photos with which nothing is to be done, then of the others as they get done."""
    todo = []
    for job in jobs:
        missing = [file for file in job.files if overwrite or not file.exists()]
        if job.refused:
            yield Outcome(job.photo, "failed", reason=job.refused)
        elif not missing:
            yield Outcome(job.photo, "skipped", job.result)
        else:
            todo.append((job, missing))
    if not todo:
        return
    for folder in dict.fromkeys(file.parent for _, missing in todo for file in missing):
        make_folder(folder)
        sweep_leftovers(folder)
    from kcolor.photo_files.pipeline import color_jobs

    yield from color_jobs(todo, colorizer, quality, options, recolor, hints, reference)
