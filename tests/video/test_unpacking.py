"""Segments as a folder of pictures."""

import numpy as np
from helpers.films import panned, write
from PIL import Image

from kcolor.video.codecs import CODECS
from kcolor.video.film import open_film
from kcolor.video.plan import look_through
from kcolor.video.unpacking import unpack


def test_frames_of_a_film_are_numbered_from_one(tmp_path):
    film = open_film(write(tmp_path / "a.mkv", panned(frames=5), "ffv1"))
    (tmp_path / "out").mkdir()
    unpack([film.path], look_through(film), film, CODECS["png"], tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{number:06}.png" for number in range(1, 6)]
    assert np.abs(np.asarray(Image.open(tmp_path / "out" / "000003.png"))[..., 1] - panned(frames=5)[2].astype(int)).max() <= 1
