"""Colours an archive on a Ray cluster, with Ray Data: workers on its nodes read, colour and write photos.

Each worker loads the colorizer once. Photos and results lie at addresses that every node reaches. A node that dies costs the
photos that it had in hand: others colour them again. Files appear whole or not at all, so a photo that is coloured twice is
there once.
"""

import itertools
import json
import logging
import os
import pathlib
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from kcolor.photo_files import archive
from kcolor.photo_files.outcome import Outcome
from kcolor.photo_files.output_paths import Job
from kcolor.photo_files.processes import colorizer_file
from kcolor.utils.ray_cluster import connect

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

_BATCH = 16  # photos that a worker has in hand
_ADDRESSES = ("photo", "result", "comparison")  # as bytes: names of files need not be text
_PART = 100_000  # photos that the cluster is given at a time


def outcomes(
    found: Iterable[archive.Task],
    colorizer: "pathlib.Path | Colorizer",
    address: str,
    *,
    quality: int,
    recolor: bool,
    options: dict[str, Any],
) -> Iterator[Outcome]:
    """Colours photos on a cluster and yields their outcomes as they come.

    Args:
        found: What is to be done: as of `kcolor.photo_files.archive.tasks`.
        colorizer: A `Colorizer`, or the path of its file.
        address: String. Address of the cluster: ``auto``, ``ray://HOST:10001`` or ``HOST:6379``.
        quality: Integer from 1 to 100. Quality of JPEG, WebP and AVIF files.
        recolor: Boolean. Whether to colour also photos that are in colour already.
        options: Dict of options of `Colorizer.colorize`.

    Yields:
        An `Outcome` for each photo.

    Raises:
        OSError: If results cannot be written.
        ImportError: If Ray is not installed.
        ValueError: If there is no cluster at this address.
    """
    connect(address)
    import ray

    settings = ray.put({"model": _content(colorizer), "quality": quality, "recolor": recolor, "options": options})
    todo = iter(found)
    while some := list(itertools.islice(todo, _PART)):
        yield from (_without_work(task) for task in some if task.status != "todo")
        yield from _colored([task for task in some if task.status == "todo"], settings)


def _colored(some, settings):
    import pyarrow
    import ray

    if not some:
        return
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    blocks = [
        pyarrow.table({name: [os.fsencode(getattr(task, name)) for task in block] for name in _ADDRESSES})
        for block in (some[i : i + _BATCH] for i in range(0, len(some), _BATCH))
    ]
    threads = {
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    most = max(1, int(ray.cluster_resources().get("CPU", 1)))
    dataset = ray.data.from_arrow(blocks).map_batches(
        Worker,
        fn_constructor_args=(settings,),
        batch_size=_BATCH,
        num_cpus=1,
        concurrency=(1, min(most, len(blocks))),
        runtime_env={"env_vars": threads},
    )
    try:
        for row in dataset.iter_rows():
            one = json.loads(row["outcome"])
            yield Outcome(**{**one, "notes": tuple(one["notes"])})
    except ray.exceptions.RayTaskError as error:
        raise OSError(f"A node could not go on: {error.cause}") from None


class Worker:
    """Colours batches of photos on a node.

    Args:
        settings: Reference to a dict with the colorizer's file ("model"), "quality", "recolor" and "options".
    """

    def __init__(self, settings: Any):
        import ray

        from kcolor.saving.load import load

        self.settings = ray.get(settings) if isinstance(settings, ray.ObjectRef) else settings
        with tempfile.TemporaryDirectory(prefix="kcolor-") as folder:
            file = pathlib.Path(folder, "model.keras")
            file.write_bytes(self.settings["model"])
            self.colorizer = load(file)

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, list[str]]:
        """Colours photos.

        Args:
            batch: Dict with the addresses, as bytes: "photo", "result", "comparison".

        Returns:
            Dict with the outcomes, as JSON.
        """
        rows = [archive.Task(*map(os.fsdecode, row)) for row in zip(*(batch[name] for name in _ADDRESSES), strict=True)]
        with tempfile.TemporaryDirectory(prefix="kcolor-") as folder, ThreadPoolExecutor(4) as pool:
            done = list(self._outcomes(rows, pathlib.Path(folder), pool))
        return {"outcome": [json.dumps(one) for one in done]}

    def _outcomes(self, rows, folder, pool):
        from kcolor.photo_files.pipeline import color_jobs

        jobs = [_job(number, task, folder) for number, task in enumerate(rows)]
        by_file = {job.photo: (task, job) for task, job in zip(rows, jobs, strict=True)}
        fetched = list(pool.map(_fetched, rows, jobs))
        yield from (failed for failed in fetched if failed)
        todo = [(job, job.files) for job, failed in zip(jobs, fetched, strict=True) if not failed]
        if not todo:
            return
        given = (self.settings[name] for name in ("quality", "options", "recolor"))
        sent = []
        for outcome in color_jobs(todo, lambda: self.colorizer, *given):
            sent.append(pool.submit(_sent, outcome, *by_file[outcome.photo]))
        yield from (one.result() for one in sent)


def _job(number, task, folder):
    """Where a photo and its results lie on the node for a moment."""
    here, there = folder / f"{number:03}", folder / f"{number:03}-out"
    here.mkdir()
    there.mkdir()
    photo, result, comparison = (os.path.basename(address) for address in (task.photo, task.result, task.comparison))
    return Job(here / photo, there / result, there / comparison if comparison else None)


def _fetched(task, job):
    """Copies a photo to the node. Returns an outcome if that fails."""
    try:
        archive.download(task.photo, job.photo)
    except FileNotFoundError:
        return _row(Outcome(job.photo, "failed", reason="the file is not there any more"), task)
    except OSError as error:
        return _row(Outcome(job.photo, "failed", reason=error.strerror or str(error)), task)
    return None


def _sent(outcome, task, job):
    """Copies the results to where they belong."""
    if outcome.status == "done":
        for file, address in ((job.result, task.result), (job.comparison, task.comparison)):
            if address:
                archive.upload(file, address)
    return _row(outcome, task)


def _row(outcome, task):
    """An outcome as it travels: without paths of the node."""
    names = ("status", "reason", "seconds", "sideways", "notes")
    row = {name: getattr(outcome, name) for name in names}
    return {**row, "photo": task.photo, "result": task.result if outcome.status == "done" else None}


def _without_work(task):
    return Outcome(task.photo, task.status, None if task.status == "failed" else task.result, reason=task.reason or None)


def _content(colorizer):
    """The bytes of a colorizer's file."""
    with tempfile.TemporaryDirectory(prefix="kcolor-") as folder:
        return colorizer_file(colorizer, pathlib.Path(folder)).read_bytes()
