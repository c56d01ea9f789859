"""Colours an album in several processes at once, each with a colorizer of its own and its share of the processors.

On many cores one process leaves most of them idle: a small photo is not enough work for all.
"""

import multiprocessing
import os
import pathlib
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

import numpy as np

from kcolor.hints.files import PhotoHints
from kcolor.photo_files.outcome import Outcome
from kcolor.photo_files.output_paths import Job
from kcolor.photo_files.pipeline import color_jobs
from kcolor.utils.processors import cpus

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

_PART = 8  # photos that a process is given at a time

# Of a process: what it colours with.
_ours: dict[str, Any] = {}


class Processes:
    """Processes that colour photos. They start with the first photos, and end with the ``with`` block.

    Args:
        count: Integer. How many.
        colorizer: A `Colorizer`, or the path of its file.
        quality: As of `kcolor.photo_files.pipeline.color_jobs`, and so are the others.
        options: Dict of options of `Colorizer.colorize`.
        recolor: Boolean. Whether to colour also photos that are in colour already.
        reference: Photo in colour, or None.
    """

    def __init__(
        self,
        count: int,
        colorizer: "pathlib.Path | Colorizer",
        quality: int,
        options: dict[str, Any],
        recolor: bool = True,
        reference: np.ndarray | None = None,
    ) -> None:
        self._count, self._colorizer = count, colorizer
        self._settings = {"quality": quality, "options": options, "recolor": recolor, "reference": reference}
        self._folder = tempfile.TemporaryDirectory(prefix="kcolor-")
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)  # what is being coloured is finished, also after Ctrl-C
        self._folder.cleanup()

    def color_jobs(
        self, jobs: Sequence[tuple[Job, list[pathlib.Path]]], hints: Mapping[pathlib.Path, PhotoHints | str]
    ) -> Iterator[Outcome]:
        """Colours photos and yields their outcomes, in order.

        Args:
            jobs: As of `kcolor.photo_files.pipeline.color_jobs`.
            hints: As there.

        Yields:
            An `Outcome` for each photo.

        Raises:
            OSError: If the disk is full or read-only, or a process ended before its time.
        """
        if self._pool is None:
            self._pool = self._started()
        parts = [jobs[i : i + _PART] for i in range(0, len(jobs), _PART)]
        futures: list[Future[list[Outcome]]] = []
        try:
            for part in parts:
                given = {job.photo: hints[job.photo] for job, _ in part if job.photo in hints}
                futures.append(self._pool.submit(_colored, part, given))
            for future in futures:
                yield from future.result()
        except BrokenProcessPool:
            raise OSError(
                f"One of the {self._count} processes ended before its time: perhaps memory ran out. What is done is kept: run "
                'the same again, with fewer `jobs`. (A script of yours needs `if __name__ == "__main__":` around its call.)'
            ) from None

    def _started(self):
        threads = max(1, cpus() // self._count)
        file = colorizer_file(self._colorizer, pathlib.Path(self._folder.name))
        # Not a fork: TensorFlow's threads would not be in the copy.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count, context, _begin, (threads, file, self._settings))


def colorizer_file(colorizer: "pathlib.Path | Colorizer", folder: pathlib.Path) -> pathlib.Path:
    """Returns the file of a colorizer, for another process to load.

    Args:
        colorizer: A `Colorizer`, or the path of its file.
        folder: Path of the folder that a `Colorizer` is saved to.
    """
    if isinstance(colorizer, pathlib.Path):
        return colorizer
    colorizer.save(folder / "model.keras")
    return folder / "model.keras"


def _begin(threads, file, settings):
    """Runs first in a new process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the first process decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    few = {name: str(threads) for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")}
    os.environ.update(few)
    _ours.update(settings=settings, file=file)


def _end_with_parent():
    """Ends this process when the first one is gone, even by SIGKILL. It would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _colored(part, hints):
    return list(color_jobs(part, _colorizer, hints=hints, **_ours["settings"]))


def _colorizer():
    if "colorizer" not in _ours:
        from kcolor.saving.load import as_colorizer

        _ours["colorizer"] = as_colorizer(_ours["file"])
    return _ours["colorizer"]
