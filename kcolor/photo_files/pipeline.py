"""Colours photos one after the other, small ones several at a time, while the next one is read and the last one is written."""

import collections
import dataclasses
import errno
import pathlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from kcolor.utils.files import HOPELESS, write_whole

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

# While one photo is painted, on one core, the network looks at another. More than three at a time gain nothing.
_TOGETHER = 3
_SMALL = 1 << 21  # pixels; of larger photos there is only one at a time, for the sake of memory
_IN_COLOR = "it is in colour already. To colour it anyway: `recolor=True`"
# Errors that the next photo would meet as well: the disk is full or read-only, or it or the folder is not there any more.
_HOPELESS = {*HOPELESS, errno.ENOENT}


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

    One thread reads, one writes, and others colour: small photos several at a time with TensorFlow, otherwise one at a time.
    Of large photos at most three are in memory.

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
        OSError: If the disk is full or read-only, or the folder for the results is gone.
    """
    options = options if reference is None else {**options, "reference": reference}
    pools = [ThreadPoolExecutor(1, "reader"), ThreadPoolExecutor(_TOGETHER, "painter"), ThreadPoolExecutor(1, "writer")]
    reader, painter, writer = pools
    try:
        found = _colored(jobs, colorizer, options, recolor, hints or {}, reader, painter)
        yield from _written(found, quality, writer)
    finally:
        reader.shutdown(wait=True, cancel_futures=True)
        painter.shutdown(wait=True, cancel_futures=True)
        writer.shutdown(wait=True)  # what is being written is finished, also after Ctrl-C


@dataclasses.dataclass(frozen=True, eq=False)
class _Colored:
    """A photo that is to be written."""

    job: Job
    missing: list[pathlib.Path]
    photo: Photo
    rgb: np.ndarray
    seconds: float
    notes: tuple[str, ...]


def _colored(jobs, colorizer, options, recolor, hints, reader, painter) -> Iterator[_Colored | Outcome]:
    """Yields the photos in order, coloured, or what became of them."""
    reading: Future[Photo | Outcome] = reader.submit(_read, jobs[0][0], recolor, hints)
    waiting: collections.deque[Future[_Colored | Outcome]] = collections.deque()
    room, before = 0, 0
    for number, (job, missing) in enumerate(jobs, 1):
        photo = reading.result()
        pixels = 0 if isinstance(photo, Outcome) else photo.rgb.shape[0] * photo.rgb.shape[1]
        while len(waiting) >= (max(1, room) if max(pixels, before) <= _SMALL else 1):
            yield waiting.popleft().result()
        if number < len(jobs):  # not earlier: so many photos are in memory
            reading = reader.submit(_read, jobs[number][0], recolor, hints)
        if isinstance(photo, Outcome):
            waiting.append(_known(photo))
            continue
        given = (colorizer(), job, missing, photo, hints.get(job.photo), options)
        if room:
            waiting.append(painter.submit(_color, *given))
            before = pixels
        else:  # the first one alone, and in this thread: it compiles what the others use
            yield from (one.result() for one in waiting)
            waiting.clear()
            yield _color(*given)
            room = _room()
    while waiting:
        yield waiting.popleft().result()


def _room():
    """How many small photos are coloured at a time, in threads; 0 if threads do not help."""
    from kcolor.utils.compile import overlaps

    return _TOGETHER if overlaps() else 0


def _known(outcome):
    future: Future[_Colored | Outcome] = Future()
    future.set_result(outcome)
    return future


def _color(colorizer, job, missing, photo, hints, options):
    began = time.perf_counter()
    try:
        rgb, notes = _with_notes(colorizer, photo.rgb, hints, options)
    except MemoryError:
        return Outcome(job.photo, "failed", reason="too large for this machine's memory")
    return _Colored(job, missing, photo, rgb, time.perf_counter() - began, notes)


def _written(found: Iterable[_Colored | Outcome], quality: int, writer: ThreadPoolExecutor) -> Iterator[Outcome]:
    """Writes each photo while the next one is coloured."""
    writing: Future[Outcome] | None = None
    for one in found:
        if writing is not None:
            yield writing.result()
        writing = _known(one) if isinstance(one, Outcome) else writer.submit(_write, one, quality)
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


def _write(colored: _Colored, quality: int) -> Outcome:
    job, photo, rgb, notes = colored.job, colored.photo, colored.rgb, tuple(colored.notes)
    if photo.pictures > 1:
        notes += (f"its file has {photo.pictures:,} pictures; the first one is coloured",)
    try:
        if job.comparison in colored.missing:
            write_whole(job.comparison, comparison(photo.rgb, rgb).save)
        if job.result in colored.missing:
            notes += _write_result(job.result, rgb, photo, quality)
    except OSError as error:
        if error.errno in _HOPELESS:
            raise
        return Outcome(job.photo, "failed", reason=error.strerror or str(error))
    except Exception as error:  # encoders raise anything, as for a picture that is too large for the format
        return Outcome(job.photo, "failed", reason=f"it cannot be written as {job.result.suffix}: {error}")
    sideways = seems_sideways(photo.rgb)
    return Outcome(job.photo, "done", job.result, seconds=colored.seconds, sideways=sideways, notes=notes)


def _write_result(path, rgb, photo, quality):
    """Writes a result; returns what is to be said of it. EXIF that is damaged or too long for a format costs no result."""
    try:
        read_write.write(path, rgb, photo, quality)
        return ()
    except OSError:
        raise
    except Exception as error:
        if not photo.exif and photo.dpi is None:
            raise
        read_write.write(path, rgb, dataclasses.replace(photo, exif=b"", dpi=None), quality)
        return (f"what its file says beside the picture (EXIF) could not be kept: {error}",)
