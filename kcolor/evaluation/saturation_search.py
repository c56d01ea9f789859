"""Finds the saturation at which pictures have a given colourfulness."""

from collections.abc import Callable

MAX_SATURATION = 10.0  # no colorizer takes a stronger one

_NEAR = 0.002  # the colourfulness is right to this share
_TRIES = 12


def saturation_for(wanted: float, colorfulness: Callable[[float], float]) -> float:
    """Returns the saturation at which pictures have a colourfulness, or `MAX_SATURATION` if they never have it.

    Colourfulness is nearly proportional to the saturation. So a straight line between two values finds it in three or four
    steps, where halving takes ten.

    Args:
        wanted: Float. The colourfulness.
        colorfulness: Function of a saturation; it grows with it, and is about 0 at 0.

    Returns:
        Float in [0, `MAX_SATURATION`]: the last one that the function was called with.

    >>> round(saturation_for(20.0, lambda saturation: 16 * saturation), 2)
    1.25
    """
    low, high = (0.0, -wanted), None  # saturations, and how far the colourfulness is from the one wanted
    saturation = 1.0
    for tries_left in reversed(range(_TRIES)):
        error = colorfulness(saturation) - wanted
        if abs(error) <= _NEAR * wanted or not tries_left or (error < 0 and saturation == MAX_SATURATION):
            break
        if error < 0:
            # The Illinois rule: the end that stays has its error halved. Plain false position might never move it.
            low, high = (saturation, error), high and (high[0], high[1] / 2)
        else:
            low, high = (low[0], low[1] / 2 if high else low[1]), (saturation, error)
        if high is None:
            saturation = min(MAX_SATURATION, saturation * min(4.0, 1.05 * wanted / max(error + wanted, 1e-6)))
        else:
            saturation = low[0] - low[1] * (high[0] - low[0]) / (high[1] - low[1])
    return saturation
