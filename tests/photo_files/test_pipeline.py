"""Photos are read, coloured and written at the same time, and at most three are in memory."""

import threading

import numpy as np
import pytest
from helpers.albums import photo
from helpers.colorizers import painter

from kcolor.photo_files import output_paths, pipeline


@pytest.fixture
def jobs(tmp_path):
    for i in range(6):
        photo(i, (12, 16)).save(tmp_path / f"{i}.png")
    return [(job, job.files) for job in output_paths.Plan([tmp_path], tmp_path / "out")]


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def test_reading_never_runs_ahead_of_colouring(jobs, out, monkeypatch):
    read, colored, lock, ahead = [], [], threading.Lock(), []
    plain = pipeline._read

    def counting(job, *given):
        with lock:
            read.append(job)
            ahead.append(len(read) - len(colored))
        return plain(job, *given)

    colorizer = painter(size=16)
    monkeypatch.setattr(pipeline, "_read", counting)
    monkeypatch.setattr(colorizer, "colorize", lambda rgb, **_: [colored.append(1), np.asarray(rgb)][1])
    outcomes = list(pipeline.color_jobs(jobs, lambda: colorizer, 95, {}))
    assert [outcome.status for outcome in outcomes] == ["done"] * 6
    assert max(ahead) <= 2


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
