"""Frames as arrays and back: planes of light and colour."""

import av
import cv2
import numpy as np

from kcolor.video.layout import MATRICES, TAG_OF_MATRIX, Layout


def planes_of(frame: av.VideoFrame, layout: Layout) -> list[np.ndarray]:
    """Returns the planes of a frame as arrays, which are views of it.

    Args:
        frame: PyAV's frame.
        layout: Its `Layout`.

    Returns:
        Light, and two planes of colour if there are any.
    """
    return [_view(plane, layout)[: plane.height, : plane.width] for plane in frame.planes]


def frame_of(layout: Layout, luma: np.ndarray, chroma: tuple[np.ndarray, np.ndarray]) -> av.VideoFrame:
    """Returns a frame with these planes, tagged with range and matrix.

    Args:
        layout: `Layout` of the planes.
        luma: Light, ``(height, width)``.
        chroma: The two planes of colour.
    """
    height, width = luma.shape
    frame = av.VideoFrame(width, height, layout.name)
    for plane, values in zip(frame.planes, (luma, *chroma), strict=True):
        view = _view(plane, layout)
        view[:, : plane.width] = values
        # Encoders look beyond the picture: there, too, equal frames are equal.
        view[:, plane.width :] = values[:, -1:]
    frame.color_range = 2 if layout.full_range else 1
    frame.colorspace = TAG_OF_MATRIX[layout.matrix]
    return frame


def light(luma: np.ndarray, layout: Layout) -> np.ndarray:
    """Returns light as floats, black 0 and white 1."""
    scale = 1 / (layout.white - layout.black)
    return np.clip(luma.astype("float32") * np.float32(scale) - np.float32(layout.black * scale), 0, 1)


def small_light(luma: np.ndarray, layout: Layout, size: tuple[int, int]) -> np.ndarray:
    """Returns light as floats in [0, 1], scaled to (height, width)."""
    return light(cv2.resize(luma, size[::-1], interpolation=cv2.INTER_AREA), layout)


def rgb_of(luma: np.ndarray, chroma: tuple[np.ndarray, np.ndarray] | None, layout: Layout) -> np.ndarray:
    """Returns a frame as an array ``(height, width, 3)`` of uint8, as players show it.

    Args:
        luma: Light.
        chroma: The two planes of colour, of any size; None for grey.
        layout: `Layout` of the planes.
    """
    y = light(luma, layout)
    if chroma is None:
        return (y * 255 + 0.5).astype("uint8")[..., None].repeat(3, axis=-1)
    red, blue = MATRICES[layout.matrix]
    green = 1 - red - blue
    cb, cr = (
        cv2.resize(
            (plane.astype("float32") - layout.neutral) / np.float32(layout.chroma_extent),
            luma.shape[::-1],
            interpolation=cv2.INTER_LINEAR,
        )
        for plane in chroma
    )
    more_red, more_blue = 2 * (1 - red) * cr, 2 * (1 - blue) * cb
    channels = [y + more_red, y - (red * more_red + blue * more_blue) / green, y + more_blue]
    return (np.clip(np.stack(channels, axis=-1), 0, 1) * 255 + 0.5).astype("uint8")


def _view(plane, layout):
    samples = plane.line_size // np.dtype(layout.dtype).itemsize
    return np.frombuffer(plane, layout.dtype).reshape(plane.height, samples)
