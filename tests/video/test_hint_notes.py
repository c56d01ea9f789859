"""What is said of hints that were not used."""

import numpy as np
from helpers.films import SIZE

from kcolor.hints.hint import Hint, place
from kcolor.video.film_hints import film_hints
from kcolor.video.hint_notes import notes_of
from kcolor.video.hint_tracks import Track, Tracks
from kcolor.video.plan import Scene

TIMES = np.arange(20) / 25


def scenes(*color):
    return [Scene(10 * number, 10 * number + 10, one, 0.0, 1.0) for number, one in enumerate(color)]


def test_hints_in_a_scene_in_colour_are_said():
    place = {"x": 3, "y": 2, "color": "red"}
    whole = {"everywhere": True, "color": "wheat", "frame": 19}
    hints = film_hints([{**place, "frame": 9}, {**place, "frame": 10}, whole]).by_frame(TIMES)
    assert notes_of(hints, scenes(False, False), Tracks()) == []
    found = notes_of(hints, scenes(False, True), Tracks())
    words = "is not used: its scene is in colour already. To colour it anyway: `recolor=True`"
    assert found == [f"hint 2 {words}", f"hint 3 {words}"]


def test_hints_that_were_lost_are_said():
    shifts = np.zeros((10, 1, 2), "float32")
    shifts[4:] = np.nan
    track = Track(10, place([Hint(10, 10, "red")], *SIZE).patches, shifts)
    (note,) = notes_of({}, scenes(False, False), Tracks([track]))
    assert note == "hint 1 could be followed from frame 10 to 13 only; its scene has frames 10 to 19"
