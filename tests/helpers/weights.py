"""Published weights that are too large to lie beside the project: where a machine has fetched them, tests use them."""

import os
import pathlib

import pytest

SHARED = pathlib.Path(__file__).parents[3] / "shared" / "data"
CACHE = pathlib.Path(os.environ.get("KCOLOR_DATA", "~/.cache/kcolor/data")).expanduser()
VGG16 = CACHE / "vgg16_notop_rgb.npz"
LPIPS_LINEAR = SHARED / "lpips_vgg_linear.npz"

needs_vgg16 = pytest.mark.skipif(not VGG16.is_file(), reason=f"VGG16's weights are not in {CACHE}: get.py vgg16 brings them")
needs_lpips = pytest.mark.skipif(
    not (VGG16.is_file() and LPIPS_LINEAR.is_file()), reason=f"the weights of LPIPS are not in {CACHE} and {SHARED}"
)
