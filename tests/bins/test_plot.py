"""Bins drawn in the ab plane, and how often each occurs."""

import importlib.util

import numpy as np
import pytest
from keras import ops
from PIL import Image

from kcolor import bins, color, targets
from kcolor.bins import plot
from kcolor.utils import figures

needs_plots = pytest.mark.skipif(
    importlib.util.find_spec("seaborn") is None, reason="matplotlib and seaborn are not installed in this environment"
)


@pytest.fixture(scope="module")
def measured():
    """Three quarters grey, one quarter red, in bins of step 20."""
    photo = np.full((8, 8, 3), 128, "uint8")
    photo[:, 6:] = (255, 0, 0)
    return targets.get("bins", step=20).measure([photo])


@needs_plots
def test_every_color_lies_inside_the_outline():
    from matplotlib.path import Path

    outline = Path(plot.gamut_outline())
    assert (
        outline.contains_points(bins.cube_ab(9), radius=1.0).all()
        or outline.contains_points(bins.cube_ab(9), radius=-1.0).all()
    )
    assert not outline.contains_points([[0, 120], [-100, -50]]).any()


@needs_plots
def test_bins_are_painted_in_their_own_colors():
    grid = bins.gamut_grid(20.0)
    (axis,) = plot.bin_occupancy(grid).axes
    (cells,) = axis.collections
    lab = np.array([[plot.LIGHTNESS, 40.0, 20.0]], "float32")
    place = np.flatnonzero((grid.centers == (40, 20)).all(axis=1))[0]
    np.testing.assert_allclose(cells.get_facecolors()[place, :3], ops.convert_to_numpy(color.lab_to_rgb(lab))[0], atol=1e-4)
    corners = cells.get_paths()[place].vertices
    np.testing.assert_allclose(corners.mean(axis=0), (40, 20), atol=5)
    assert len(cells.get_facecolors()) == grid.size


@needs_plots
def test_bins_never_seen_are_hollow_and_the_heat_map_has_the_shares(measured):
    painted, heat, bar = plot.bin_occupancy(measured).axes
    alpha = painted.collections[0].get_facecolors()[:, 3]
    np.testing.assert_array_equal(alpha > 0, np.array(measured.bins.counts) > 0)
    assert np.count_nonzero(alpha) == 2
    assert f"{measured.bins.size - 2} never seen" in painted.get_title()
    shares = heat.collections[0].get_array()
    assert shares.shape == measured.bins.shape
    assert sorted(shares.compressed()) == [25.0, 75.0]
    row, column = np.argwhere(shares.filled(0) == 75.0)[0]
    x, y = heat.collections[0].get_coordinates()[row : row + 2, column : column + 2].mean(axis=(0, 1))
    assert (x, y) == (0, 0)  # grey
    assert "half of the pixels are in 1 of the bins" in heat.get_title()
    assert bar.get_ylabel() == "% of the pixels"


@needs_plots
@pytest.mark.parametrize(
    "options",
    [
        {"grid": 6},
        *(pytest.param(one, marks=pytest.mark.slow) for one in ({"grid": 18, "frequent": 32}, {"step": 10, "soft": True})),
    ],
)
def test_every_kind_of_grid_can_be_drawn(options, tmp_path):
    photos = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), dtype="uint8")
    for target in (targets.get("bins", **options), targets.get("bins", **options).measure(photos)):
        figures.save(plot.bin_occupancy(target), tmp_path / "bins.png")
        with Image.open(tmp_path / "bins.png") as drawn:
            assert np.asarray(drawn).std() > 10


@needs_plots
def test_cells_beyond_the_gamut_are_pale():
    grid = bins.uniform_grid(6)
    alpha = plot.bin_occupancy(grid).axes[0].collections[0].get_facecolors()[:, 3]
    assert alpha[bins.bin_of(np.array([[0.0, 0.0]]), grid)[0]] == 1.0
    assert alpha[0] == pytest.approx(0.2)  # a = b = -107: no such colour


@needs_plots
def test_no_color_lies_outside_the_outline():
    figure = plot.bin_occupancy(bins.uniform_grid(2))
    outline = next(line for line in figure.axes[0].lines if line.get_label() == "sRGB").get_xydata()
    turn, reach = np.arctan2(*outline.T[::-1]), np.hypot(*outline.T)
    ab = bins.cube_ab(24)
    limit = np.interp(np.arctan2(ab[:, 1], ab[:, 0]), np.sort(turn), reach[np.argsort(turn)], period=2 * np.pi)
    excess = np.hypot(*ab.T) - limit
    assert -0.5 < excess.max() < 0.5


def test_what_is_no_grid_is_refused():
    if importlib.util.find_spec("matplotlib") is None:
        pytest.skip("matplotlib is not installed in this environment")
    with pytest.raises(ValueError, match="Grid"):
        plot.bin_occupancy(targets.get("lab"))


@needs_plots
def test_figures_leave_the_users_matplotlib_alone():
    import matplotlib

    before = dict(matplotlib.rcParams)
    plot.bin_occupancy(bins.uniform_grid(4))
    assert dict(matplotlib.rcParams) == before
