"""CIEDE2000, the colour difference of the CIE, as a pure function of tensors."""

import math

from keras import ops

from kcolor.utils.types import Tensor

# Exactly opposite hues count as "not more than 180° apart"; float32 angles need a hair's breadth to say so.
_HALF_TURN = math.pi + 2e-6


def delta_e_2000(lab1: Tensor, lab2: Tensor) -> Tensor:
    """Returns how different two colours look: CIEDE2000 with kL = kC = kH = 1.

    The result is within 1e-3 of scikit-image's float64, except for hues that are 180° ± 0.0001° apart, where the formula
    itself jumps (its mean hue turns by 180°). Greys, which have no hue, give no NaN.

    >>> black, white = np.float32([0, 0, 0]), np.float32([100, 0, 0])
    >>> round(float(kcolor.color.delta_e_2000(black, white)), 3)
    100.0

    Args:
        lab1: Lab colours, floats ``(..., 3)`` with L in 0..100.
        lab2: Lab colours of the same shape. The order of the two does not matter.

    Returns:
        float32 tensor ``(...)``: 0 for equal colours, about 1 for a difference that can just be seen, 100 for black and
        white.

    Reference:
        Sharma, Wu, Dalal: The CIEDE2000 color-difference formula, 2005. The numbers in the code are of its equations.
    """
    (l1, a1, b1), (l2, a2, b2) = _channels(lab1), _channels(lab2)
    stretch = 1.5 - 0.5 * _saturation((_length(a1, b1) + _length(a2, b2)) / 2)  # 3 to 5
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2, h1, h2 = _length(a1, b1), _length(a2, b2), _angle(a1, b1), _angle(a2, b2)  # 6, 7
    chroma, apart = (c1 + c2) / 2, ops.abs(h2 - h1) > _HALF_TURN
    # 14: the middle of the shorter arc. It may come out 360° too large, which only 16 could see, where it is nearly 0.
    apart = ops.cast(apart, "float32")
    hue = (h1 + h2) / 2 + apart * math.pi
    off_middle = ops.square((l1 + l2) / 2 - 50.0)
    lightness_term = (l2 - l1) / (1 + 0.015 * off_middle / ops.sqrt(20 + off_middle))  # 8, 18
    chroma_term = (c2 - c1) / (1 + 0.045 * chroma)  # 9, 19
    # 10, 11. A turn by 360° is a change of sign here. Beside a grey the root is 0, so its hue does not matter.
    hue_term = 2 * _root(c1 * c2) * (1.0 - 2.0 * apart) * ops.sin((h2 - h1) / 2)
    hue_term = hue_term / (1 + 0.015 * chroma * _hue_weight(hue))  # 20
    squared = ops.square(lightness_term) + ops.square(chroma_term) + ops.square(hue_term)
    return _root(squared + _rotation(chroma, hue) * chroma_term * hue_term)  # 22


def _hue_weight(hue):
    """15: T."""
    return (
        1
        - 0.17 * ops.cos(hue - math.radians(30))
        + 0.24 * ops.cos(2 * hue)
        + 0.32 * ops.cos(3 * hue + math.radians(6))
        - 0.20 * ops.cos(4 * hue - math.radians(63))
    )


def _rotation(chroma, hue):
    """16, 17, 21: R_T, which ties chroma to hue among the blues."""
    angle = math.radians(60) * ops.exp(-ops.square((hue - math.radians(275)) / math.radians(25)))
    return -2 * _saturation(chroma) * ops.sin(angle)


def _saturation(chroma):
    """sqrt(c⁷ / (c⁷ + 25⁷)), from 0 for greys to 1; with chroma in 25s, so that no power overflows in float32."""
    power = ops.power(ops.minimum(chroma / 25.0, 1e4), 7.0)
    return ops.sqrt(power / (power + 1))


def _length(a, b):
    return _root(ops.square(a) + ops.square(b))


def _root(x):
    """The square root, 0 below 0, whose gradient at 0 is 0 and not infinite."""
    positive = x > 0
    return ops.where(positive, ops.sqrt(ops.where(positive, x, ops.ones_like(x))), ops.zeros_like(x))


def _angle(a, b):
    gray = ops.cast(ops.logical_and(a == 0, b == 0), "float32")
    angle = ops.arctan2(b, a + gray)  # of a grey it is 0, and so is its gradient
    return ops.where(angle < 0, angle + 2 * math.pi, angle)


def _channels(lab):
    lab = ops.cast(lab, "float32")
    if len(lab.shape) == 0 or lab.shape[-1] != 3:
        raise ValueError(f"Expected Lab of shape (..., 3). Received shape: {tuple(lab.shape)}")
    return lab[..., 0], lab[..., 1], lab[..., 2]
