"""Makes ``format-N.keras``, and what is exported from it, with the present kcolor; once for every format, and never again."""

import pathlib
import sys

import keras
import numpy as np
from PIL import Image

import kcolor

HERE = pathlib.Path(__file__).parent


def main():
    """Writes the file, and the colours that it gives the photo."""
    keras.utils.set_random_seed(5)
    target = kcolor.targets.get("bins", grid=6, temperature=0.5)
    network = kcolor.models.build("unet", target, filters=(4, 8))
    network.set_weights([3 * weight if weight.ndim > 1 else weight for weight in network.get_weights()])  # that it has colours
    colorizer = kcolor.Colorizer(network, target, size=32, saturation=1.2, stretch_tone=True)
    path = HERE / f"format-{sys.argv[1]}.keras"
    if path.exists():
        sys.exit(f"{path} is there, for good")
    colorizer.save(path)
    for kind, suffix in (("savedmodel", "-savedmodel"), ("onnx", ".onnx"), ("litert", ".tflite")):
        kcolor.export(colorizer, kind, path.with_name(f"{path.stem}{suffix}"))
    photo = np.asarray(Image.open(HERE / "photo.png"))
    Image.fromarray(colorizer.colorize(photo)).save(HERE / f"format-{sys.argv[1]}.png")


if __name__ == "__main__":
    main()
