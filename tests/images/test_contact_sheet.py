"""Contact sheets."""

import numpy as np

from kcolor.images.contact_sheet import contact_sheet


def test_a_sheet_has_every_picture_where_it_belongs():
    red, blue = (np.full((10, 20, 3), value, "uint8") for value in ([255, 0, 0], [0, 0, 255]))
    sheet = np.asarray(contact_sheet([[red, blue], [blue]], ["one", "other"], [["a", "b"], ["c"]], height=10))
    assert (sheet == [255, 0, 0]).all(axis=-1).sum() == 200
    assert (sheet == [0, 0, 255]).all(axis=-1).sum() == 400
