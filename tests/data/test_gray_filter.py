"""Which pictures are grey."""

import numpy as np

from kcolor import data


def test_what_is_grey(rng, samples):
    noisy = np.repeat(rng.integers(0, 256, (64, 64, 1), dtype="uint8"), 3, axis=-1)
    assert data.is_gray(noisy)
    assert data.is_gray(np.clip(noisy + rng.integers(-3, 4, noisy.shape), 0, 255).astype("uint8"))
    assert data.is_gray(np.full((1, 1, 3), 7, "uint8"))
    assert not data.is_gray(np.stack([noisy[..., 0], noisy[..., 0] // 10 * 9, noisy[..., 0] // 4 * 3], -1))  # sepia
    spot = noisy.copy()
    spot[:20, :20] = (200, 30, 30)
    assert not data.is_gray(spot)
    assert not any(data.is_gray(x) for x in samples.values())


def test_how_many_landscapes_are_grey(shared):
    counts = data.ReadCounts()
    landscapes = data.pictures(shared / "landscapes.zip", "all", limit=350)
    found = list(data.each(landscapes, 64, skip_gray=True, counts=counts))
    assert 8 <= counts.gray <= 30  # about 5 %
    assert len(found) == 350 - counts.gray
    assert f"350 pictures seen, {counts.gray} grey left out" == counts.summary()
