"""The pictures that an evaluation shows."""

import numpy as np
import pytest

from kcolor.evaluation.examples import EACH, SAMPLE, Gallery, Shown


def offer(gallery, psnr):
    """A gallery of 2×2 pictures, whose grey level is their number modulo 256."""
    numbers = np.arange(len(psnr)) % 256
    batch = np.broadcast_to(numbers[:, None, None, None], (len(psnr), 2, 2, 3)).astype("uint8")
    values = {"psnr": np.array(psnr, "float32"), "ab_distance": np.zeros(len(psnr), "float32")}
    ways = ("grey", "model", "oracle")
    gallery.add(batch, dict.fromkeys(ways, batch), dict.fromkeys(ways, values))


def test_the_gallery_chooses_best_median_and_worst():
    gallery = Gallery()
    offer(gallery, [10.0, 30.0, 20.0, 40.0, 35.0, 12.0])
    offer(gallery, [11.0, 21.0, 22.0, 31.0, 32.0, 33.0, 34.0, 1.0])
    assert all(isinstance(shown, Shown) for kind in gallery.chosen().values() for shown in kind)
    chosen = {kind: [shown.psnr for shown in some] for kind, some in gallery.chosen().items()}
    # 14 pictures, median 25.5; the best and the worst ones are not shown twice.
    assert chosen == {"best": [40, 35, 34, 33], "median": [31, 30, 22, 21], "worst": [12, 11, 10, 1]}


@pytest.mark.parametrize(("count", "kinds"), [(1, (1, 0, 0)), (2, (1, 0, 1)), (3, (1, 1, 1)), (5, (2, 1, 2))])
def test_a_gallery_of_few_shows_each_once(count, kinds):
    gallery = Gallery()
    offer(gallery, range(count))
    assert tuple(map(len, gallery.chosen().values())) == kinds
    assert gallery.sheet().width > 0


def test_the_gallery_keeps_few_of_many_pictures(rng):
    gallery, psnr = Gallery(), rng.permutation(3000).astype(float)
    for start in range(0, 3000, 50):
        offer(gallery, psnr[start : start + 50])
    kept = gallery._shown
    assert len(kept) <= SAMPLE + 2 * EACH
    chosen = {kind: [shown.psnr for shown in some] for kind, some in gallery.chosen().items()}
    assert chosen["best"] == [2999, 2998, 2997, 2996]
    assert chosen["worst"] == [3, 2, 1, 0]
    assert all(1050 < value < 1950 for value in chosen["median"])  # within 15 % of the ranks
    for shown in kept:  # every thumbnail is of its own picture
        assert psnr[shown.number] == shown.psnr
        assert (shown.thumbnails["photo"] == shown.number % 50).all()


def test_an_empty_gallery_has_no_sheet():
    with pytest.raises(ValueError, match="empty"):
        Gallery().sheet()


def test_high_and_narrow_pictures_are_made_small_and_padded():
    gallery, tall = Gallery(), np.full((1, 400, 40, 3), 7, "uint8")
    ways, values = ("grey", "model", "oracle"), {"psnr": np.ones(1), "ab_distance": np.ones(1)}
    gallery.add(tall, dict.fromkeys(ways, tall), dict.fromkeys(ways, values))
    assert gallery._shown[0].thumbnails["model"].shape == (160, 16, 3)
    assert gallery.sheet(height=100).width >= 4 * 85  # room for the captions
