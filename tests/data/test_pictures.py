"""Pictures in an order that seed and epoch decide, with and without random access."""

import sys

from helpers.picture_files import keys

from kcolor import data
from kcolor.data.pictures import Listed, Streamed, shuffled


def test_an_order_is_a_function_of_seed_and_epoch(many):
    pictures = data.pictures(many, "all")
    assert isinstance(pictures, Listed)
    assert isinstance(pictures, data.Pictures)
    assert keys(pictures) == sorted(keys(pictures))
    orders = {order: tuple(keys(pictures, *order)) for order in [(0, 0), (0, 1), (1, 0), (1, 1)]}
    assert len(set(orders.values())) == 4
    assert all(sorted(order) == keys(pictures) for order in orders.values())
    assert tuple(keys(data.pictures(many, "all"), 1, 1)) == orders[1, 1]


def test_streams_are_shuffled_in_a_buffer():
    items = [(f"{i}", b"12") for i in range(100)]
    found = list(shuffled(iter(items), 1, 2, most=20))
    assert sorted(found) == sorted(items)
    assert found != items
    assert found == list(shuffled(iter(items), 1, 2, most=20))
    assert found != list(shuffled(iter(items), 1, 3, most=20))
    assert max(items.index(x) - i for i, x in enumerate(found)) <= 20  # none comes before it can have been read
    taken = []
    next(shuffled((taken.append(x) or x for x in items), 1, 2, most=20))
    assert len(taken) == 21


def test_large_items_make_a_small_buffer(monkeypatch):
    monkeypatch.setattr(sys.modules["kcolor.data.pictures"], "_BYTES", 10)  # `data.pictures` is the function
    taken = []
    found = shuffled((taken.append(i) or (f"{i}", b"1234") for i in range(9)), 0, 0)
    next(found)
    assert len(taken) == 3
    assert len(list(found)) == 8


def test_a_stream_is_pictures():
    stream = Streamed("x/train", 3, lambda seed: iter([("a", b"1"), ("b", b"2"), ("c", b"3")]), None, "stamp")
    assert (len(stream), stream.description, stream.stamp()) == (3, "x/train: 3 pictures", "stamp")
    assert list(stream.items()) == [("a", b"1"), ("b", b"2"), ("c", b"3")]
    assert sorted(stream.items(0, 0)) == list(stream.items())
