"""The plot of gains."""

import pytest

from kcolor.evaluation.confidence import Interval
from kcolor.evaluation.hint_curve import HintCurve


def test_gains_are_drawn_beside_siggraph17():
    pytest.importorskip("matplotlib")
    from kcolor.evaluation.hint_plot import SIGGRAPH17, hint_plot

    rows = {number: {"psnr": Interval(20.0 + number, 19.0, 21.0, 3)} for number in (0, 1, 10)}
    axis = hint_plot({"mine": HintCurve(3, rows)}).axes[0]
    mine, known = axis.lines
    assert mine.get_ydata().tolist() == [0, 1, 10]
    assert known.get_ydata()[-1] == pytest.approx(SIGGRAPH17[100] - SIGGRAPH17[0])
