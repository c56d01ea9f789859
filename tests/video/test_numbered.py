"""Frames by number."""

import dataclasses

import numpy as np
import pytest
from helpers.films import panned, write

from kcolor.video.film import open_film
from kcolor.video.numbered import Numbered
from kcolor.video.plan import check_of, look_through
from kcolor.video.reading import frames


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("n") / "a.mp4", panned(frames=50), options={"g": "12"})
    opened = open_film(path)
    return opened, look_through(opened), list(frames(opened))


def test_a_source_that_stands_before_a_frame_walks_on(film):
    opened, plan, _ = film
    numbered = Numbered(opened, plan)
    assert not numbered.stands_between(0, 5)
    numbered(3)
    assert numbered.stands_between(2, 5)
    assert numbered.stands_between(0, 3)
    assert not numbered.stands_between(0, 2)
    assert not numbered.stands_between(4, 9)


def test_frames_come_by_number_and_the_last_one_again(film):
    opened, plan, whole = film
    numbered = Numbered(opened, plan)
    for number in (0, 1, 1, 2, 7, 7, 8):
        np.testing.assert_array_equal(numbered(number).luma, whole[number].luma)
    with pytest.raises(ValueError, match="It ends before"):
        numbered(50)
    numbered.close()


@pytest.mark.parametrize("stamped", [True, False])
def test_it_can_begin_anywhere(film, stamped):
    opened, plan, whole = film
    numbered = Numbered(opened, dataclasses.replace(plan, stamped=stamped))
    numbered.begin(37, check_of(whole[37]))
    np.testing.assert_array_equal(numbered(37).luma, whole[37].luma)
    numbered.begin(37, 0)  # it is there
    np.testing.assert_array_equal(numbered(38).luma, whole[38].luma)
    numbered.close()


def test_if_another_frame_is_found_it_reads_from_the_beginning(film):
    opened, plan, whole = film
    wrong = dataclasses.replace(plan, pts=plan.pts + 512)  # as of a file whose index is wrong
    numbered = Numbered(opened, wrong)
    numbered.begin(20, check_of(whole[20]))
    np.testing.assert_array_equal(numbered(20).luma, whole[20].luma)
    numbered.close()
