"""Draws two of the pictures of docs/concepts.md: ``python docs/site/concept_pictures.py``."""

import pathlib

import numpy as np
from keras import ops
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

import kcolor
from kcolor.bins.plot import gamut_outline
from kcolor.data.samples import sample_photos

DOCS = pathlib.Path(__file__).parents[1]
STRENGTHS = (0.8, 0.5, 0.1)


def rebalancing() -> Figure:
    """Returns how often each bin occurs in the sample photos, and what it counts in a loss."""
    grid = kcolor.targets.Bins(step=10).measure(list(sample_photos().values())).bins
    figure = Figure(figsize=(13, 3.7), layout="constrained")
    panels = figure.subplots(1, 1 + len(STRENGTHS))
    # Bins that never occur are smoothed from their neighbours, as they are for the weights.
    _plane(panels[0], grid, 100 * grid.prior(), "rocket_r", "% of the pixels", "how often")
    for panel, strength in zip(panels[1:], STRENGTHS, strict=True):
        _plane(panel, grid, grid.rebalancing(strength), "viridis", "weight", f"λ = {strength:g}", (0.1, 30))
    return figure


def _plane(panel, grid, values, colors, label, title, limits=(None, None)):
    import seaborn

    cells = np.full(np.prod(grid.shape), np.nan)
    cells[np.array(grid.cells)] = values
    sides = (start + grid.step * np.arange(n + 1) for start, n in zip(grid.origin, grid.shape[::-1], strict=True))
    low, high = limits
    norm = LogNorm(max(low or 0, 1e-4 * np.nanmax(cells)), high or np.nanmax(cells))
    mesh = panel.pcolormesh(*sides, cells.reshape(grid.shape), cmap=seaborn.color_palette(colors, as_cmap=True), norm=norm)
    panel.figure.colorbar(mesh, ax=panel, label=label, shrink=0.8)
    panel.plot(*gamut_outline().T, color="black", linewidth=0.8, linestyle=":")
    panel.set(title=title, aspect="equal", xlabel="a*  (green – red)", ylabel="b*  (blue – yellow)")


def gamut() -> Figure:
    """Returns a photo at three times its saturation, cut off and brought into the gamut, and what became of its lightness."""
    photo = kcolor.photos.to_float(sample_photos()["parrots"][None])
    lab = kcolor.color.rgb_to_lab(photo)
    strong = ops.concatenate([lab[..., :1], 3 * lab[..., 1:]], axis=-1)
    ways = {"cut off at the limits": "clip", "the nearest that exists": "nearest"}
    painted = {name: kcolor.color.lab_to_rgb(strong, gamut=way) for name, way in ways.items()}
    figure = Figure(figsize=(13, 2.75), layout="constrained")
    panels = figure.subplots(1, 5)
    for panel, (name, rgb) in zip(panels[[0, 1, 3]], {"photo": photo, **painted}.items(), strict=True):
        panel.imshow(kcolor.photos.to_uint8(rgb)[0])
        panel.set_title(name)
    for panel, rgb in zip(panels[[2, 4]], painted.values(), strict=True):
        off = ops.convert_to_numpy(ops.abs(kcolor.color.rgb_to_lightness(rgb) - lab[..., :1]))[0, ..., 0]
        shown = panel.imshow(off, cmap="magma", vmin=0, vmax=20)
        panel.set_title(f"lightness off by {off.mean():.1f} of 100", fontsize=10)
    for panel in panels:
        panel.axis("off")
    figure.colorbar(shown, ax=panels, location="bottom", shrink=0.3, aspect=40, label="difference in lightness")
    return figure


if __name__ == "__main__":
    rebalancing().savefig(DOCS / "rebalancing.png", dpi=90)
    gamut().savefig(DOCS / "gamut.jpg", dpi=100)
