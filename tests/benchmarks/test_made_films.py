"""Films made of pictures: what moves, moves as it should."""

import numpy as np
import pytest
from helpers.films import decoded

from benchmarks import made_films
from kcolor.video import flow

PICTURE = np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype="uint8").repeat(20, axis=0).repeat(20, axis=1)


def test_the_camera_moves_as_it_was_told():
    film = list(made_films.moved(PICTURE, (96, 128), 11, (0, 0.5), (1, 0.5), (1.25, 1.25)))
    assert len(film) == 11
    lights = [flow.comparable(frame.mean(axis=-1).astype("float32") / 255) for frame in film[:2]]
    found = np.median(flow.motion(flow.make_finder(), lights[1], lights[0])[..., 0])
    first, second = (made_films.view(PICTURE, (96, 128), share, (0, 0.5), (1, 0.5), (1.25, 1.25)) for share in (0, 0.1))
    assert found == pytest.approx((second[0] - first[0]) / first[2], abs=0.4)


def test_what_is_done_to_films():
    still = [PICTURE[:96, :128]] * 8
    assert len(list(made_films.telecined(still))) == 10
    assert np.ptp([frame.mean() for frame in made_films.flickering(still)]) > 2
    assert [frame.max() for frame in made_films.fading(still, 8)][-1] == 0
    grain = [frame.astype(int) - still[0] for frame in made_films.grainy(still)]
    assert 2 < grain[0].std() < 6
    passed = list(made_films.behind(still, PICTURE[::-1], 8))
    assert (passed[0] != passed[7]).any()
    assert len(list(made_films.everything([PICTURE] * 5, (48, 64), 4))) == 20


def test_films_are_written_with_all_of_their_colour(tmp_path):
    path = made_films.write(tmp_path / "a.mkv", [PICTURE[:96, :128]] * 3)
    planes = decoded(path)[0][1]
    assert [plane.shape for plane in planes] == [(96, 128)] * 3
