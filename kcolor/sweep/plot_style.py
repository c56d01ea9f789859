"""What the plots of a sweep share: their colours, their axes, and the names of columns."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GRAY = "#666666"
BLUE = "#0072b2"
BEST = "#d55e00"  # the colour of what is best, or of a line through points
COST_NAMES = {
    "ratio": "weights of the discriminator over the generator's",
    "code_size": "code size, numbers",
    "parameters": "weights",
    "seconds": "training, seconds",
    "flops": "FLOPs a picture",
}


def readable(column: str) -> str:
    """Returns a column's name as people read it.

    >>> from kcolor.sweep.plot_style import readable
    >>> readable("val_ab_distance")
    'validation ab distance'
    """
    return column.replace("val_", "validation ").replace("_", " ")


def new_figure(
    down: int = 1, across: int = 1, *, width: float = 6.4, height: float = 4.2, **options: Any
) -> "tuple[Figure, Any]":
    """Makes a figure with one or more axes.

    Args:
        down: Integer. Number of rows of axes.
        across: Integer. Number of columns of axes.
        width: Float. Width in inches, if there is one column.
        height: Float. Height in inches, if there is one row.
        **options: Passed on to matplotlib's ``Figure.subplots``.

    Returns:
        The figure, and its axes as matplotlib returns them: one, or an array.
    """
    import matplotlib.figure
    import seaborn

    with seaborn.axes_style("whitegrid"):
        size = (width if across == 1 else 4.2 * across, height if down == 1 else 3.6 * down)
        figure = matplotlib.figure.Figure(figsize=size, layout="constrained")
        axes = figure.subplots(down, across, **options)
    for axis in np.ravel(axes):
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    return figure, axes


def new_panels(count: int, across: int, **options: Any) -> "tuple[Figure, np.ndarray]":
    """Makes a figure with as many axes as asked for, row by row.

    Args:
        count: Integer. Number of axes.
        across: Integer. Number of axes in a row, at most.
        **options: Passed on to matplotlib's ``Figure.subplots``.

    Returns:
        The figure, and an array ``(count,)`` of its axes.
    """
    across = min(across, count)
    figure, panels = new_figure(down=-(-count // across), across=across, **options)
    panels = np.ravel(panels)
    for panel in panels[count:]:
        panel.remove()
    return figure, panels[:count]
