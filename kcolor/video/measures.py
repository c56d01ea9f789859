"""Measures of a coloured film: how still its colours hold, how strong they are, how true."""

from collections.abc import Sequence

import cv2
import numpy as np

from kcolor.video import flow
from kcolor.video.numpy_lab import ab_of_rgb, rgb_of_lab

STEPS = (1, 2, 4)  # frames between the pairs that CDC compares
CONSTANT_LIGHTNESS = 60.2  # L at which colours are compared without their light
SHORTER_SIDE = 256  # pixels: the shorter side at which colours are compared with the frame before
_THERE_AND_BACK = 1.0  # pixels by which motion may miss, there and back, where a thing is in both frames


def histograms(rgb: np.ndarray) -> np.ndarray:
    """Returns the share of each level of each channel: floats ``(3, 256)``.

    Args:
        rgb: uint8 ``(height, width, 3)``.
    """
    return np.stack([np.bincount(channel.ravel(), minlength=256) for channel in np.moveaxis(rgb, -1, 0)]) / rgb[..., 0].size


def cdc(frames: Sequence[np.ndarray], steps: Sequence[int] = STEPS) -> float:
    """Returns the Color Distribution Consistency of TCVC and NTIRE 2023: 0 is best.

    For every pair of frames that are 1, 2 or 4 apart: the Jensen-Shannon divergence (natural logarithm) of the histograms of
    each channel, 256 bins. The mean over pairs, then over channels, then over the three distances.

    >>> from kcolor.video.measures import cdc, histograms
    >>> black, white = histograms(np.zeros((4, 4, 3), "uint8")), histograms(np.full((4, 4, 3), 255, "uint8"))
    >>> round(cdc([black, white, black, white, black]), 3)  # ln 2 for neighbours, 0 for the others
    0.231

    Args:
        frames: What `histograms` returns for each frame, at least two.
        steps: Integers. The distances; those that the film is too short for are left out.
    """
    found = []
    for step in steps:
        if len(frames) <= step:
            continue
        first, second = np.stack(frames[:-step]), np.stack(frames[step:])
        middle = (first + second) / 2
        found.append(float(((_divergence(first, middle) + _divergence(second, middle)) / 2).mean()))
    return float(np.mean(found))


def at_constant_light(ab: np.ndarray) -> np.ndarray:
    """Returns what colours look like at one lightness, uint8 RGB. CDC of these leaves grain and flicker of light out.

    The lightness is L = 60.2: its grey is level 145, and not between two levels.

    Args:
        ab: Floats ``(height, width, 2)``.
    """
    rgb = np.stack(rgb_of_lab(np.full(ab.shape[:2], CONSTANT_LIGHTNESS, "float32"), ab[..., 0], ab[..., 1]), axis=-1)
    return (np.clip(rgb, 0, 1) * 255 + 0.5).astype("uint8")


def ab_of(rgb: np.ndarray, shorter: int = SHORTER_SIDE) -> np.ndarray:
    """Returns the colours of a frame, a and b of Lab, of its copy with a shorter side of so many pixels.

    Args:
        rgb: uint8 ``(height, width, 3)``.
        shorter: Integer. Pixels of the shorter side, at most.
    """
    return ab_of_rgb(reduced(rgb, shorter))


def reduced(picture: np.ndarray, shorter: int = SHORTER_SIDE) -> np.ndarray:
    """Returns a picture scaled down so that its shorter side has so many pixels; a smaller one as it is."""
    scale = shorter / min(picture.shape[:2])
    if scale >= 1:
        return picture
    size = tuple(max(1, round(side * scale)) for side in picture.shape[1::-1])
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


class Motion:
    """Motion from each frame to the one before, where a thing is in both: what colours are compared along.

    OpenCV's DIS, preset "medium", of the light with brightness and contrast taken out; a pixel counts if the motion back leads
    to within 1 pixel of it.
    """

    def __init__(self) -> None:
        self._finder = flow.make_finder(exact=True)
        self._before: np.ndarray | None = None

    def __call__(self, light: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Returns the motion to the frame before, and where it counts; None for the first frame.

        Args:
            light: Floats ``(height, width)`` in [0, 1]. Light of the next frame.
        """
        compared, before = flow.comparable(light), self._before
        self._before = compared
        if before is None:
            return None
        there, back = flow.motion(self._finder, compared, before), flow.motion(self._finder, before, compared)
        miss = there + flow.carry(back, there)
        return there, (np.hypot(miss[..., 0], miss[..., 1]) < _THERE_AND_BACK) & (flow.inside_of(there) > 0)


def flicker(ab: np.ndarray, before: np.ndarray, motion: np.ndarray, counted: np.ndarray) -> float:
    """Returns the mean distance in the ab plane between a frame and the one before, carried along the motion.

    Args:
        ab: Floats ``(height, width, 2)``.
        before: The same of the frame before.
        motion: Motion from the frame to the one before.
        counted: Booleans. Pixels that are in both.

    Returns:
        Float; NaN if no pixel counts.
    """
    distance = np.linalg.norm(ab - flow.carry(np.ascontiguousarray(before), motion), axis=-1)
    return float(distance[counted].mean()) if counted.any() else float("nan")


def _divergence(one, middle):
    """Kullback and Leibler's, over the last axis; what has no share counts nothing."""
    return np.where(one > 0, one * np.log(np.maximum(one, 1e-12) / np.maximum(middle, 1e-12)), 0).sum(axis=-1)
