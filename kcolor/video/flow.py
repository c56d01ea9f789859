"""Dense motion between frames, and pictures that are carried along it. By OpenCV's DIS."""

import cv2
import numpy as np

_CONTRAST, _MIDDLE = 48.0, 128.0  # brightness and contrast that frames get before they are compared
_LEAST_CONTRAST = 0.02  # standard deviation of light: what has less would be noise alone
# Levels of 255. Light may differ by twice the median difference, which is grain, but by no less than the first number and no
# more than the second.
_RESIDUAL = (6.0, 13.0)
_GRAIN = 1.0  # pixels: so much frames are smoothed before they are compared


def comparable(light: np.ndarray) -> np.ndarray:
    """Returns a frame as it is compared with others: smoothed, and of one brightness and contrast, whatever flickers or fades.

    Args:
        light: Floats ``(height, width)`` in [0, 1].

    Returns:
        uint8 of the same shape.
    """
    smooth = cv2.GaussianBlur(light, (0, 0), _GRAIN)
    mean, deviation = float(smooth.mean()), max(float(smooth.std()), _LEAST_CONTRAST)
    return np.clip((smooth - mean) * (_CONTRAST / deviation) + _MIDDLE, 0, 255).astype("uint8")


def make_finder(exact: bool = False) -> cv2.DISOpticalFlow:
    """Returns what finds motion; every thread needs its own.

    Args:
        exact: Boolean. Whether to take the time that measuring takes, instead of the fastest way.
    """
    if exact:
        return cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    finder.setFinestScale(1)
    return finder


def motion(finder: cv2.DISOpticalFlow, frame: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Returns where each pixel of a frame is in another one: floats ``(height, width, 2)``, columns then rows.

    Args:
        finder: As `make_finder` returns it.
        frame: uint8, as `comparable` returns it.
        other: The other frame.
    """
    if np.array_equal(frame, other):
        return np.zeros((*frame.shape, 2), "float32")
    if min(frame.shape) < 16:  # too small for its patches
        return np.zeros((*frame.shape, 2), "float32")
    return finder.calc(frame, other, None)


def carry(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Returns a picture carried along motion: each pixel is what the picture has where the motion leads.

    >>> from kcolor.video.flow import carry
    >>> flow = np.zeros((1, 3, 2), "float32")
    >>> flow[..., 0] = 1
    >>> carry(np.float32([[1, 2, 3]]), flow)
    array([[2., 3., 3.]], dtype=float32)

    Args:
        picture: Floats ``(height, width)`` or ``(height, width, channels)``, up to four channels.
        flow: Motion, floats ``(height, width, 2)``.
    """
    return cv2.remap(picture, flow + _places(flow.shape[:2]), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def joined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Returns the motion that leads along one motion and then along another."""
    return first + carry(second, first)


def confidence(frame: np.ndarray, carried: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Returns how sure it is that a picture was carried to where it belongs, in [0, 1].

    It compares light: brightness and contrast are matched, and grain, which is everywhere, is allowed for.

    Args:
        frame: Light of the frame, as `comparable` returns it.
        carried: Light of the other frame, carried to this one; floats.
        inside: Booleans. Where the motion does not lead out of the picture.
    """
    light = frame.astype("float32")
    gain, offset = _matched(light, carried)
    residual = cv2.blur(np.abs(light - (gain * carried + offset)), (5, 5))
    scale = min(max(_RESIDUAL[0], 2.0 * float(np.median(residual[::4, ::4]))), _RESIDUAL[1])
    return np.exp(-0.5 * (residual / scale) ** 2) * inside


def inside_of(flow: np.ndarray) -> np.ndarray:
    """Returns where motion does not lead out of the picture, as floats 0 and 1."""
    places = flow + _places(flow.shape[:2])
    height, width = flow.shape[:2]
    x, y = places[..., 0], places[..., 1]
    return ((x > -1.5) & (x < width + 0.5) & (y > -1.5) & (y < height + 0.5)).astype("float32")


def _matched(light, carried):
    """Gain and offset that bring one picture near another: least squares over the half that fits best."""
    x, y = carried[::4, ::4].ravel(), light[::4, ::4].ravel()
    gain, offset = 1.0, 0.0
    for _ in range(2):
        off = np.abs(y - gain * x - offset)
        kept = off <= np.median(off) + 1e-3
        x_mean, y_mean = x[kept].mean(), y[kept].mean()
        variance = float(((x[kept] - x_mean) ** 2).mean())
        gain = float(((x[kept] - x_mean) * (y[kept] - y_mean)).mean()) / (variance + 1.0)
        gain = min(max(gain, 0.6), 1.6)
        offset = float(y_mean - gain * x_mean)
    return gain, offset


_PLACES: dict[tuple[int, int], np.ndarray] = {}


def _places(size):
    if size not in _PLACES:
        _PLACES.clear()  # one film at a time
        rows, columns = np.mgrid[: size[0], : size[1]].astype("float32")
        _PLACES[size] = np.ascontiguousarray(np.stack([columns, rows], axis=-1))
    return _PLACES[size]
