"""Picture files and folders for tests, and what their pictures are compared with."""

import zipfile

import numpy as np
from PIL import Image

COLORS = [(220, 30, 30), (30, 160, 60), (40, 60, 200), (230, 200, 20)]


def save(path, color=COLORS[0], size=(40, 30), **options):
    """One picture of one colour; size is (width, height)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path, **options)


def fill(root, names, **options):
    """Pictures of these names in a folder."""
    for i, name in enumerate(names):
        save(root / name, COLORS[i % len(COLORS)], **options)


def zip_of(root, path, prefix=""):
    """A zip of all that is in a folder."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*")):
            archive.write(file, prefix + file.relative_to(root).as_posix())
    return path


def keys(pictures, *order):
    """The keys of one epoch, in order."""
    return [key for key, _ in pictures.items(*order)]


def same(one, other):
    """Whether two lists of arrays are equal."""
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def arrays(dataset):
    """The batches of one epoch, as NumPy arrays."""
    return [np.asarray(batch) for batch in dataset]


def rows(batches):
    """The pictures of some batches, one after another."""
    return [picture for batch in batches for picture in batch]


def photo(height, width, seed=0):
    """Smooth and colourful, uint8."""
    coarse = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), dtype="uint8")
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def gradient(height, width):
    """Red says the column, green the row: so a picture says what was cut out of it."""
    rows, columns = np.mgrid[:height, :width]
    return Image.fromarray(np.stack([columns, rows, np.zeros_like(rows)], axis=-1).astype("uint8"))


def break_some(folder, count):
    """Files in a folder that are called pictures and are none."""
    for i in range(count):
        (folder / f"broken{i}.png").write_text("no picture")
