"""Lab in NumPy, for what is computed for every frame of a film: `kcolor.color` is for tensors, and slower without a graph."""

import numpy as np

from kcolor.color.lab import FOOT_SLOPE, FOOT_START, LAB_FOOT_ROOT, RGB_FROM_XYZ, WHITE, XYZ_FROM_RGB
from kcolor.colorizer.curve_tables import lab_root, linear_levels


def ab_of_rgb(rgb: np.ndarray) -> np.ndarray:
    """Returns the a and b of Lab of 8-bit RGB.

    >>> from kcolor.video.numpy_lab import ab_of_rgb
    >>> ab_of_rgb(np.uint8([[[255, 0, 0]]])).round(1) + 0.0
    array([[[80.1, 67.2]]], dtype=float32)

    Args:
        rgb: uint8 ``(..., 3)``.

    Returns:
        float32 ``(..., 2)``.
    """
    linear = [linear_levels()[rgb[..., channel]] for channel in range(3)]
    roots = []
    for row, white in zip(XYZ_FROM_RGB, WHITE, strict=True):
        share = sum(part * np.float32(weight / white) for part, weight in zip(linear, row, strict=True))
        roots.append(lab_root(share))
    return np.stack([500 * (roots[0] - roots[1]), 200 * (roots[1] - roots[2])], axis=-1)


def rgb_of_lab(lightness: np.ndarray, a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """Returns Lab as three channels of sRGB, which may lie outside [0, 1].

    Args:
        lightness: Floats from 0 to 100.
        a: Floats that fit it.
        b: Floats that fit it.

    Returns:
        List of three float32 arrays: red, green, blue.
    """
    fy = (np.asarray(lightness, "float32") + 16) / np.float32(116)
    xyz = []
    for root, white in zip((fy + a / 500, fy, fy - b / 200), WHITE, strict=True):
        part = np.where(root > LAB_FOOT_ROOT, root**3, (root - np.float32(FOOT_START)) / np.float32(FOOT_SLOPE))
        xyz.append(part.astype("float32") * np.float32(white))
    linear = [sum(np.float32(share) * part for share, part in zip(row, xyz, strict=True)) for row in RGB_FROM_XYZ]
    power = np.float32(1 / 2.4)
    return [
        np.where(light > 0.0031308, 1.055 * np.maximum(light, 0.0031308) ** power - 0.055, 12.92 * light) for light in linear
    ]
