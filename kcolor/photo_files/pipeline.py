"""Colours photos one after the other, while the next one is read and the last one is written."""

import errno
import pathlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from kcolor.data.photo_kinds import photo_kind
from kcolor.hints.files import PhotoHints
from kcolor.images.decoding import BrokenPicture
from kcolor.photo_files import read_write
from kcolor.photo_files.comparison import comparison
from kcolor.photo_files.outcome import Outcome
from kcolor.photo_files.output_paths import Job
from kcolor.photo_files.read_write import Photo
from kcolor.photo_files.sideways import seems_sideways
from kcolor.utils.files import write_whole

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

_IN_COLOR = "it is in colour already. To colour it all the same: `recolor=True`"
_HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}  # errors that the next photo would meet as well


def color_jobs(
    jobs: Sequence[tuple[Job, list[pathlib.Path]]],
    colorizer: "Callable[[], Colorizer]",
    quality: int,
    options: dict[str, Any],
    recolor: bool = True,
    hints: Mapping[pathlib.Path, PhotoHints | str] | None = None,
    reference: np.ndarray | None = None,
) -> Iterator[Outcome]:
    """Colours photos and yields each one's outcome as soon as its files are written.

    One thread reads, one writes, and this one colours: at most three photos are in memory at a time.

    Args:
        jobs: Pairs of a `Job` and those of its files that are to be written; at least one pair.
        colorizer: Function that returns the `Colorizer`. It is called when there is a photo to colour: an album with nothing
            to colour is looked through without Keras.
        quality: Integer from 1 to 100. Quality of JPEG, WebP and AVIF files.
        options: Dict of options of `Colorizer.colorize`.
        recolor: Boolean. Whether to colour also photos that are in colour already.
        hints: Dict from photos to their hints, or to what is wrong with these.
        reference: Photo in colour, or None.

    Yields:
        An `Outcome` for each photo, in order.

    Raises:
        OSError: If the disk is full or read-only.
    """
    options = options if reference is None else {**options, "reference": reference}
    reader, writer = ThreadPoolExecutor(1, "reader"), ThreadPoolExecutor(1, "writer")
    try:
        yield from _colored(jobs, colorizer, quality, options, recolor, hints or {}, reader, writer)
    finally:
        reader.shutdown(wait=True, cancel_futures=True)
        writer.shutdown(wait=True)  # what is being written is finished, also after Ctrl-C


def _colored(jobs, colorizer, quality, options, recolor, hints, reader, writer):
    reading = reader.submit(_read, jobs[0][0], recolor, hints)
    writing: Future[Outcome] | None = None
    for number, (job, missing) in enumerate(jobs, 1):
        photo = reading.result()
        if number < len(jobs):
            reading = reader.submit(_read, jobs[number][0], recolor, hints)
        if isinstance(photo, Outcome):
            yield photo
            continue
        coloring = colorizer()
        began = time.perf_counter()
        try:
            rgb, notes = _with_notes(coloring, photo.rgb, hints.get(job.photo), options)
        except MemoryError:
            yield Outcome(job.photo, "failed", reason="too large for this machine's memory")
            continue
        if writing is not None:
            yield writing.result()
        writing = writer.submit(_write, job, missing, photo, rgb, quality, time.perf_counter() - began, notes)
    if writing is not None:
        yield writing.result()


def _with_notes(colorizer, rgb, hints, options):
    """The coloured photo, and what is to be said of its hints."""
    if hints is None:
        return colorizer.colorize(rgb, **options), ()
    from kcolor.hints.kept import kept

    colored = colorizer.colorize(rgb, hints=hints, **options)
    said = map(str, kept(colored, hints.placed(*rgb.shape[:2]), colorizer.target))
    return colored, tuple(dict.fromkeys(note for note in said if note))


def _read(job: Job, recolor: bool, hints: Mapping[pathlib.Path, PhotoHints | str]) -> Photo | Outcome:
    """Returns a photo, or the outcome of one that is not to be coloured."""
    try:
        photo = read_write.read(job.photo)
    except BrokenPicture as error:
        return Outcome(job.photo, "failed", reason=error.reason)
    if not recolor and photo_kind(photo.rgb) == "color":
        return Outcome(job.photo, "in color", reason=_IN_COLOR)
    given = hints.get(job.photo)
    if isinstance(given, str):
        return Outcome(job.photo, "failed", reason=given)
    try:
        if given is not None:
            given.placed(*photo.rgb.shape[:2])
    except ValueError as error:
        return Outcome(job.photo, "failed", reason=str(error))
    return photo


def _write(
    job: Job,
    missing: list[pathlib.Path],
    photo: Photo,
    rgb: np.ndarray,
    quality: int,
    seconds: float,
    notes: tuple[str, ...] = (),
) -> Outcome:
    try:
        if job.comparison in missing:
            write_whole(job.comparison, comparison(photo.rgb, rgb).save)
        if job.result in missing:
            read_write.write(job.result, rgb, photo, quality)
    except OSError as error:
        if error.errno in _HOPELESS:
            raise
        return Outcome(job.photo, "failed", reason=error.strerror or str(error))
    return Outcome(job.photo, "done", job.result, seconds=seconds, sideways=seems_sideways(photo.rgb), notes=notes)
