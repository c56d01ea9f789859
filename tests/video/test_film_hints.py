"""Files of hints for films: which frame, which place, and what is said of mistakes."""

import json

import pytest

from kcolor.hints import Everywhere, Hint
from kcolor.video.film_hints import FilmHint, FilmHints, clock, film_hints, read, seconds_of

PLACE = {"x": 3, "y": 2, "color": "red"}


def test_each_hint_has_its_frame_or_its_time():
    found = film_hints({"hints": [{**PLACE, "frame": 7}, {**PLACE, "time": "00:00:01.5"}, {**PLACE, "time": 2}]})
    assert [(one.frame, one.seconds) for one in found.hints] == [(7, None), (None, 1.5), (None, 2.0)]
    assert {one.hint for one in found.hints} == {Hint(3, 2, "red")}


def test_what_is_said_beside_the_hints_is_for_those_that_say_nothing():
    found = film_hints({"frame": 4, "hints": [PLACE, {**PLACE, "time": "0:05"}]})
    assert [(one.frame, one.seconds) for one in found.hints] == [(4, None), (None, 5.0)]


def test_a_colour_of_the_whole_picture_is_for_the_scene_of_its_frame():
    (found,) = film_hints([{"everywhere": True, "color": "wheat", "frame": 4}]).hints
    assert (found.hint, found.frame) == (Everywhere("wheat"), 4)
    with pytest.raises(ValueError, match='hint 1: expected "frame" or "time"'):
        film_hints([{"everywhere": True, "color": "wheat"}])


def test_a_time_is_the_frame_that_is_shown_then():
    times = [0, 0.04, 0.08, 0.5]
    hints = film_hints([{**PLACE, "time": second} for second in (0, 0.039, 0.04, 0.3, 0.5)])
    placed = hints.placed(times, 10, 20)
    numbers = {frame: [patch.number for patch in one.patches] for frame, one in placed.items()}
    assert numbers == {0: [1, 2], 1: [3], 2: [4], 3: [5]}
    assert FilmHints().placed(times, 10, 20) == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"hints": [PLACE]}, 'hint 1: expected "frame" or "time", one of the two. Received: neither'),
        ({"hints": [{**PLACE, "frame": 1, "time": 1}]}, "Received: frame, time"),
        ({"hints": [{**PLACE, "frame": -1}]}, 'hint 1: expected "frame" as a number of a frame, from 0. Received: -1'),
        ({"hints": [{**PLACE, "frame": True}]}, "Received: True"),
        ({"hints": [{**PLACE, "time": "soon"}]}, """expected "time" as "HH:MM:SS" or as seconds. Received: 'soon'"""),
        ({"hints": [{**PLACE, "frame": 1, "colour": "red"}]}, "hint 1: unknown 'colour'"),
        ({"hints": [{"frame": 1, "x": 3, "y": 2, "color": "blurple"}]}, "hint 1: Expected a colour"),
        ({"hints": [7]}, "hint 1: expected"),
        ({"hints": [], "frames": 3}, "unknown 'frames'"),
        ({"photos": {}}, 'expected {"hints"'),
        (7, 'expected {"hints"'),
    ],
)
def test_mistakes_are_named(content, message, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match="a.json: ") as error:
        read(tmp_path / "a.json")
    assert message in str(error.value)


def test_a_time_is_written_as_it_is_read():
    assert clock(5) == "00:00:05.000"
    assert seconds_of(clock(3723.5)) == 3723.5
    assert FilmHint(Hint(3, 2, "red"), None, 5.0, 1).frame is None


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"hints": [{"x": \udcff}]}'])
def test_what_is_no_json_is_said(tmp_path, text):
    (tmp_path / "a.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match="not a JSON file"):
        read(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([{**PLACE, "frame": 3}], "a.json: hint 1: expected a frame from 0 to 2. Received: 3"),
        ([{**PLACE, "time": 1}], "expected a time up to 00:00:00.080, when the last frame begins. Received: 00:00:01.000"),
        ([{**PLACE, "frame": 1, "x": 20}], "a.json: Expected hint 1 inside the photo of 20 × 10 pixels"),
        ({"size": [40, 20], "frame": 1, "hints": [PLACE]}, "a.json: these hints are for a photo of 40 × 20 pixels"),
    ],
)
def test_a_film_that_has_no_such_frame_or_place_is_said(content, message):
    with pytest.raises(ValueError, match="a.json") as error:
        film_hints(content, "a.json").placed([0, 0.04, 0.08], 10, 20)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([{**PLACE, "frame": 1}, {**PLACE, "frame": 9, "x": 20}], "a.json: Expected hint 2 inside the photo of 20 × 10 pixels"),
        ({"size": [40, 20], "frame": 1, "hints": [PLACE]}, "a.json: these hints are for a photo of 40 × 20 pixels"),
    ],
)
def test_places_are_checked_without_frames(content, message):
    with pytest.raises(ValueError, match="a.json") as error:
        film_hints(content, "a.json").check_places(10, 20)
    assert message in str(error.value)
    film_hints([{**PLACE, "frame": 999}]).check_places(10, 20)


def test_a_scene_has_one_colour_for_the_whole_picture():
    colors = {0: "wheat", 2: "navy"}
    hints = film_hints([{"everywhere": True, "color": color, "frame": frame} for frame, color in colors.items()], "a.json")
    placed = hints.placed([0, 0.04, 0.08], 10, 20, cuts=[0, 2])
    assert {frame: one.everywhere for frame, one in placed.items()} == colors
    with pytest.raises(ValueError, match="a.json: expected one colour .* one in frame 0, and one in frame 2 of the same scene"):
        hints.placed([0, 0.04, 0.08], 10, 20, cuts=[0])


@pytest.mark.parametrize("time", ["", "1:2:3:4", "-1", -1, float("nan"), None, True, "1e3"])
def test_what_is_no_time(time):
    with pytest.raises(ValueError, match="expected"):
        seconds_of(time)
