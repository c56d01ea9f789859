"""What was left out is counted and named; too much of it is an error."""

import pytest
from helpers.picture_files import break_some
from PIL import Image

from kcolor import data


def test_broken_ones_are_left_out_and_named(folder):
    break_some(folder, 2)  # of 14: more than 5 %, but two of a few may always be broken
    counts = data.ReadCounts()
    pictures = data.pictures(folder, "all")
    for epoch in range(2):  # counted once
        assert len(list(data.each(pictures, 16, counts=counts, epoch=epoch))) == 12
    assert sorted(counts.broken) == ["broken0.png", "broken1.png"]
    assert "not a picture" in counts.broken["broken0.png"]
    assert (counts.seen, counts.gray, counts.error) == (14, 0, None)
    assert counts.summary() == "14 pictures seen, 2 broken (broken0.png, broken1.png)"


def test_too_many_broken_ones_are_an_error_that_names_the_first(folder):
    break_some(folder, 4)
    counts = data.ReadCounts()
    with pytest.raises(
        ValueError, match=r"no more than 5% broken.*[34] of .*broken[01].png \(not a picture.*broken[23].png.*max_broken"
    ):
        list(data.each(data.pictures(folder, "all"), 16, counts=counts))
    assert isinstance(counts.error, ValueError)
    assert len(list(data.each(data.pictures(folder, "all"), 16, max_broken=0.3))) == 12


def test_three_of_a_few_are_too_many(folder):
    break_some(folder, 3)
    with pytest.raises(ValueError, match=r"Received: 3 of \d+ so far"):
        list(data.each(data.pictures(folder, "all"), 16))


def test_a_share_is_not_judged_by_the_first_few():
    counts = data.ReadCounts()
    for i in range(40):
        counts.add(f"{i}", broken="bad luck")
    counts.check(total=1000, max_broken=0.05)  # 50 may be
    with pytest.raises(ValueError, match="40 of 40"):
        counts.check(total=700, max_broken=0.05)
    with pytest.raises(ValueError, match="at least one picture that can be used. Received none: 40 pictures seen, 40 broken"):
        counts.check_end()


def test_nothing_but_grey_is_an_error(tmp_path):
    Image.new("L", (9, 9)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="Received none: 1 picture seen, 1 grey left out"):
        list(data.each(data.pictures(tmp_path, "all"), 8, skip_gray=True))
