"""The darkroom: files of photographs in, files of coloured ones out, while the next is being read and the last one written."""

import dataclasses
import errno
import os
import pathlib
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.inference import Options
from kcolor.images.decoding import BrokenPicture
from kcolor.photo_files import output_paths, read_write
from kcolor.saving import presets
from kcolor.saving.load import load
from kcolor.utils.files import make_folder, write_whole

_COMPARED = 1600  # the longer side of each half of a before | after picture is no longer
_HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}  # what the next photo would meet as well


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one photo.

    Args:
        photo: its file.
        status: "done", "skipped" (its result was there already) or "failed".
        result: the file of its result, if there is one.
        reason: why not, in words, if it failed.
        seconds: of colouring, without reading and writing.
    """

    photo: pathlib.Path
    status: str
    result: pathlib.Path | None = None
    reason: str | None = None
    seconds: float = 0.0


def colorize_files(
    photos,
    out=None,
    model: str | os.PathLike | Colorizer = "photo",
    *,
    format: str = "keep",
    quality: int = 95,
    compare: bool = False,
    overwrite: bool = False,
    recursive: bool = False,
    report: Callable[[Outcome, int, int], None] | None = None,
    **options,
) -> list[Outcome]:
    """Colours files of photographs. Called again, it goes on with those that are not done.

    Args:
        photos: a file, a folder or a pattern, or several of them.
        out: the folder of the results, where folders keep their tree. None: beside a photo, as ``NAME-coloured.jpg``; for a
            folder beside that, as ``FOLDER-coloured/``.
        model: the name of a colorizer that comes with kcolor, a ``.keras`` file, the folder of a run, or a `Colorizer`.
        format: "keep", "jpg", "png", "tiff" or "webp".
        quality: of JPEG, WebP and AVIF, 1 to 100.
        compare: whether to write a before | after picture of each as well.
        overwrite: whether to replace results that are there. Photos are never replaced.
        recursive: whether to look into the folders below a folder.
        report: called with each `Outcome`, its number and how many there are.
        options: of `kcolor.colorizer.inference.Options`: `size`, `temperature`, `saturation`, `ensemble`, `keep_tone`.

    Returns:
        An `Outcome` for each photo.
    """
    if format != "keep" and format not in read_write.FORMATS:
        raise ValueError(f"Expected `format` as keep or one of {sorted(read_write.FORMATS)}. Received: {format!r}")
    if not 1 <= quality <= 100:
        raise ValueError(f"Expected `quality` in 1 to 100. Received: {quality!r}")
    Options(**options)  # says what is wrong with them before anything is loaded
    photos = [photos] if isinstance(photos, (str, os.PathLike)) else photos
    jobs = output_paths.jobs(photos, out, format=format, recursive=recursive, compare=compare)
    colorizer = model if isinstance(model, Colorizer) else presets.find(model)
    outcomes = []
    for outcome in _outcomes(jobs, colorizer, quality, overwrite, options):
        outcomes.append(outcome)
        if report is not None:
            report(outcome, len(outcomes), len(jobs))
    return outcomes


def _outcomes(jobs, colorizer, quality, overwrite, options) -> Iterator[Outcome]:
    """What needs nothing done first, then the rest as it gets done."""
    open_jobs = []
    for job in jobs:
        missing = [file for file in job.files if overwrite or not file.exists()]
        if job.refused:
            yield Outcome(job.photo, "failed", reason=job.refused)
        elif not missing:
            yield Outcome(job.photo, "skipped", job.result)
        else:
            open_jobs.append((job, missing))
    if not open_jobs:
        return
    for folder in dict.fromkeys(file.parent for _, missing in open_jobs for file in missing):
        make_folder(folder)
        _sweep(folder)
    # One reads, one writes, and this thread colours: at most three photos are in memory at a time, however many there are.
    reader, writer = ThreadPoolExecutor(1, "reader"), ThreadPoolExecutor(1, "writer")
    try:
        yield from _developed(open_jobs, colorizer, quality, options, reader, writer)
    finally:
        reader.shutdown(wait=True, cancel_futures=True)
        writer.shutdown(wait=True)  # what is being written is finished, also after Ctrl-C


def _developed(open_jobs, colorizer, quality, options, reader, writer):
    reading = reader.submit(_read, open_jobs[0][0])
    colorizer = colorizer if isinstance(colorizer, Colorizer) else load(colorizer)  # meanwhile the first photo is read
    last = None
    for number, (job, missing) in enumerate(open_jobs, 1):
        photo = reading.result()
        if number < len(open_jobs):
            reading = reader.submit(_read, open_jobs[number][0])
        if isinstance(photo, str):
            yield Outcome(job.photo, "failed", reason=photo)
            continue
        began = time.perf_counter()
        try:
            rgb = colorizer.colorize(photo.rgb, **options)
        except MemoryError:
            yield Outcome(job.photo, "failed", reason="too large for this machine's memory")
            continue
        if last is not None:
            yield last.result()
        last = writer.submit(_write, job, missing, photo, rgb, quality, time.perf_counter() - began)
    if last is not None:
        yield last.result()


def _read(job):
    """A photo, or the reason why there is none."""
    try:
        return read_write.read(job.photo)
    except BrokenPicture as error:
        return error.reason


def _write(job, missing, photo, rgb, quality, seconds):
    try:
        if job.comparison in missing:
            write_whole(job.comparison, comparison(photo.rgb, rgb).save)
        if job.result in missing:
            read_write.write(job.result, rgb, photo, quality)
    except OSError as error:
        if error.errno in _HOPELESS:
            raise
        return Outcome(job.photo, "failed", reason=error.strerror or str(error))
    return Outcome(job.photo, "done", job.result, seconds=seconds)


def comparison(before: np.ndarray, after: np.ndarray) -> Image.Image:
    """Two pictures of one size side by side, scaled down if they are large.

    Args:
        before: uint8 ``(height, width, 3)``.
        after: the same.

    Returns:
        A Pillow picture.
    """
    halves = [Image.fromarray(picture) for picture in (before, after)]
    for half in halves:
        half.thumbnail((_COMPARED, _COMPARED), Image.Resampling.LANCZOS)
    width, height = halves[0].size
    both = Image.new("RGB", (2 * width, height))
    for place, half in enumerate(halves):
        both.paste(half, (place * width, 0))
    return both


def _sweep(folder):
    """Removes what a run that was killed has left half written."""
    for half in folder.glob(".*.half.*"):
        found = re.fullmatch(r"\..*\.(\d+)\.half\.\w+", half.name)
        if found and not _runs(int(found[1])):
            half.unlink(missing_ok=True)


def _runs(process):
    if process == os.getpid() or os.name == "nt":  # where asking would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
