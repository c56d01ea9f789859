"""The sample photos that come with kcolor."""

import importlib.resources
import io

import numpy as np
from PIL import Image


def sample_photos() -> dict[str, np.ndarray]:
    """Returns the photos that come with kcolor.

    >>> from kcolor.data.samples import sample_photos
    >>> sorted(sample_photos())
    ['beach', 'girl', 'hats', 'lighthouse', 'parrots']

    Returns:
        Dict of name to uint8 array ``(height, width, 3)``, RGB.
    """
    folder = importlib.resources.files("kcolor") / "samples"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".jpg")), key=lambda f: f.name)
    return {f.name[:-4]: np.asarray(Image.open(io.BytesIO(f.read_bytes())).convert("RGB")) for f in files}
