"""What the benchmarks share: times, tables."""

import pytest

from benchmarks import timing


def test_medians_spreads_and_ratios_by_hand():
    times = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert timing.median(times) == 3
    assert timing.spread(times) == pytest.approx(1 / 3)  # quartiles 2 and 4
    assert timing.spread([1.0]) == 0
    assert timing.ratio([1.0, 2.0, 4.0], [2.0, 6.0, 4.0]) == 2  # of 2, 3 and 1
    assert timing.rate(times, 6) == "2 ±33 %"


def test_sides_take_turns():
    order = []
    sides = {name: lambda name=name: order.append(name) for name in "ab"}
    times = timing.alternate(sides, rounds=3, seconds=1e-9, warm=1)
    assert {name: len(found) for name, found in times.items()} == {"a": 3, "b": 3}
    assert "".join(order) == "aabb" + "abbaab"  # warm and calibrate; then to and fro


def test_without_a_least_duration_a_side_is_called_once_a_round():
    calls = []
    timing.alternate({"slow": lambda: calls.append(1)}, rounds=2, seconds=0, warm=0)
    assert len(calls) == 2


def test_a_table_is_aligned():
    assert timing.table([("a", 1), ("long", 23)], ("", "n")) == "       n\na      1\nlong  23"
