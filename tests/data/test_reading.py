"""How one picture is read: every copy of it once an epoch."""

from helpers.picture_files import same

from kcolor import data
from kcolor.data.reading import Reading


def test_an_expansion_shows_every_copy_once_an_epoch(pictures):
    found = list(data.each(pictures, 24, copies="five_fold"))
    assert len(found) == 60
    assert same(found[:12], list(data.each(pictures, 24)))
    shuffled = [list(data.each(pictures, 24, copies="five_fold", seed=3, epoch=i)) for i in (0, 1)]
    assert not same(*shuffled)
    for epoch in shuffled:
        assert sorted(x.tobytes() for x in epoch) == sorted(x.tobytes() for x in found)
    assert len({x.tobytes() for x in found}) == 60
    turns = [key for key, _, _ in Reading(pictures=pictures, size=(8, 8), copies=2).items(3, 0)]
    assert turns[:12] != turns[12:]
    assert sorted(turns[:12]) == sorted(turns[12:])
