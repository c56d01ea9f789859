"""Finds the cuts of a film, and says what its frames are: faded, blank, in colour.

Frames are compared as small pictures whose brightness and contrast are taken out. So a fade is no cut, nor is a flicker. A
flash, after which the film goes on as before, is none either. Out of black a new scene begins.
"""

import dataclasses

import cv2
import numpy as np

from kcolor.data.photo_kinds import photo_kind
from kcolor.video.layout import Layout
from kcolor.video.pixels import light, rgb_of
from kcolor.video.reading import Frame

MIN_SCENE_FRAMES = 8  # frames that a scene has at least: less is a flash, or a film that is torn
_SIDE = (27, 48)  # rows and columns of the small pictures
_LEVELS = 24  # of the histogram, over ± 3 standard deviations
_ALIKE, _OTHER = 0.5, 0.15  # correlation of neighbours: below the first they may differ, below the second they do
_CALM = 0.9  # correlation of neighbours in a film that is calm
_HISTOGRAM = 0.2  # share of pixels that change their level: above it, and with a correlation below `_ALIKE`, there is a cut
_BLANK = 0.012  # standard deviation of light below which there is no picture
_SHARES = (0.5, 99.5)  # percentiles that become black and white
_TONED = 2.5  # levels: a colour plane that spreads less is of one tone
_AROUND = 9  # frames that together say whether a film is in colour there


@dataclasses.dataclass(frozen=True, eq=False)
class Look:
    """What a frame looks like, in short.

    Args:
        picture: Small picture of the light, brightness and contrast taken out; zeros for a blank one.
        levels: Its histogram, with the sum 1.
        blank: Boolean. Whether there is no picture: black, or white.
        low: Float. What of its light is nearly the darkest.
        high: Float. What is nearly the lightest.
        color: Boolean. Whether it is in colour.
    """

    picture: np.ndarray
    levels: np.ndarray
    blank: bool
    low: float
    high: float
    color: bool


def look_of(frame: Frame, layout: Layout) -> Look:
    """Returns what a frame looks like, in short.

    Args:
        frame: `Frame`.
        layout: Its `Layout`.
    """
    medium = cv2.resize(frame.luma, (_SIDE[1] * 4, _SIDE[0] * 4), interpolation=cv2.INTER_AREA)
    seen = light(medium, layout)
    inner = seen[5:-5, 9:-9]  # without borders
    small = cv2.resize(inner, _SIDE[::-1], interpolation=cv2.INTER_AREA)
    low, high = np.percentile(inner, _SHARES)
    deviation = float(small.std())
    blank = deviation < _BLANK
    picture = np.zeros_like(small) if blank else (small - small.mean()) / deviation
    levels, _ = np.histogram(picture, _LEVELS, (-3, 3))
    return Look(picture, levels / max(1, levels.sum()), blank, float(low), float(high), _in_color(frame, layout))


def likeness(look: Look, earlier: Look) -> tuple[float, float]:
    """Returns how alike two frames are: the correlation of their pictures, and the share of pixels that changed their level."""
    if look.blank:
        return 1.0, 0.0
    if earlier.blank:
        return 0.0, 1.0
    changed = np.abs(np.cumsum(look.levels) - np.cumsum(earlier.levels)).max()
    return float((look.picture * earlier.picture).mean()), float(changed)


def differs(look: Look, earlier: Look) -> bool:
    """Returns whether there is a cut between two frames, by what they look like."""
    correlation, changed = likeness(look, earlier)
    return correlation < _OTHER or (correlation < _ALIKE and changed > _HISTOGRAM)


def sudden(alike: np.ndarray) -> np.ndarray:
    """Returns which frames are suddenly unlike the one before, while the film is calm before and after: those are cuts, too.

    >>> from kcolor.video.scenes import sudden
    >>> sudden(np.array([1, 0.99, 0.3, 0.98, 0.4, 0.3])).tolist()
    [False, False, True, False, False, False]

    Args:
        alike: Float for each frame. The correlation with the one before, as of `likeness`; 1 for the first.
    """
    calm = np.pad(alike > _CALM, 1, constant_values=True)
    return (alike < _ALIKE) & calm[:-2] & calm[2:]


def cuts(new: np.ndarray, same: np.ndarray, color: np.ndarray, least: int = MIN_SCENE_FRAMES) -> list[int]:
    """Returns the numbers of the frames with which scenes begin, 0 among them.

    >>> from kcolor.video.scenes import cuts
    >>> new, flash = np.zeros(40, bool), np.zeros(40, bool)
    >>> new[[12, 20, 21]], flash[[21]] = True, True
    >>> cuts(new, flash, np.zeros(40, bool))
    [0, 12]

    Args:
        new: Boolean for each frame. Whether it `differs` from the one before.
        same: Boolean for each frame. Whether it is like the frame two or three before it: if it differs from the one before,
            that was a flash.
        color: Boolean for each frame. Whether it is in colour. Where that changes there is a cut, too.
        least: Integer. Frames that a scene has at least.
    """
    begins = new & ~same
    for later in (1, 2):  # the flash itself: what comes after is like what was before
        begins[:-later] &= ~(same[later:] & new[:-later])
    calm = in_color(color)
    begins[1:] |= calm[1:] != calm[:-1]
    found = [0]
    for number in np.flatnonzero(begins):
        if number - found[-1] >= least:
            found.append(int(number))
    if len(found) > 1 and len(new) - found[-1] < min(least, 3):
        found.pop()
    return found


def in_color(color: np.ndarray) -> np.ndarray:
    """Returns for each frame whether the film is in colour around it, by the majority."""
    padded = np.pad(np.asarray(color, "int32"), _AROUND // 2, mode="edge")
    return np.convolve(padded, np.ones(_AROUND, "int32"), "valid") * 2 > _AROUND


def _in_color(frame, layout):
    if frame.chroma is None:
        return False
    step = max(1, min(frame.chroma[0].shape) // 64)
    thin = tuple(np.ascontiguousarray(plane[::step, ::step]) for plane in frame.chroma)
    unit = 1 << (layout.depth - 8)
    if max(float(plane.std()) for plane in thin) < _TONED * unit:
        return False
    luma = cv2.resize(frame.luma, thin[0].shape[::-1], interpolation=cv2.INTER_AREA)
    return photo_kind(rgb_of(luma, thin, layout)) == "color"
