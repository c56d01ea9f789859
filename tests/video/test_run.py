"""A film from end to end, and runs that were killed."""

import dataclasses
import errno
import hashlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction

import numpy as np
import pytest
from helpers.colorizers import painter, tiny
from helpers.disks import small_disk
from helpers.films import av, decoded, in_color, packets, panned, write
from PIL import Image

import kcolor
from kcolor.utils.files import half_name
from kcolor.video import plan as planning
from kcolor.video.codecs import CODECS
from kcolor.video.encoding import SegmentFile
from kcolor.video.film import open_film
from kcolor.video.film_hints import film_hints
from kcolor.video.numbered import Numbered
from kcolor.video.run import Job, color_film, one_thread


@pytest.fixture(scope="module")
def colorizer():
    return painter(size=32)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    stamps = [3 * n + n % 3 for n in range(40)]
    folder = tmp_path_factory.mktemp("film")
    return write(folder / "a.mp4", panned(1, 18) + panned(2, 22), stamps=stamps, time_base=Fraction(1, 50), sound=True)


@pytest.mark.slow
def test_light_time_and_sound_stay_and_colour_comes(film, colorizer, tmp_path):
    told = []
    job = Job(open_film(film), tmp_path / "b.mkv", CODECS["ffv1"])
    outcome = color_film(job, colorizer, told.append)
    before, after = decoded(film), decoded(outcome.result)
    assert (outcome.status, outcome.frames, outcome.scenes, outcome.notes) == ("done", 40, 2, ())
    for (_, old), (_, new) in zip(before, after, strict=True):
        np.testing.assert_array_equal(old[0], new[0])
        assert np.abs(new[1].astype(int) - 128).mean() > 2
    start = after[0][0]  # Matroska begins at 0: the sound begins before that
    np.testing.assert_allclose([at - start for at, _ in after], [at for at, _ in before], atol=0.00101)
    assert [data for _, data in packets(outcome.result, "audio")] == [data for _, data in packets(film, "audio")]
    assert [told[0].step, told[-2].step, told[-1].step] == ["looking", "colouring", "joining"]
    assert (told[-2].frames, told[-2].scene) == (40, 2)
    assert list(tmp_path.iterdir()) == [outcome.result]


def test_ten_bits_stay_ten_bits(colorizer, tmp_path):
    path = write(tmp_path / "a.mkv", panned(1, 9), "ffv1", "yuv420p10le", matrix=1)
    outcome = color_film(Job(open_film(path), tmp_path / "b.mkv", CODECS["ffv1"]), colorizer)
    for (_, old), (_, new) in zip(decoded(path), decoded(outcome.result), strict=True):
        np.testing.assert_array_equal(old[0], new[0])
    with av.open(str(outcome.result)) as container:
        assert next(container.decode(video=0)).format.name == "yuv420p10le"


def test_scenes_in_colour_stay_as_they_are(colorizer, tmp_path):
    grey = [frame[..., None].repeat(3, axis=-1) for frame in panned(1, 24)]
    path = write(tmp_path / "a.mkv", grey + in_color(panned(2, 24)), "ffv1", "yuv444p")
    hints = film_hints([{"frame": frame, "x": 30, "y": 24, "color": "red"} for frame in (5, 40)])
    outcome = color_film(Job(open_film(path), tmp_path / "b.mkv", CODECS["ffv1"], hints=hints), colorizer)
    before, after = decoded(path), decoded(outcome.result)
    np.testing.assert_array_equal(before[40][1][1], after[40][1][1])
    assert np.abs(after[5][1][1].astype(int) - 128).mean() > 2
    assert [note for note in outcome.notes if "could be followed" not in note] == [
        "hint 2 is not used: its scene is in colour already. To colour it anyway: `recolor=True`"
    ]


def test_what_stops_the_writer_is_what_is_said(colorizer, tmp_path, monkeypatch):
    """Frames are read ahead on another thread, which must end before their film is closed."""
    grey = [frame[..., None].repeat(3, axis=-1) for frame in panned(1, 24)]
    path = write(tmp_path / "a.mkv", in_color(panned(2, 24)) + grey, "ffv1", "yuv444p")
    plain = Numbered.__call__
    monkeypatch.setattr(Numbered, "__call__", lambda self, number: [time.sleep(0.01), plain(self, number)][1])

    def full(self, *planes):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(SegmentFile, "write", full)
    before = threading.active_count()
    with pytest.raises(OSError, match="the disk is full") as caught:
        color_film(Job(open_film(path), tmp_path / "b.mkv", CODECS["ffv1"]), colorizer)
    assert caught.value.errno == errno.ENOSPC
    assert threading.active_count() <= before


