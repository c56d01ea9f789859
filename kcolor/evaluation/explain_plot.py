"""Draws what a colorizer thought of a photo. It needs matplotlib."""

from typing import Any

import numpy as np
from keras import ops
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kcolor import color
from kcolor.bins.plot import LIGHTNESS, gamut_outline
from kcolor.evaluation.explain import Explanation
from kcolor.utils.figures import GRAY

_WIDTH = 13.0  # inches
_COLUMNS = (4, 5, 4)  # panels in each row


def explain_plot(explanation: Explanation) -> Figure:
    """Draws an `Explanation` on one page.

    The first row has the photo, its colours, how unsure they are, and how likely which colours are. The second has other
    temperatures, the third other working sizes.

    >>> from kcolor.evaluation.explain import explain
    >>> colorizer = kcolor.Colorizer("unet", kcolor.targets.Bins(grid=6), filters=(4, 8), size=16)
    >>> len(explain_plot(explain(colorizer, np.full((20, 30), 128, "uint8"))).subfigs)
    3

    Args:
        explanation: `Explanation`.

    Returns:
        A ``matplotlib.figure.Figure``.
    """
    height, width = explanation.photo.shape[:2]
    heights = [_WIDTH / columns * 0.92 * height / width + 0.45 for columns in _COLUMNS]
    heights[0] = max(heights[0], 2.6)
    figure = Figure(figsize=(_WIDTH, sum(heights)), layout="constrained")
    rows: Any = figure.subfigures(3, 1, height_ratios=heights)
    _first(rows[0], explanation)
    _pictures(
        rows[1], explanation.by_temperature, "temperature {:g}", getattr(explanation.target, "temperature", None), _COLUMNS[1]
    )
    _pictures(rows[2], explanation.by_size, "seen at {:g} pixels", explanation.own_size, _COLUMNS[2])
    return figure


def _first(row, explanation):
    photo, colored, unsure, plane = row.subplots(1, _COLUMNS[0])
    gray = color.rgb_to_lightness(explanation.photo[None] / np.float32(255))
    _picture(photo, np.repeat(ops.convert_to_numpy(gray)[0] / 100, 3, axis=-1), "the photo")
    _picture(colored, explanation.colored, "coloured")
    _picture(unsure, None, "between how many colours it is unsure")
    height, width = explanation.photo.shape[:2]
    shown = unsure.imshow(explanation.unsure, cmap="magma", vmin=1, extent=(0, width, height, 0))
    row.colorbar(shown, ax=unsure, orientation="horizontal", shrink=0.8, pad=0.02, aspect=30)
    if explanation.place is not None:
        x, y = explanation.place
        for panel in (photo, colored, unsure):
            panel.plot(x * width, y * height, "o", markersize=11, markerfacecolor="none", markeredgecolor="black", mew=3)
            panel.plot(x * width, y * height, "o", markersize=11, markerfacecolor="none", markeredgecolor="white", mew=1.5)
    _plane(plane, explanation)


def _plane(panel, explanation):
    """Bins in the ab plane, each in its colour, the larger the likelier."""
    grid = explanation.target.bins
    lab = np.concatenate([np.full((grid.size, 1), LIGHTNESS), grid.centers], axis=-1).astype("float32")
    rgb = ops.convert_to_numpy(color.lab_to_rgb(lab, gamut="nearest"))
    sides = 1.6 * grid.step * np.sqrt(explanation.shares / explanation.shares.max())
    squares = [Rectangle(center - side / 2, side, side) for center, side in zip(grid.centers, sides, strict=True)]
    panel.add_collection(PatchCollection(squares, facecolors=rgb, edgecolors="none"))
    hull = gamut_outline()
    panel.plot(*hull.T, color=GRAY, linewidth=0.8, linestyle=":")
    for draw in (panel.axhline, panel.axvline):
        draw(0, color=GRAY, linewidth=0.5, zorder=0)
    where = "on average" if explanation.place is None else "at the ring"
    panel.set_title(f"how likely each colour is {where}", fontsize=9)
    panel.set(xlim=(-100, 110), ylim=(-115, 105), aspect="equal", xticks=[], yticks=[])
    panel.set_xlabel("green – red", fontsize=8)
    panel.set_ylabel("blue – yellow", fontsize=8)
    panel.spines[:].set_visible(False)


def _pictures(row, pictures, name, own, columns):
    panels = np.ravel(row.subplots(1, columns))
    for panel in panels:
        panel.axis("off")
    for panel, (value, picture) in zip(panels, pictures.items(), strict=False):
        _picture(panel, picture, name.format(value) + (", its own" if value == own else ""))


def _picture(panel, picture, name):
    panel.axis("off")
    panel.set_title(name, fontsize=9)
    if picture is not None:
        panel.imshow(picture)
