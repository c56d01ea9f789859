"""How exact the core is on this backend: ``KERAS_BACKEND=… python -m benchmarks.accuracy``; prints in seconds.

It counts the networks' weights and compares them with what the five systems state. It prints the largest deviations from
scikit-image and Pillow, and the steepest gradients at the corners of the curves.
"""

import math

import keras
import numpy as np
import skimage
from keras import ops
from PIL import Image
from skimage.color import rgb2lab

from kcolor import color, metrics, models, targets
from kcolor.data.samples import sample_photos
from tests.helpers.gradients import gradient

STATED = [
    ("unet 8-16-32, 324 bins", 35_748, lambda: models.build("unet", targets.get("bins", grid=18), filters=(8, 16, 32))),
    ("unet 16-32-64, 324 bins", 135_684, lambda: models.build("unet", targets.get("bins", grid=18), filters=(16, 32, 64))),
    ("unet large, 324 bins", 2_166_852, lambda: models.build("unet", targets.get("bins", grid=18))),
    ("complexity_unet c=16", 58_064, lambda: models.build("complexity_unet", "lab", complexity=16)),
    ("complexity_unet c=46", 476_054, lambda: models.build("complexity_unet", "lab", complexity=46)),
    ("complexity_unet c=72", 1_164_456, lambda: models.build("complexity_unet", "lab")),
    ("complexity_discriminator c=4", 264_341, lambda: models.build("complexity_discriminator", complexity=4)),
    ("complexity_discriminator c=16", 1_081_937, lambda: models.build("complexity_discriminator")),
    ("mean_regressor", None, lambda: models.build("mean_regressor", "mean_ab")),
    ("encoder_decoder (C2)", None, lambda: models.build("encoder_decoder", "lab")),
    ("encoder_decoder, guide (C5)", None, lambda: models.build("encoder_decoder", "lab", guide=True)),
    (
        "encoder_decoder wide (C6)",
        None,
        lambda: models.build("encoder_decoder", "lab", down=(64, 128, 256, 512), up=(512, 256, 64)),
    ),
    ("pix2pix_unet, 1 to 2 channels", None, lambda: models.build("pix2pix_unet", "lab")),
    ("patchgan", 2_765_633, lambda: models.build("patchgan")),
    ("autoencoder, RGB to RGB", 4_911, lambda: models.build("autoencoder", "rgb", input_channels=3)),
]

CORNERS = {"black": 0.0, "linear foot": 0.0031308, "sRGB foot": 0.04045, "white": 1.0, "below": -0.5, "above": 1.5}


def weights():
    """Yields rows (name, counted weights, stated weights)."""
    for name, stated, build in STATED:
        yield name, sum(math.prod(w.shape) for w in build().trainable_variables), stated


def deviations():
    """Yields rows (what, largest deviation)."""
    axis = np.linspace(0, 1, 48)
    cube = np.stack(np.meshgrid(axis, axis, axis), axis=-1)
    yield "Lab on 48³ colours, scikit-image float64", _apart(color.rgb_to_lab(cube), rgb2lab(cube))
    photos = list(sample_photos().values())
    lab = max(_apart(color.rgb_to_lab(p / np.float32(255)), rgb2lab(p)) for p in photos)
    yield "Lab on the sample photos, scikit-image float64", lab
    levels = np.stack(np.meshgrid(*[np.round(np.arange(64) * 255 / 63)] * 3), axis=-1).astype("uint8")
    rgb = levels / np.float32(255)
    for name, there, back in [("Lab", color.rgb_to_lab, color.lab_to_rgb), ("YCbCr", color.rgb_to_ycbcr, color.ycbcr_to_rgb)]:
        yield f"{name} there and back on 64³ colours, of 255 levels before rounding", _apart(back(there(rgb)), rgb) * 255
    pillow = np.asarray(Image.fromarray(levels.reshape(512, 512, 3)).convert("YCbCr")).reshape(levels.shape)
    ours = np.clip(np.round(ops.convert_to_numpy(color.rgb_to_ycbcr(rgb)) * 255), 0, 255)
    yield "YCbCr on 64³ colours, Pillow, of 255 levels", np.abs(ours - pillow).max()
    truth = photos[0][None] / np.float32(255)
    pale = truth / 2 + truth.mean(axis=-1, keepdims=True) / 2
    options = {"channel_axis": -1, "data_range": 1, "gaussian_weights": True, "use_sample_covariance": False}
    expected = skimage.metrics.structural_similarity(truth[0].astype("float64"), pale[0].astype("float64"), **options)
    yield "SSIM of a pale photo, scikit-image", _apart(metrics.ssim(truth, pale)[0], expected)
    labs = [rgb2lab(picture[0].astype("float64")) for picture in (truth, pale)]
    expected = skimage.color.deltaE_ciede2000(*labs)
    yield "CIEDE2000 per pixel of a pale photo, scikit-image", _apart(metrics.delta_e_2000(*labs), expected)
    expected = skimage.metrics.peak_signal_noise_ratio(truth[0], pale[0], data_range=1)
    yield "PSNR of a pale photo in dB, scikit-image", _apart(metrics.psnr(truth, pale)[0], expected)


def slopes():
    """Yields rows (corner, steepest absolute gradient of each function there)."""
    functions = {
        "rgb_to_lab": color.rgb_to_lab,
        "lab_to_rgb": lambda x: color.lab_to_rgb(x * 100.0),
        "lab_to_rgb nearest": lambda x: color.lab_to_rgb(x * 100.0, gamut="nearest"),
        "ycbcr_to_rgb nearest": lambda x: color.ycbcr_to_rgb(x, gamut="nearest"),
    }
    for corner, value in CORNERS.items():
        yield corner, {name: np.abs(gradient(function, [[value] * 3])).max() for name, function in functions.items()}


def main():
    """Prints the report."""
    print(f"Keras {keras.__version__}, {keras.backend.backend()}\n\ntrainable weights, and what the system states")
    for name, counted, stated in weights():
        print(f"  {name:34}{counted:>12,}  {'' if stated is None else 'as stated' if counted == stated else f'NOT {stated:,}'}")
    print("\nlargest deviation")
    for name, value in deviations():
        print(f"  {name:72}{float(value):10.2g}")
    print("\nsteepest gradient (Lab in hundredths)")
    for corner, by_function in slopes():
        print(f"  {corner:12}" + "  ".join(f"{name} {value:.3g}" for name, value in by_function.items()))


def _apart(one, other):
    return np.abs(ops.convert_to_numpy(one) - np.asarray(other)).max()


if __name__ == "__main__":
    main()
