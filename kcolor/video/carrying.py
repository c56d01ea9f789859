"""Carries the colours of key frames to the frames between them, from both sides.

A key frame's colour is a running mean: of what the network makes of it, and of the key frame before, carried here. How many
looks are in it is known for each pixel. So what stays in the picture is averaged ever more calmly, and what has just appeared
takes the network's colour at once.
"""

import dataclasses
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from kcolor.video import flow

MOST_LOOKS = 5.0  # of the network that a colour is the mean of, about: more would be calmer, but keep a mistake longer
UNSURE = 0.3  # confidence below which a pixel could not be carried
_TOO_MANY = 0.06  # share of pixels that are unsure from both sides, from which the network looks at a frame between
_NEAREST = 4  # frames between key frames: no more are put between those


@dataclasses.dataclass(frozen=True, eq=False)
class Key:
    """The colours of a key frame.

    Args:
        chroma: Floats ``(height, width, 2)``.
        looks: Floats ``(height, width)``. Over how many looks of the network each pixel is the mean.
        compared: uint8 ``(height, width)``. Its light, as `kcolor.video.flow.comparable` returns it.
    """

    chroma: np.ndarray
    looks: np.ndarray
    compared: np.ndarray


@dataclasses.dataclass(frozen=True, eq=False)
class Between:
    """Frames from a key frame to the next, both among them, and the motion between neighbours.

    Args:
        compared: List of uint8 ``(height, width)``, as `kcolor.video.flow.comparable` returns them.
        back: List of motions, from each frame but the first to the one before it.
        forth: List of motions, from each frame but the last to the one after it.
    """

    compared: Sequence[np.ndarray]
    back: Sequence[np.ndarray]
    forth: Sequence[np.ndarray]

    def part(self, first: int, last: int) -> "Between":
        """Returns the frames from one to another, both among them."""
        return Between(self.compared[first : last + 1], self.back[first:last], self.forth[first:last])


def new_key(chroma: np.ndarray, compared: np.ndarray, worth: float) -> Key:
    """Returns a key frame of which there is one look."""
    return Key(chroma, np.full(compared.shape, worth, "float32"), compared)


def renewed(old: Key, looked: np.ndarray, compared: np.ndarray, motion: np.ndarray, worth: float = 1.0) -> Key:
    """Returns the key frame after another one.

    Args:
        old: `Key` of the one before.
        looked: What the network makes of this one, floats ``(height, width, 2)``.
        compared: This one's light.
        motion: Motion from this one to the one before.
        worth: Float. How much this look counts: little in the dark.
    """
    chroma, sure, looks = carried(old, motion, compared)
    looks = np.minimum(looks * sure, MOST_LOOKS - worth)
    total = (looks + worth)[..., None]
    return Key((looks[..., None] * chroma + worth * looked) / total, looks + np.float32(worth), compared)


def carried(key: Key, motion: np.ndarray, compared: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns a key frame's chroma as another frame has it, how sure each pixel of it is, and over how many looks."""
    moved = flow.carry(cv2.merge([*cv2.split(key.chroma), key.looks, key.compared.astype("float32")]), motion)
    sure = flow.confidence(compared, np.ascontiguousarray(moved[..., 3]), flow.inside_of(motion))
    return moved[..., :2], sure, moved[..., 2]


def chain(motions: Sequence[np.ndarray], size: tuple[int, int]) -> list[np.ndarray]:
    """Returns the motion from each frame to the first one, of the motions from each frame to the one before."""
    chained = [np.zeros((*size, 2), "float32")]
    for one in motions:
        chained.append(flow.joined(one, chained[-1]))
    return chained


def fill(
    left: Key, frames: Between, look: Callable[[int], np.ndarray], worth: Callable[[int], float], both: bool = True
) -> tuple[list[tuple[np.ndarray, np.ndarray]], Key]:
    """Colours the frames from one key frame to the next.

    Where too much of a frame is unsure from both sides, the network looks at the frame in the middle.

    Args:
        left: `Key` of the first frame.
        frames: `Between`.
        look: Function from a number of a frame, from 0, to what the network makes of it.
        worth: Function from that number to how much the look counts.
        both: Boolean. Whether the last frame is a key frame; else the first one's colours are carried to all.

    Returns:
        For each frame but the last (for the last, too, if it is no key frame) its chroma and how sure it is; and the last
        frame's `Key`, or the first one's again.
    """
    if len(frames.compared) == 1:
        return ([] if both else [(left.chroma, _sure(frames.compared[0].shape))]), left
    return (_from_both_sides if both else _from_the_left)(left, frames, look, worth)


def _from_the_left(left, frames, look, worth):
    """Carries the first frame's colours to all. Where too much is unsure in the last one, that becomes a key frame."""
    size = frames.compared[0].shape
    pairs = zip(chain(frames.back, size), frames.compared, strict=True)
    parts = [carried(left, motion, light)[:2] for motion, light in pairs]
    if (parts[-1][1] < UNSURE).mean() <= _TOO_MANY or len(parts) <= _NEAREST:
        return parts, left
    filled, right = _from_both_sides(left, frames, look, worth)
    return [*filled, (right.chroma, _sure(size))], right


def _from_both_sides(left, frames, look, worth):
    """Makes the last frame a key frame, and mixes what is carried from both. Where that is unsure, in halves."""
    last, size = len(frames.compared) - 1, frames.compared[0].shape
    to_left, to_right = chain(frames.back, size), chain(frames.forth[::-1], size)[::-1]
    right = renewed(left, look(last), frames.compared[last], to_left[last], worth(last))
    found, worst = [(left.chroma, _sure(size))], 0.0
    for number in range(1, last):
        one = carried(left, to_left[number], frames.compared[number])
        other = carried(right, to_right[number], frames.compared[number])
        worst = max(worst, float((np.maximum(one[1], other[1]) < UNSURE).mean()))
        found.append(mixed(one[:2], other[:2], number / last))
    if worst <= _TOO_MANY or last < _NEAREST:
        return found, right
    middle = last // 2
    first, between = _from_both_sides(left, frames.part(0, middle), look, worth)
    rest = frames.part(middle, last)
    second, right = _from_both_sides(between, rest, lambda n: look(n + middle), lambda n: worth(n + middle))
    return first + second, right


def mixed(
    one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray], share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Returns chroma mixed of two, by how sure they are and how near their key frames.

    >>> from kcolor.video.carrying import mixed
    >>> sure, red, blue = np.ones((1, 1)), np.full((1, 1, 2), 8.0), np.zeros((1, 1, 2))
    >>> [float(mixed((red, sure), (blue, also), 0.25)[0][0, 0, 0].round(1)) for also in (sure, 0 * sure)]
    [6.0, 8.0]

    Args:
        one: Chroma, and how sure it is.
        other: The same, from the other side.
        share: Float. How much of the way to the other side's key frame is behind.
    """
    weights = [(1 - share) * (one[1] + 1e-4), share * (other[1] + 1e-4)]
    total = weights[0] + weights[1]
    planes = [(weights[0] * one[0][..., i] + weights[1] * other[0][..., i]) / total for i in (0, 1)]
    return cv2.merge(planes), np.maximum(one[1], other[1])


def _sure(size):
    return np.ones(size, "float32")
