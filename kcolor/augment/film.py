"""What film makes of light, one effect a function, each with its strength given. `kcolor.augment.age` draws the strengths.

All take float32 pictures ``(batch, height, width, 3)`` in [0, 1] and numbers for each picture, ``(batch, 1, 1, 1)``.
"""

import math

from keras import ops

from kcolor import color
from kcolor.augment.effects import blur
from kcolor.images.resizing import resize
from kcolor.utils.types import Tensor

MOST_EXPOSURE = 3.0  # an exposure of 1 makes 0.75 of a half, one of -1 makes 0.25
GLOW_GRID, GLOW_RADIUS = 32, 7


def respond(photos: Tensor, red: Tensor, blue: Tensor) -> Tensor:
    """Returns what a black-and-white film sees, in one channel: shares of red, green and blue light.

    Film of today (panchromatic) sees about as the eye does, 0.3 of red and 0.1 of blue. Film of the 1900s (orthochromatic)
    is blind to red, and earlier plates see blue alone: skin and lips become dark, skies white. Light adds up, gamma-encoded
    values do not; here light is their square, which is near sRGB's curve and far quicker.

    >>> sky = np.float32([[[[0.4, 0.6, 0.9]]]])
    >>> ops.convert_to_numpy(respond(sky, 0.05, 0.75)).round(2).ravel()
    array([0.83], dtype=float32)

    Args:
        photos: float32 tensor ``(batch, height, width, 3)``. RGB in [0, 1].
        red: Float tensor ``(batch, 1, 1, 1)``. Share of red.
        blue: Float tensor ``(batch, 1, 1, 1)``. Share of blue. Green has what is left of 1.

    Returns:
        float32 tensor ``(batch, height, width, 1)`` in [0, 1]: the luma of a grey photo, but for rounding.
    """
    light = photos * photos
    seen = red * light[..., :1] + (1 - red - blue) * light[..., 1:2] + blue * light[..., 2:]
    return ops.sqrt(ops.maximum(seen, 1e-12))


def print_contrast(photos: Tensor, exposure: Tensor, curve: Tensor) -> Tensor:
    """Returns the tones of a print: lighter or darker between black and white, which stay, and then harder or softer.

    >>> tones = np.float32([0, 0.25, 0.5, 0.75, 1])
    >>> ops.convert_to_numpy(print_contrast(tones, 0.0, 1.0)).round(3)  # a hard print
    array([0.   , 0.156, 0.5  , 0.844, 1.   ], dtype=float32)
    >>> ops.convert_to_numpy(print_contrast(tones, 1.0, 0.0)).round(3)  # a light one
    array([0.  , 0.5 , 0.75, 0.9 , 1.  ], dtype=float32)

    Args:
        photos: float32 tensor ``(batch, height, width, channels)``. What lies outside [0, 1] is clipped.
        exposure: Float tensor ``(batch, 1, 1, 1)`` in [-1, 1]. Positive is lighter: the odds ``x / (1 - x)`` grow by the factor
            ``3 ** exposure``.
        curve: Float tensor ``(batch, 1, 1, 1)`` in [-1, 1]. The slope in the middle is ``1 + curve / 2``. Positive ones press
            shadows and highlights together.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    photos = ops.clip(photos, 0.0, 1.0)
    odds = ops.exp(-math.log(MOST_EXPOSURE) * exposure)
    photos = photos / (odds + (1 - odds) * photos)
    return photos * (1 - curve + photos * (3 * curve - 2 * curve * photos))  # x + curve * x * (1 - x) * (2 * x - 1)


def halo(photos: Tensor, strength: Tensor, width: Tensor) -> Tensor:
    """Lets bright places glow: light that the back of the film has thrown into it once more.

    Args:
        photos: float32 tensor ``(batch, height, width, 3)``. RGB in [0, 1].
        strength: Float tensor ``(batch, 1, 1, 1)`` in [0, 1]. How white a place becomes that has white all around.
        width: Float tensor ``(batch, 1, 1, 1)`` in [0, 1]. Standard deviation of the glow: 2 to 8 % of the picture's sides.

    Returns:
        float32 tensor of the same shape, not clipped. The glow is the same in all channels.
    """
    _, height, breadth, _ = ops.shape(photos)
    luma = color.rgb_to_gray(photos)
    # So smooth a glow needs few pixels, and is the same at every size.
    bright = resize(luma * luma * luma, (GLOW_GRID, GLOW_GRID))
    glow = strength * resize(blur(bright, 0.7 + 1.8 * width, GLOW_RADIUS), (height, breadth))
    return photos + glow * (1 - luma)
