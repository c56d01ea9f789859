"""Photos are read, coloured and written at the same time, and few are in memory."""

import threading
import time

import numpy as np
import pytest
from helpers.albums import photo
from helpers.colorizers import painter
from PIL import Image

from kcolor.photo_files import output_paths, pipeline
from kcolor.utils.compile import overlaps


@pytest.fixture
def jobs(tmp_path):
    for i in range(6):
        photo(i, (12, 16)).save(tmp_path / f"{i}.png")
    return [(job, job.files) for job in output_paths.Plan([tmp_path], tmp_path / "out")]


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.mark.parametrize(("small", "most"), [(0, 2), (1 << 20, 5)], ids=["large photos", "small ones"])
def test_reading_never_runs_far_ahead_of_colouring(jobs, out, monkeypatch, small, most):
    read, colored, lock, ahead = [], [], threading.Lock(), []
    plain = pipeline._read

    def counting(job, *given):
        with lock:
            read.append(job)
            ahead.append(len(read) - len(colored))
        return plain(job, *given)

    colorizer = painter(size=16)
    monkeypatch.setattr(pipeline, "_SMALL", small)
    monkeypatch.setattr(pipeline, "_read", counting)
    monkeypatch.setattr(colorizer, "colorize", lambda rgb, **_: [time.sleep(0.05), colored.append(1), np.asarray(rgb)][2])
    outcomes = list(pipeline.color_jobs(jobs, lambda: colorizer, 95, {}))
    assert [outcome.photo for outcome in outcomes] == [job.photo for job, _ in jobs]
    assert [outcome.status for outcome in outcomes] == ["done"] * 6
    assert max(ahead) <= most


def test_a_slow_photo_does_not_lose_its_place(jobs, out, monkeypatch):
    """Small photos are coloured at the same time; broken ones are known at once. All come in order."""
    jobs[3][0].photo.write_bytes(b"no picture")
    colorizer, calls = painter(size=16), []

    def colorize(rgb, **_):
        calls.append(1)
        time.sleep(0.3 if len(calls) == 2 else 0)
        return np.asarray(rgb)

    monkeypatch.setattr(colorizer, "colorize", colorize)
    outcomes = list(pipeline.color_jobs(jobs, lambda: colorizer, 95, {}))
    assert [outcome.photo for outcome in outcomes] == [job.photo for job, _ in jobs]
    assert [outcome.status for outcome in outcomes] == ["done"] * 3 + ["failed"] + ["done"] * 2


def test_small_photos_overlap_where_threads_help_and_are_the_same(jobs, out, monkeypatch):
    colorizer, lock, now, most = painter(size=16), threading.Lock(), [0], [0]
    expected = {job.result.name: colorizer.colorize(np.asarray(Image.open(job.photo))) for job, _ in jobs}
    plain = colorizer.colorize

    def colorize(rgb, **options):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.1)
        found = plain(rgb, **options)
        with lock:
            now[0] -= 1
        return found

    monkeypatch.setattr(colorizer, "colorize", colorize)
    assert {outcome.status for outcome in pipeline.color_jobs(jobs, lambda: colorizer, 95, {})} == {"done"}
    assert (most[0] > 1) == overlaps()
    for name, picture in expected.items():
        assert np.array_equal(np.asarray(Image.open(out / name)), picture)


def test_too_large_for_memory_is_one_photos_trouble(jobs, out, monkeypatch):
    colorizer, calls = painter(size=16), []

    def colorize(rgb, **options):
        calls.append(options)
        if len(calls) == 2:
            raise MemoryError
        return rgb

    monkeypatch.setattr(colorizer, "colorize", colorize)
    outcomes = list(pipeline.color_jobs(jobs, lambda: colorizer, 95, {"saturation": 0.5}))
    assert sorted(outcome.status for outcome in outcomes) == ["done"] * 5 + ["failed"]
    assert [outcome.reason for outcome in outcomes if outcome.reason] == ["too large for this machine's memory"]
    assert calls == [{"saturation": 0.5}] * 6
