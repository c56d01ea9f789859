"""Colours files of photographs. Everything is decided here before Keras is imported."""

import contextlib
import dataclasses
import functools
import itertools
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kcolor.colorizer.options import Options
from kcolor.hints.files import PhotoHints
from kcolor.hints.hint import AnyHint
from kcolor.photo_files import archive, output_paths, ray_workers
from kcolor.photo_files.hint_files import given_hints, hints_beside, read_reference
from kcolor.photo_files.outcome import Outcome
from kcolor.photo_files.pipeline import color_jobs
from kcolor.photo_files.processes import Processes
from kcolor.saving import presets
from kcolor.utils.files import make_folder, sweep_leftovers
from kcolor.utils.types import PathLike

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

_MOST_PROCESSES = 256
_AT_ONCE = 500  # photos that are looked at together, so that an album may have a million


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
    jobs: int = 1,
    ray: str | None = None,
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
        jobs: Integer. Number of processes that colour at the same time, each with a colorizer of its own: for many cores.
        ray: String. Address of a Ray cluster that is to do the work: ``auto``, ``ray://HOST:10001`` or ``HOST:6379``. Photos
            and `out` may then be addresses that fsspec knows (``s3://bucket/photos``); hints are not for it.
        progress: Function that is called with each `Outcome` as soon as it is known.
        options: Options of `kcolor.Colorizer.colorize`: `size`, `temperature`, `saturation`, `ensemble`, `keep_tone`.

    Returns:
        List with an `Outcome` for each photo. A photo that fails does not stop the others: look for the status "failed". That
        of a photo in colour is "in color". A photo that seems to lie on its side is coloured, and its outcome says so.

    Raises:
        ValueError: If an argument is wrong, if there are no photos, or if there is no such model.
        OSError: If the folder for the results cannot be written to, or the disk is full.
        ImportError: If `ray` is given and Ray, or what an address needs, is not installed.
    """
    outcomes = []
    for outcome in each_outcome(
        photos,
        out,
        model,
        format=format,
        quality=quality,
        compare=compare,
        overwrite=overwrite,
        recursive=recursive,
        recolor=recolor,
        hints=hints,
        reference=reference,
        jobs=jobs,
        ray=ray,
        **options,
    ):
        outcomes.append(outcome)
        if progress is not None:
            progress(outcome)
    return outcomes


def each_outcome(
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
    jobs: int = 1,
    ray: str | None = None,
    **options: Any,
) -> Iterator[Outcome]:
    """Colours files of photographs as `colorize_files` does, and gives each outcome away: nothing is kept of a million photos.

    >>> _ = (tmp_path / "beach.jpg").write_bytes(b"")
    >>> [outcome.reason for outcome in each_outcome(tmp_path, tmp_path / "out")]
    ['the file is empty']

    Args:
        photos: As of `colorize_files`, and so are the others.
        out: Path of the folder for the results.
        model: Colorizer, or its name or file.
        format: String. Format of the results.
        quality: Integer. Quality of the results.
        compare: Boolean. Whether to write before | after pictures.
        overwrite: Boolean. Whether to replace results.
        recursive: Boolean. Whether to look into the folders below a folder.
        recolor: Boolean. Whether to colour also photos in colour.
        hints: Path of a file of hints, or hints for one photo.
        reference: Path of a photo in colour.
        jobs: Integer. Number of processes.
        ray: String. Address of a Ray cluster.
        options: Options of `kcolor.Colorizer.colorize`.

    Returns:
        Iterator of an `Outcome` for each photo. It does the work.

    Raises:
        ValueError: As `colorize_files` does, before anything is coloured.
    """
    if format != "keep" and format not in output_paths.FORMATS:
        raise ValueError(f"Expected `format` as keep or one of {sorted(output_paths.FORMATS)}. Received: {format!r}")
    if not 1 <= quality <= 100:
        raise ValueError(f"Expected `quality` in 1 to 100. Received: {quality!r}")
    if jobs != int(jobs) or not 1 <= jobs <= _MOST_PROCESSES:
        raise ValueError(f"Expected `jobs` as a number from 1 to {_MOST_PROCESSES}. Received: {jobs!r}")
    Options(**options)  # raises for wrong ones
    photos = [photos] if isinstance(photos, (str, os.PathLike)) else photos
    colors = None if reference is None else read_reference(reference)
    colorizer = presets.find(model) if isinstance(model, (str, os.PathLike)) else model
    if ray is not None:
        if hints is not None or out is None or jobs != 1:
            raise ValueError("Expected `out`, and neither `hints` nor `jobs`, for photos that a Ray cluster colours")
        found = list(archive.tasks(photos, out, format=format, recursive=recursive, compare=compare, overwrite=overwrite))
        options = options if colors is None else {**options, "reference": colors}
        return _numbered(
            ray_workers.outcomes(found, colorizer, ray, quality=quality, recolor=recolor, options=options), len(found)
        )
    plan = output_paths.Plan(photos, out, format=format, recursive=recursive, compare=compare)
    given = {} if hints is None else given_hints([job.photo for job in plan], hints)
    beside = functools.partial(hints_beside, given=hints)
    settings = {"quality": quality, "options": options, "recolor": recolor, "reference": colors}
    coloring = _coloring(int(jobs), colorizer, settings)
    return _numbered(_outcomes(plan, coloring, overwrite, given, beside), plan.count)


def _numbered(outcomes, total):
    return (dataclasses.replace(one, number=number, total=total) for number, one in enumerate(outcomes, 1))


def _loader(colorizer):
    """Returns a function that loads a colorizer when it is first called."""

    def load():
        from kcolor.saving.load import as_colorizer

        return as_colorizer(colorizer)

    return functools.cache(load)


@contextlib.contextmanager
def _coloring(count, colorizer, settings):
    """Yields the function that colours photos: here, or in several processes."""
    if count == 1:
        yield functools.partial(color_jobs, colorizer=_loader(colorizer), **settings)
        return
    with Processes(count, colorizer, **settings) as processes:
        yield processes.color_jobs


def _outcomes(
    plan: output_paths.Plan,
    coloring: contextlib.AbstractContextManager[Callable],
    overwrite: bool,
    given: dict[pathlib.Path, PhotoHints],
    beside: Callable[[Iterable[pathlib.Path]], dict[pathlib.Path, PhotoHints | str]],
) -> Iterator[Outcome]:
    """Yields, of some photos at a time, the outcomes of those with which nothing is to be done, then of those that get done."""
    jobs, ready = iter(plan), set()
    with coloring as colored:
        while some := list(itertools.islice(jobs, _AT_ONCE)):
            todo = []
            for job in some:
                missing = [file for file in job.files if overwrite or not os.path.exists(file)]  # also if its name is too long
                if job.refused:
                    yield Outcome(job.photo, "failed", reason=job.refused)
                elif not missing:
                    yield Outcome(job.photo, "skipped", job.result)
                else:
                    todo.append((job, missing))
            if not todo:
                continue
            for folder in dict.fromkeys(file.parent for _, missing in todo for file in missing if file.parent not in ready):
                make_folder(folder)
                sweep_leftovers(folder)
                ready.add(folder)
            yield from colored(todo, hints={**beside(job.photo for job, _ in todo), **given})
