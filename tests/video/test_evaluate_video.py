"""A film in colour, measured."""

import json

import numpy as np
import pytest
from helpers.colorizers import painter
from helpers.films import in_color, panned, write

from kcolor.video.evaluate_video import WAYS, FrameByFrame, VideoScores, evaluate_video
from kcolor.video.steady import Manner


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("f") / "a.mkv", in_color(panned(1, 14)), "ffv1", "yuv444p")
    seen = []
    scores = evaluate_video(path, painter(), manner=Manner(ensemble=False), see=lambda n, pictures: seen.append((n, pictures)))
    return scores, seen


def test_truth_grey_and_both_ways_are_measured(found):
    scores, seen = found
    assert isinstance(scores, VideoScores)
    assert tuple(scores.scores) == WAYS
    assert scores.scores["truth"]["psnr"] == np.inf
    assert scores.scores["grey"]["chroma"] < 0.5
    assert scores.scores["grey"]["cdc_constant"] == pytest.approx(0, abs=1e-4)
    assert scores.looks == {"frame by frame": 14, "steady": 2}
    assert [number for number, _ in seen] == list(range(14))
    assert seen[0][1]["steady"].shape == (48, 64, 3)


def test_the_light_of_all_ways_is_the_films(found):
    pictures = found[1][5][1]
    lights = [pictures[way].astype(float) @ [0.299, 0.587, 0.114] for way in WAYS]
    for light in lights[1:]:
        assert np.abs(light - lights[0]).mean() < 1.5


def test_scores_are_a_table_and_json(found):
    scores = found[0]
    assert [line.split()[0] for line in scores.table().splitlines()[1:]] == ["truth", "grey", "frame", "steady"]
    assert json.loads(json.dumps(scores.to_json()))["scores"]["truth"]["psnr"] is None
    assert FrameByFrame.__doc__


def test_a_film_of_10_bits_has_the_colours_that_it_has_in_8(tmp_path):
    """Most films write light in 16 to 235 and chroma in 16 to 240, in 8 bits as in 10."""
    truths = []
    for layout in ("yuv444p", "yuv444p10le"):
        path, seen = write(tmp_path / f"{layout}.mkv", in_color(panned(1, 2)), "ffv1", layout), []
        evaluate_video(path, painter(), manner=Manner(ensemble=False), see=lambda _, pictures, to=seen: to.append(pictures))
        truths.append(seen[0]["truth"].astype(float))
    assert np.abs(truths[0] - truths[1]).mean() < 1