def test_what_a_killed_run_left_beside_the_result_is_removed(colorizer, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    half = tmp_path / half_name("b", ".mkv", process.pid)
    half.touch()
    path = write(tmp_path / "a.mkv", in_color(panned(1, 12)), "ffv1", "yuv444p")
    color_film(Job(open_film(path), tmp_path / "b.mkv", CODECS["ffv1"]), colorizer)
    assert not half.exists()


def test_a_film_in_colour_is_left_alone(colorizer, tmp_path):
    path = write(tmp_path / "a.mkv", in_color(panned(1, 12)), "ffv1", "yuv444p")
    outcome = color_film(Job(open_film(path), tmp_path / "b.mkv", CODECS["ffv1"]), colorizer)
    assert (outcome.status, list(tmp_path.iterdir())) == ("in color", [path])
    assert color_film(Job(open_film(path), tmp_path / "b.mkv", CODECS["ffv1"], recolor=True), colorizer).status == "done"


def test_a_film_that_is_cut_off_is_coloured_as_far_as_it_goes(colorizer, tmp_path):
    path = write(tmp_path / "a.mp4", panned(1, 40), options={"bf": "0", "g": "10"})
    whole = open_film(path)
    job = Job(dataclasses.replace(whole, stated_frames=60), tmp_path / "b.mp4", CODECS["h264"])
    outcome = color_film(job, colorizer)
    assert (outcome.status, outcome.frames) == ("damaged", 40)
    assert "about 20 frames that it should have are missing" in outcome.reason


def test_pictures_in_a_folder_become_pictures_in_a_folder(colorizer, tmp_path):
    (tmp_path / "in").mkdir()
    for number, frame in enumerate(panned(1, 12)):
        Image.fromarray(frame).save(tmp_path / "in" / f"f{number}.png")
    outcome = color_film(Job(open_film(tmp_path / "in"), tmp_path / "out", CODECS["png"]), colorizer)
    assert sorted(path.name for path in outcome.result.iterdir()) == sorted(f"f{n}.png" for n in range(12))
    shown = np.asarray(Image.open(outcome.result / "f11.png"))
    gray = shown @ np.array([0.299, 0.587, 0.114])
    off = np.abs(gray - panned(1, 12)[11])
    assert off.mean() < 0.6
    assert off.max() < 6  # of RGB in 8 bits, near its ends
    assert np.ptp(shown.astype(int), axis=-1).mean() > 3


def test_hints_go_with_what_they_were_set_on(colorizer, tmp_path):
    film = write(tmp_path / "a.mp4", panned(1, 25, (96, 128), step=2) + panned(2, 12, (96, 128)))
    hints = film_hints([{"frame": 12, "x": 60, "y": 48, "radius": 6, "color": "red"}])
    plain = color_film(Job(open_film(film), tmp_path / "b.mkv", CODECS["ffv1"]), colorizer)
    outcome = color_film(Job(open_film(film), tmp_path / "c.mkv", CODECS["ffv1"], hints=hints), colorizer)
    before, after = decoded(plain.result), decoded(outcome.result)

    def red(frame, x):
        """By how much the place is more red than without hints: Cr."""
        found = [film[frame][1][2][23:26, x // 2 - 1 : x // 2 + 2].astype(float).mean() for film in (after, before)]
        return found[0] - found[1]

    assert min(red(frame, 60 + 2 * (12 - frame)) for frame in (0, 5, 12, 20)) > 12
    for frame in (26, 36):  # another scene
        np.testing.assert_array_equal(after[frame][1][2], before[frame][1][2])
    assert outcome.notes == ()
    assert list(tmp_path.glob("*.parts")) == []


def test_hints_that_a_film_has_no_place_for_are_refused(film, colorizer, tmp_path):
    hints = film_hints([{"frame": 40, "x": 30, "y": 24, "color": "red"}], "a.json")
    with pytest.raises(ValueError, match="a.json: hint 1: expected a frame from 0 to 39. Received: 40"):
        color_film(Job(open_film(film), tmp_path / "b.mp4", CODECS["h264"], hints=hints), colorizer)


def test_a_place_outside_a_film_is_refused_before_it_is_looked_through(film, colorizer, tmp_path):
    hints, told = film_hints([{"frame": 0, "x": 3000, "y": 24, "color": "red"}], "a.json"), []
    with pytest.raises(ValueError, match="a.json: Expected hint 1 inside the photo of"):
        color_film(Job(open_film(film), tmp_path / "b.mp4", CODECS["h264"], hints=hints), colorizer, told.append)
    assert told == []
    assert list(tmp_path.glob("b.mp4*")) == []


def test_a_reference_gives_its_colours(tmp_path):
    colorizer = tiny(size=32)
    film = write(tmp_path / "a.mp4", panned(1, 12))
    (reference,) = in_color(panned(1, 1))
    plain = color_film(Job(open_film(film), tmp_path / "b.mkv", CODECS["ffv1"]), colorizer)
    outcome = color_film(Job(open_film(film), tmp_path / "c.mkv", CODECS["ffv1"], reference=reference), colorizer)
    before, after = decoded(plain.result), decoded(outcome.result)
    off = [np.abs(one[1][1].astype(int) - other[1][1]).mean() for one, other in zip(before, after, strict=True)]
    assert min(off) > 1


def test_a_run_that_was_stopped_goes_on_to_the_same_file(film, colorizer, tmp_path, monkeypatch):
    monkeypatch.setattr(planning, "SEGMENT", 10)
    monkeypatch.setattr(planning.segment_ends, "__defaults__", (10,))
    whole = color_film(Job(open_film(film), tmp_path / "whole.mp4", CODECS["h264"]), colorizer)

    def stop_at(number):
        def told(progress):
            if progress.step == "colouring" and progress.frames >= number:
                raise KeyboardInterrupt

        return told

    job = Job(open_film(film), tmp_path / "stopped.mp4", CODECS["h264"])
    for number in (5, 20, 25, 35):
        with pytest.raises(KeyboardInterrupt):
            color_film(job, colorizer, stop_at(number))
        assert (tmp_path / "stopped.mp4.parts" / "journal.json").exists()
    outcome = color_film(job, colorizer)
    assert outcome.result.read_bytes() == whole.result.read_bytes()
    assert 0 < outcome.looks < whole.looks


@pytest.mark.slow
def test_a_full_disk_is_said_and_with_more_room_it_goes_on(film, colorizer, tmp_path):
    whole = color_film(Job(open_film(film), tmp_path / "whole.mkv", CODECS["ffv1"]), colorizer)
    with small_disk(tmp_path / "disk", 48) as mount:
        job = Job(open_film(film), tmp_path / "disk" / "a.mkv", CODECS["ffv1"])
        with pytest.raises(OSError, match="No space left|disk is full") as error:
            color_film(job, colorizer)
        assert error.value.errno == errno.ENOSPC
        assert [path.name for path in (tmp_path / "disk").iterdir()] == ["a.mkv.parts"]
        mount("size=10m")
        outcome = color_film(job, colorizer)
        assert outcome.status == "done"
        for (at, before), (then, after) in zip(decoded(whole.result), decoded(outcome.result), strict=True):
            assert at == then
            assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_opencv_has_its_threads_back_afterwards():
    import cv2

    cv2.setNumThreads(3)
    with one_thread():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == 3


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_to_the_same_file(tmp_path):
    painter(size=32).save(tmp_path / "model.keras")
    pans = [frame for seed in (1, 2, 3) for frame in panned(seed, 270, (96, 128))]
    film = write(tmp_path / "a.mp4", pans, sound=True)
    root = pathlib.Path(kcolor.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root), "TF_CPP_MIN_LOG_LEVEL": "3"}

    def command(name):
        model = str(tmp_path / "model.keras")
        return [sys.executable, "-m", "kcolor", "video", str(film), "-o", str(tmp_path / name), "--model", model, "--quiet"]

    began = time.monotonic()
    subprocess.run(command("whole.mp4"), env=environment, check=True, timeout=600)
    length = time.monotonic() - began
    rng, kills = np.random.default_rng(0), 0
    for _ in range(40):
        process = subprocess.Popen(command("killed.mp4"), env=environment)
        try:
            process.wait(rng.uniform(0.3, 1.0) * length)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            kills += 1
        if process.wait() == 0:
            break
        if (tmp_path / "killed.mp4").exists():  # killed after it had written the film, and before it had ended: it is whole
            break
    assert kills > 0
    files = [hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("whole.mp4", "killed.mp4")]
    assert files[0] == files[1]
