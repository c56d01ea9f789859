"""What is said of a film."""

from pathlib import Path

from kcolor.video.outcome import VideoOutcome, VideoProgress


def test_progress_says_frames_scene_pace_and_time_left():
    line = str(VideoProgress(Path("a.mp4"), "colouring", 1_500, 3_000, 2, 5, 12.5))
    assert line == "1,500 of 3,000 frames  scene 2 of 5  12.5 frames/s  2:00 left"
    assert str(VideoProgress(Path("a.mp4"), "looking", 1_500)) == "looking for scenes: 1,500 frames"
    assert str(VideoProgress(Path("a.mp4"), "joining")) == "joining"


def test_outcomes_are_lines():
    film, result = Path("a.mp4"), Path("b.mp4")
    assert str(VideoOutcome(film, "done", result, frames=1, scenes=1)) == "b.mp4: 1 frame, 1 scene"
    assert str(VideoOutcome(film, "damaged", result, "3 are missing", 10, 2)) == "b.mp4: 10 frames, 2 scenes, but 3 are missing"
    assert str(VideoOutcome(film, "skipped", result)) == "b.mp4 is there already"
    assert str(VideoOutcome(film, "in color", reason="so it is")) == "a.mp4 left alone: so it is"
