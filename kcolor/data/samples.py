"""The sample photos that come with kcolor."""

import importlib.resources
import io

import numpy as np
from PIL import Image


def sample_photos() -> dict[str, np.ndarray]:
    """The photos that come with kcolor, uint8 RGB by name."""
    folder = importlib.resources.files("kcolor") / "samples"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".jpg")), key=lambda f: f.name)
    return {f.name[:-4]: np.asarray(Image.open(io.BytesIO(f.read_bytes())).convert("RGB")) for f in files}
