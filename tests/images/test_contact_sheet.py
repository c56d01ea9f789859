"""Contact sheets: every picture where it belongs."""

import numpy as np
import pytest

from kcolor.images.contact_sheet import contact_sheet


def test_a_sheet_has_every_picture_where_it_belongs():
    red, blue = (np.full((10, 20, 3), value, "uint8") for value in ([255, 0, 0], [0, 0, 255]))
    sheet = np.asarray(contact_sheet([[red, blue], [blue]], ["one", "other"], [["a", "b"], ["c"]], height=10))
    assert (sheet == [255, 0, 0]).all(axis=-1).sum() == 200
    assert (sheet == [0, 0, 255]).all(axis=-1).sum() == 400


@pytest.mark.parametrize(("words", "height"), [({}, 22), ({"headings": ["a"]}, 37), ({"captions": [["b"]]}, 37)])
def test_words_have_room_of_their_own(words, height):
    assert contact_sheet([[np.zeros((10, 20, 3), "uint8")]], height=10, **words).size == (32, height)


def test_a_picture_that_is_very_wide_lies_in_the_middle_of_its_height():
    for wide, rows in (((10, 100), 8), ((1, 2000), 1)):
        sheet = np.asarray(contact_sheet([[np.full((*wide, 3), (255, 0, 0), "uint8")]], height=20))
        assert sheet.shape == (6 + 26, 6 + 80 + 6, 3)
        there = np.flatnonzero((sheet == (255, 0, 0)).all(axis=-1).any(axis=1))
        assert (there[0], len(there)) == (6 + (20 - rows) // 2, rows)
        assert (sheet == (255, 0, 0)).all(axis=-1).sum() == rows * 80


def test_pictures_are_scaled_to_one_height_and_lie_in_the_middle_of_their_column():
    wide, tall = np.full((10, 40, 3), (255, 0, 0), "uint8"), np.full((40, 10, 3), (0, 0, 255), "uint8")
    sheet = np.asarray(contact_sheet([[wide], [tall]], height=20))
    assert sheet.shape == (6 + 2 * 26, 6 + 80 + 6, 3)
    _, columns = np.nonzero((sheet == (0, 0, 255)).all(axis=-1))
    assert (columns.min(), columns.max()) == (6 + 37, 6 + 41)
