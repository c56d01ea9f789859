"""Which photo gets which hints; and their files, coloured."""

import json

import numpy as np
import pytest
from helpers.albums import fill
from helpers.colorizers import painter, small
from PIL import Image

from kcolor.hints import Hint
from kcolor.hints.kept import kept
from kcolor.photo_files.colorize_files import colorize_files
from kcolor.photo_files.hint_files import draw_matches, given_hints, hints_beside, read_reference
from kcolor.photo_files.output_paths import Plan

RED = {"x": 3, "y": 2, "color": "firebrick"}


@pytest.fixture
def album(tmp_path):
    return fill(tmp_path / "album")


@pytest.fixture(scope="module")
def colorizer():
    return painter(size=16)


def photos_of(folder):
    return [job.photo for job in Plan([folder], folder / "out")]


def test_hints_beside_a_photo_are_found(album):
    (album / "a.hints.json").write_text(json.dumps([RED]))
    (album / "b.hints.json").write_text("{")
    found = hints_beside(photos_of(album))
    assert found[album / "a.jpg"].hints == (Hint(3, 2, "firebrick"),)
    assert "not a JSON file" in found[album / "b.png"]
    assert len(found) == 2


def test_hints_that_are_given_come_first(album, colorizer):
    (album / "a.hints.json").write_text("{")  # would fail
    outcomes = colorize_files([album / "a.jpg"], album / "out", colorizer, recolor=True, hints=[Hint(1, 1, "navy")])
    assert [outcome.status for outcome in outcomes] == ["done"]
    assert hints_beside([album / "a.jpg"], album / "a.hints.json") == {}  # the file that is given, not one beside


def test_a_file_names_the_photos_of_an_album(album):
    file = album / "all.json"
    file.write_text(json.dumps({"photos": {"a.jpg": [RED]}}))
    assert list(given_hints(photos_of(album), file)) == [album / "a.jpg"]
    file.write_text(json.dumps({"photos": {"nowhere.jpg": [RED]}}))
    with pytest.raises(ValueError, match=r"all.json: expected names .* 'nowhere.jpg'. There is no such photo"):
        given_hints(photos_of(album), file)


def test_hints_for_one_photo_are_not_for_an_album(album):
    with pytest.raises(ValueError, match="Expected one photo for hints of its places"):
        given_hints(photos_of(album), [Hint(1, 1, "navy")])


def test_hints_are_kept_in_the_files(album, colorizer):
    outcomes = colorize_files([album / "a.jpg"], model=colorizer, recolor=True, hints=[Hint(6, 5, "firebrick", radius=2)])
    written = np.asarray(Image.open(outcomes[0].result).convert("RGB"))
    from kcolor.hints.hint import place

    (found,) = kept(written, place([Hint(6, 5, "firebrick", radius=2)], *written.shape[:2]), colorizer.target)
    assert found.missed < 2.0
    assert outcomes[0].status == "done"


@pytest.mark.slow
def test_what_does_not_exist_is_said(album, colorizer):
    white = album / "white.png"
    Image.new("RGB", (16, 16), (250, 250, 250)).save(white)
    (outcome,) = colorize_files([white], model=colorizer, recolor=True, hints=[Hint(6, 5, "red")])
    assert "hint 1: red does not exist at this lightness; the nearest is #" in outcome.notes[0]


def test_wrong_hints_are_one_photos_trouble(album, colorizer):
    (album / "a.hints.json").write_text(json.dumps({"size": [1000, 1000], "hints": [RED]}))
    (album / "b.hints.json").write_text(json.dumps([{**RED, "x": 999}]))
    outcomes = colorize_files([album], model=colorizer, recolor=True)
    wrong = {outcome.photo.name: outcome.reason for outcome in outcomes if outcome.status == "failed"}
    assert "these hints are for a photo of 1000 × 1000 pixels" in wrong["a.jpg"]
    assert "Expected hint 1 inside the photo" in wrong["b.png"]
    assert sum(outcome.status == "done" for outcome in outcomes) == len(outcomes) - 2


def test_a_reference_is_in_colour(tmp_path, samples):
    Image.fromarray(samples["parrots"][:40, :60]).save(tmp_path / "colour.png")
    assert read_reference(tmp_path / "colour.png").shape == (40, 60, 3)
    Image.fromarray(samples["parrots"][:40, :60]).convert("L").save(tmp_path / "grey.png")
    with pytest.raises(ValueError, match=r"a photo in colour. Received: .*grey.png, which is gr"):
        read_reference(tmp_path / "grey.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"broken.png: "):
        read_reference(tmp_path / "broken.png")


@pytest.mark.slow
def test_a_photo_takes_the_colours_of_a_reference(tmp_path, samples):
    Image.fromarray(samples["parrots"][:48, :64]).save(tmp_path / "colour.png")
    model = small(size=24)
    results = []
    for given in (None, tmp_path / "colour.png"):
        (outcome,) = colorize_files(
            [tmp_path / "colour.png"], model=model, recolor=True, overwrite=True, reference=given, out=tmp_path / "out"
        )
        results.append(np.asarray(Image.open(outcome.result)))
    assert not np.array_equal(*results)


def test_matches_are_drawn(tmp_path, samples):
    Image.fromarray(samples["parrots"][:48, :64]).save(tmp_path / "colour.png")
    draw_matches(tmp_path / "colour.png", tmp_path / "colour.png", small(size=24), tmp_path / "matches.png")
    with Image.open(tmp_path / "matches.png") as picture:
        assert picture.size == (480 + 8 + 480, 360)


def test_a_name_may_be_written_in_another_normal_form(tmp_path):
    photo = tmp_path / "Mu\u0308ller.jpg"  # as a Mac writes it
    (tmp_path / "hints.json").write_text(json.dumps({"photos": {"M\u00fcller.jpg": [{"x": 1, "y": 1, "color": "red"}]}}))
    assert list(given_hints([photo], tmp_path / "hints.json")) == [photo]
