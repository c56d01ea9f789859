"""The page of what a colorizer thought of a photo."""

import numpy as np
import pytest

import kcolor
from kcolor.evaluation.explain import explain
from kcolor.utils import figures

pytest.importorskip("matplotlib", reason="matplotlib is not installed in this environment")
from kcolor.evaluation.explain_plot import explain_plot


@pytest.fixture(scope="module")
def colorizer():
    return kcolor.Colorizer("unet", kcolor.targets.Bins(grid=6, temperature=0.4), filters=(4, 8), size=16)


def titles(figure):
    return [axis.get_title() for row in figure.subfigs for axis in row.axes if axis.get_title()]


def test_every_picture_has_its_title(colorizer):
    found = titles(explain_plot(explain(colorizer, np.full((20, 30), 128, "uint8"), 3, 4)))
    assert found[3] == "how likely each colour is at the ring"
    assert found[4:9] == ["temperature 0", "temperature 0.2", "temperature 0.4, its own", "temperature 0.7", "temperature 1"]
    assert found[9:] == ["seen at 8 pixels", "seen at 16 pixels, its own", "seen at 24 pixels", "seen at 32 pixels"]


def test_likelier_colours_are_larger(colorizer):
    explanation = explain(colorizer, np.full((20, 30), 128, "uint8"))
    plane = explain_plot(explanation).subfigs[0].axes[3]
    boxes = [path.get_extents() for path in plane.collections[0].get_paths()]
    areas = np.array([box.width * box.height for box in boxes])
    np.testing.assert_allclose(areas / areas.max(), explanation.shares / explanation.shares.max(), rtol=1e-4)


@pytest.mark.parametrize("size", [(20, 30), (30, 20)])
def test_it_is_written(colorizer, size, tmp_path):
    figures.save(explain_plot(explain(colorizer, np.full(size, 128, "uint8"))), tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 10_000
