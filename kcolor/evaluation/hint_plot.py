"""Draws how much better colorizers get with hints. It needs matplotlib."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from kcolor.evaluation.hint_curve import HintCurve
from kcolor.utils.figures import GRAY

# richzhang/colorization-pytorch, resources/psnrs_siggraph.npy: mean PSNR of 1,000 pictures of ImageNet at 256×256.
SIGGRAPH17 = {0: 24.43, 1: 25.37, 2: 26.20, 3: 26.69, 5: 27.39, 10: 28.42, 20: 29.34, 50: 30.42, 100: 31.13}
_COLORS = ("#2a6f97", "#bc4749", "#6a994e", "#7b5ea7")


def hint_plot(curves: Mapping[str, HintCurve]) -> Figure:
    """Draws the gain in PSNR by the number of hints, beside that of siggraph17, which was trained for hints.

    >>> from kcolor.evaluation.hint_curve import hint_curve
    >>> photos = np.random.default_rng(0).integers(0, 256, (1, 16, 16, 3), dtype="uint8")
    >>> curve = hint_curve(kcolor.Colorizer("unet", "lab", filters=(4, 8)), photos, (0, 1, 2))
    >>> len(hint_plot({"mine": curve}).axes[0].lines)
    2

    Args:
        curves: `HintCurve` by name.

    Returns:
        A ``matplotlib.figure.Figure``.
    """
    figure = Figure(figsize=(5.2, 3.4), layout="constrained")
    axis = figure.add_subplot()
    for (name, curve), paint in zip(curves.items(), _COLORS * len(curves), strict=False):
        gains = curve.gains()
        axis.plot(list(gains), list(gains.values()), "o-", color=paint, markersize=3.5, linewidth=1.6, label=name)
    known = {number: psnr - SIGGRAPH17[0] for number, psnr in SIGGRAPH17.items()}
    axis.plot(list(known), list(known.values()), "--", color=GRAY, linewidth=1, label="siggraph17, on its own pictures")
    axis.set_xscale("symlog", linthresh=1)
    numbers = sorted({number for curve in curves.values() for number in curve.metrics} | {1, 10, 100})
    axis.set_xticks(numbers, [str(number) for number in numbers])
    axis.minorticks_off()
    axis.set_xlabel("hints: 6×6 pixels of the true mean colour")
    axis.set_ylabel("gain in PSNR, dB")
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(frameon=False, fontsize=8)
    return figure
