"""Files of hints."""

import json

import pytest

from kcolor.hints import Everywhere, Hint, Stroke, files


def written(tmp_path, content):
    path = tmp_path / "coat.hints.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_file_of_one_photo(tmp_path):
    hints = [
        {"x": 3, "y": 4, "color": "#7a5c3e", "radius": 2},
        {"points": [[1, 2], [3, 4]], "color": [10, 20, 30]},
        {"x": 0.5, "y": 0.5, "color": "keep", "relative": True},
        {"everywhere": True, "color": [5, 10]},
    ]
    found = files.read(written(tmp_path, {"size": [30, 20], "hints": hints}))
    assert found.size == (30, 20)
    assert found.hints == (
        Hint(3, 4, "#7a5c3e", radius=2),
        Stroke([(1, 2), (3, 4)], (10, 20, 30)),
        Hint(0.5, 0.5, "keep", relative=True),
        Everywhere((5, 10)),
    )
    assert len(found.placed(20, 30).patches) == 4  # a stroke has two ends


def test_a_file_of_an_album(tmp_path):
    found = files.read(written(tmp_path, {"photos": {"a.jpg": {"hints": []}, "b.jpg": [{"x": 1, "y": 2, "color": "red"}]}}))
    assert {name: one.hints for name, one in found.items()} == {"a.jpg": (), "b.jpg": (Hint(1, 2, "red"),)}


def test_hints_for_another_size_are_refused_by_name(tmp_path):
    found = files.read(written(tmp_path, {"size": [30, 20], "hints": []}))
    with pytest.raises(ValueError, match=r"coat.hints.json: these hints are for a photo of 30 × 20 pixels. This one has 20 ×"):
        found.placed(30, 20)


def test_hints_outside_are_refused_by_name(tmp_path):
    found = files.read(written(tmp_path, {"hints": [{"x": 50, "y": 2, "color": "red"}]}))
    with pytest.raises(ValueError, match=r"coat.hints.json: Expected hint 1 inside the photo of 30 × 20 pixels"):
        found.placed(20, 30)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not a JSON file"),
        ("[" * 100_000, "not a JSON file"),
        (3, r'expected \{"hints"'),
        ({"hint": []}, r'expected \{"hints"'),
        ({"hints": [], "sice": [1, 2]}, "unknown 'sice'. Expected some of hints, size"),
        ({"hints": [], "size": [1]}, r'expected "size" as \[width, height\]'),
        ({"photos": []}, 'expected "photos" as names'),
        ({"photos": {"a.jpg": {}}}, r'a.jpg: expected \{"hints"'),
        ({"hints": [{"x": 1, "y": 2, "colour": "red"}]}, "hint 1: unknown 'colour'"),
        ({"hints": [{"x": 1, "y": 2}]}, "hint 1: expected x, y, color. Missing: color"),
        ({"hints": [{"x": 1, "y": 2, "color": "red"}, {"x": 1, "y": 2, "color": "rod"}]}, "hint 2: Expected a colour"),
        ({"hints": [{"x": 1, "y": 2, "color": "red", "relative": 1}]}, 'hint 1: expected "relative" as true or false'),
        ({"hints": [{"x": 1, "y": 2, "color": "red", "exact": "no"}]}, 'hint 1: expected "exact" as true or false'),
        ({"hints": [{"everywhere": False, "color": "red"}]}, 'hint 1: expected "everywhere" as true'),
        ({"hints": ["red"]}, 'hint 1: expected {"x"'),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path, content, message):
    with pytest.raises(ValueError, match=message) as error:
        files.read(written(tmp_path, content))
    assert "coat.hints.json" in str(error.value)


def test_a_list_alone_is_hints_too():
    assert files.photo_hints([{"x": 1, "y": 2, "color": "red"}]).hints == (Hint(1, 2, "red"),)


def test_hints_lie_beside_their_photo(tmp_path):
    assert files.beside(tmp_path / "beach.JPG") == tmp_path / "beach.hints.json"


def test_json_is_read_or_refused(tmp_path):
    (tmp_path / "a.json").write_text('{"a": [1]}')
    assert files.read_json(tmp_path / "a.json") == {"a": [1]}
    (tmp_path / "a.json").write_text("[1]", encoding="utf-8-sig")  # as editors on Windows write it
    assert files.read_json(tmp_path / "a.json") == [1]
    (tmp_path / "a.json").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="a.json: not a JSON file"):
        files.read_json(tmp_path / "a.json")
