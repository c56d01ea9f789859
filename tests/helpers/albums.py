"""Albums of made-up photographs."""

import numpy as np
from PIL import Image


def photo(seed=0, size=(40, 56)):
    """A grey photograph, as a Pillow image."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (5, 7), dtype="uint8"))
    return coarse.resize(size[::-1], Image.Resampling.BICUBIC)


def fill(folder):
    """Five photographs, two of them in a folder below; returns the folder."""
    (folder / "1912").mkdir(parents=True)
    for i, name in enumerate(["a.jpg", "b.png", "c.tif", "1912/d.jpg", "1912/Großmutter 祖母 جدة.jpg"]):
        photo(i).save(folder / name)
    return folder
