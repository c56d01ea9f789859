"""What `kcolor video` prints."""

import argparse
import json
from pathlib import Path

from kcolor.cli.video_progress import VideoLine
from kcolor.video.outcome import VideoOutcome, VideoProgress


def parser():
    found = argparse.ArgumentParser()
    found.add_argument("--deinterlace", action="store_true")
    return found


DAMAGED = VideoOutcome(
    Path("a.mp4"), "damaged", Path("b.mp4"), "9 are missing", 30, 2, seconds=61.2, notes=("to change it: `deinterlace=True`",)
)


def test_what_is_missing_goes_to_standard_error(capsys):
    VideoLine(parser()).finish(DAMAGED)
    said = capsys.readouterr()
    assert said.err == "kcolor: a.mp4: what could be read of it is coloured, but 9 are missing\n"
    assert said.out == "b.mp4: 30 frames, 2 scenes, but 9 are missing in 1:01\n  to change it: --deinterlace\n"


def test_json_has_all_of_it(capsys):
    line = VideoLine(parser(), as_json=True)
    line.finish(DAMAGED)
    line.failed("c.mp4", "it is empty")
    found = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert found[0]["film"] == "a.mp4"
    assert found[0]["notes"] == ["to change it: --deinterlace"]
    assert found[1] == {"film": "c.mp4", "status": "failed", "reason": "it is empty"}


def test_progress_is_said_now_and_then_alone(capsys, monkeypatch):
    times = iter([100.0, 110.0, 131.0, 140.0])  # the first is that of the beginning
    monkeypatch.setattr("time.monotonic", lambda: next(times))
    line = VideoLine(parser())
    for _ in range(3):
        line(VideoProgress(Path("a.mp4"), "colouring", 10, 20, 1, 2, 5.0))
    line.wipe()
    assert capsys.readouterr().err == "a.mp4  10 of 20 frames  scene 1 of 2  5.0 frames/s  2.0 s left\n"
