"""The nearest colour that exists at a lightness, of about the hue that was wished.

How strong colours of each hue can be is found out once for each lightness, and kept.
"""

import numpy as np

from kcolor.hints.possible import exists, keeps_lightness
from kcolor.targets import ColorTarget
from kcolor.utils.kept import keep

_LEVELS = 256  # of lightness; between them edges are interpolated
_ANGLES = 180  # of hue
_STRONGEST = 140.0  # in the ab plane: no colour of sRGB is farther from grey
_HALVINGS = 10
_TURN = 8.0  # degrees. Near white the nearest of all colours to red is yellow, and that to blue is pink: no one means that
_TABLES: dict = {}
_KEPT = 4  # tables


def nearest(target: ColorTarget, ab: np.ndarray, luma: np.ndarray) -> np.ndarray:
    """Returns the nearest (a, b) that exist at a luma, among those whose hue is turned by at most 8 degrees.

    >>> found = nearest(kcolor.targets.get("lab"), np.float32([[20, 10], [90, -90]]), np.float32([[0.5], [1.0]]))
    >>> bool(np.all(found[0] == (20, 10))), bool(np.all(np.abs(found[1]) < 2))
    (True, True)

    Args:
        target: `ColorTarget`.
        ab: Array ``(count, 2)``.
        luma: Array ``(count, 1)`` in [0, 1]: what `target.luma` says of the photo there.

    Returns:
        Array ``(count, 2)``. What exists stays as it is.
    """
    found = np.array(ab, "float32")
    luma = np.broadcast_to(np.clip(luma, 0, 1), (len(found), 1)).astype("float32")
    missing = ~exists(target, found, luma)
    if missing.any():
        edges = strongest(target, luma[missing, 0])
        found[missing] = _inside(target, _projected(found[missing], edges), luma[missing])
    return found


def strongest(target: ColorTarget, luma: np.ndarray) -> np.ndarray:
    """Returns how far from grey colours of each hue reach.

    >>> reach = strongest(kcolor.targets.get("lab"), np.float32([0.0, 0.5]))
    >>> reach.shape, bool(reach[0].max() < 3), bool(reach[1].min() > 20)
    ((2, 180), True, True)

    Args:
        target: `ColorTarget`.
        luma: Array ``(count,)`` in [0, 1].

    Returns:
        Array ``(count, 180)``: for hues of 0, 2, 4, … degrees.
    """
    place = luma * _LEVELS
    low = np.minimum(place.astype(int), _LEVELS - 1)
    table = _table(target, np.unique(np.concatenate([low, low + 1])))
    share = (place - low)[:, None].astype("float32")
    return (1 - share) * table[low] + share * table[low + 1]


def _table(target, levels):
    """The table of a target, with these levels filled in."""
    key = "lightness" if keeps_lightness(target) else id(target)
    found = _TABLES.get(key)
    if found is None:  # the target is kept, so that its id stays its own
        found = keep(_TABLES, key, (target, np.full((_LEVELS + 1, _ANGLES), np.nan, "float32")), _KEPT)
    table = found[1]
    unknown = levels[np.isnan(table[levels, 0])]
    if len(unknown):
        table[unknown] = _measured(target, unknown.astype("float32")[:, None, None] / _LEVELS)
    return table


def _measured(target, luma):
    low = np.zeros((len(luma), _ANGLES), "float32")  # grey exists at every lightness
    high = low + _STRONGEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        there = exists(target, middle[..., None] * _directions(), luma)
        low, high = np.where(there, middle, low), np.where(there, high, middle)
    return low


def _projected(wanted, edges):
    """The nearest points on polygons, at the hues that are near enough."""
    corners = edges[..., None] * _directions()
    sides = np.roll(corners, -1, axis=1) - corners
    along = np.sum((wanted[:, None] - corners) * sides, axis=-1) / np.maximum(np.sum(sides**2, axis=-1), 1e-9)
    points = corners + np.clip(along, 0, 1)[..., None] * sides
    hue, strength = np.arctan2(wanted[:, 1], wanted[:, 0]), np.hypot(*wanted.T)
    turned = np.abs((np.arctan2(points[..., 1], points[..., 0]) - hue[:, None] + np.pi) % (2 * np.pi) - np.pi)
    apart = np.linalg.norm(points - wanted[:, None], axis=-1)
    apart = np.where(turned <= np.deg2rad(_TURN), apart, apart + 1e3 * (1 + turned))
    best = np.take_along_axis(points, np.argmin(apart, axis=1)[:, None, None], axis=1)[:, 0]
    return np.where(strength[:, None] < 1e-3, 0 * best, best).astype("float32")


def _inside(target, ab, luma):
    """Colours a little paler where they do not exist: between the measured hues and lightnesses the edge is not straight."""
    found = ab
    for share in (0.98, 0.95, 0.9, 0.8):
        missing = ~exists(target, found, luma)
        if not missing.any():
            break
        found = np.where(missing[:, None], ab * np.float32(share), found)
    return found


def _directions():
    angles = np.arange(_ANGLES, dtype="float32") * np.float32(2 * np.pi / _ANGLES)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)
