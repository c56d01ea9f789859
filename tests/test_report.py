"""Report: what the figures of matplotlib draw, sheets, and files that are whole or not there."""

import importlib.util

import numpy as np
import pytest
from keras import ops
from PIL import Image

from kcolor import bins, color, targets
from kcolor.bins import plot
from kcolor.images.contact_sheet import contact_sheet
from kcolor.training import curves
from kcolor.training import history as histories
from kcolor.utils import figures

needs_plots = pytest.mark.skipif(
    importlib.util.find_spec("seaborn") is None, reason="matplotlib and seaborn are not installed in this environment"
)

HISTORY = {
    "epoch": [1, 2, 3, 4],
    "loss": [4.0, 3.0, 2.0, 1.0],
    "val_loss": [5.0, 3.5, 3.0, 3.2],
    "psnr": [20.0, 21.0, 22.0, 23.0],
    "val_psnr": [19.0, 20.0, 20.5, 20.4],
    "learning_rate": [1e-3, 1e-3, 1e-4, 1e-4],
    "seconds": [9.0, 8.0, 8.0, 8.0],
}


def as_rows(history):
    return [dict(zip(history, values, strict=True)) for values in zip(*history.values(), strict=True)]


def write_csv(path, history):
    lines = [",".join(history), *(",".join(map(str, row)) for row in zip(*history.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return path


# Histories


def test_every_form_of_a_history_reads_the_same(tmp_path):
    for form in (HISTORY, as_rows(HISTORY), write_csv(tmp_path / "a.csv", HISTORY), str(tmp_path / "a.csv")):
        ((name, run),) = histories.read_several(form).items()
        assert name == ""
        assert {column: values.tolist() for column, values in run.items()} == HISTORY


def test_several_histories_are_told_from_one(tmp_path):
    runs = histories.read_several({"dict": HISTORY, "rows": as_rows(HISTORY), "file": write_csv(tmp_path / "a.csv", HISTORY)})
    assert list(runs) == ["dict", "rows", "file"]
    assert runs["rows"]["val_loss"].tolist() == runs["file"]["val_loss"].tolist() == HISTORY["val_loss"]


def test_a_keras_history_has_no_epochs_and_a_file_may_have_gaps(tmp_path):
    ((_, run),) = histories.read_several({"loss": [3.0, 2.0]}).items()
    assert run["epoch"].tolist() == [1, 2]
    path = write_csv(tmp_path / "a.csv", {"epoch": [1, 2], "loss": [3.0, 2.0], "val_loss": ["", 2.5]})
    ((_, run),) = histories.read_several(path).items()
    np.testing.assert_array_equal(run["val_loss"], [np.nan, 2.5])
    assert histories.best_epoch(run) == 1


def test_quantities_and_the_best_epoch():
    run = {name: np.array(values) for name, values in HISTORY.items()}
    assert histories.quantities([{"psnr": 0, "learning_rate": 0, "epoch": 0}, run]) == ["loss", "psnr", "learning_rate"]
    assert histories.best_epoch(run) == 2  # the validation's, not the training's
    assert histories.best_epoch({"loss": run["loss"]}) == 3
    assert histories.best_epoch({**run, "val_content": run["loss"]}) == 3  # beside a discriminator
    assert histories.best_epoch({"psnr": run["psnr"]}) is None


def test_moving_averages_follow_slowly():
    first = histories.moving_averages({"loss": 1.0, "accuracy": 0.5}, None)
    assert first == {"loss_average": 1.0, "accuracy_average": 0.5}
    assert histories.moving_averages({"loss": 0.0}, first) == {"loss_average": pytest.approx(0.8)}
    runs = [{"loss": [1.0], "loss_average": [1.0], "seconds": [3]}]
    assert histories.quantities(runs) == ["loss"]


@needs_plots
def test_moving_averages_are_dotted():
    figure = curves.loss_curves({"loss": [1.0, 0.5], "loss_average": [1.0, 0.9]})
    assert [line.get_linestyle() for line in figure.axes[0].get_lines()][:2] == ["-", ":"]


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ({}, "at least one epoch"),
        ([], "at least one epoch"),
        ({"loss": [1.0, 2.0], "val_loss": [1.0]}, "one length"),
        ({"loss": ["low", "high"]}, "numbers"),
    ],
)
def test_what_is_no_history_is_refused(history, message):
    with pytest.raises(ValueError, match=message):
        histories.read_several(history)
    with pytest.raises(ValueError, match="quantity"):
        histories.quantities([{"epoch": [1], "seconds": [2]}])


# Curves


def lines_of(axis):
    return [(line.get_linestyle(), line.get_xdata().tolist(), line.get_ydata().tolist()) for line in axis.lines]


@needs_plots
def test_loss_curves_draw_training_validation_and_the_best_epoch():
    figure = curves.loss_curves(HISTORY)
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["loss", "psnr", "learning rate"]
    training, validation, best = lines_of(figure.axes[0])
    assert training == ("--", [1, 2, 3, 4], HISTORY["loss"])
    assert validation == ("-", [1, 2, 3, 4], HISTORY["val_loss"])
    assert best[1:] == ([3], [3.0])
    assert lines_of(figure.axes[1])[2][1:] == ([3], [20.5])  # the epoch of the least loss, not of the best PSNR
    assert lines_of(figure.axes[2])[0][0] == "-"
    assert figure.axes[2].get_yscale() == "log"


@needs_plots
def test_phases_are_parted_by_a_line():
    figure = curves.loss_curves({**HISTORY, "phase": [1, 1, 2, 2]})
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["loss", "psnr", "learning rate"]
    assert list(figure.axes[0].lines[3].get_xdata()) == [2.5, 2.5]
    assert "next phase" in [text.get_text() for text in figure.legends[0].get_texts()]


@needs_plots
def test_loss_curves_compare_runs_in_one_color_each():
    other = {"loss": [2.0, 1.5, 1.8]}
    figure = curves.loss_curves({"first": HISTORY, "second": other})
    first, *_, second, _ = figure.axes[0].lines
    assert second.get_ydata().tolist() == other["loss"]
    assert first.get_color() != second.get_color()
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["first", "second", "training", "validation", "epoch of the least loss"]


@needs_plots
def test_figures_leave_the_users_matplotlib_alone():
    import matplotlib

    before = dict(matplotlib.rcParams)
    curves.loss_curves(HISTORY)
    plot.bin_occupancy(bins.uniform_grid(4))
    assert dict(matplotlib.rcParams) == before


# Bins


@pytest.fixture(scope="module")
def measured():
    """Three quarters grey, one quarter red, in bins of step 20."""
    photo = np.full((8, 8, 3), 128, "uint8")
    photo[:, 6:] = (255, 0, 0)
    return targets.get("bins", step=20).measure([photo])


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
@pytest.mark.parametrize("options", [{"grid": 6}, {"grid": 18, "frequent": 32}, {"step": 10, "soft": True}])
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


def plain(value):
    return np.full((20, 20, 3), value, "uint8")


# Files


@needs_plots
@pytest.mark.parametrize(("suffix", "start"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")])
def test_save_writes_what_the_suffix_says(suffix, start, tmp_path):
    figures.save(curves.loss_curves(HISTORY), tmp_path / f"curves{suffix}")
    assert (tmp_path / f"curves{suffix}").read_bytes().startswith(start)
    assert len(list(tmp_path.iterdir())) == 1


def test_save_writes_a_sheet(tmp_path):
    figures.save(contact_sheet([[plain(1), plain(2), plain(3)]]), tmp_path / "rows.png")
    with Image.open(tmp_path / "rows.png") as sheet:
        assert sheet.size[0] > 3 * 128


@pytest.mark.parametrize("name", ["curves.jpeg", "curves", "rows.svg"])
def test_save_refuses_an_unknown_suffix_by_name(name, tmp_path):
    with pytest.raises(ValueError, match=f"(?s)\\.png.*{name}"):
        figures.save(Image.new("RGB", (2, 2)), tmp_path / name)


def test_save_leaves_nothing_half_written(tmp_path):
    class Broken:
        def savefig(self, path, dpi):
            path.write_bytes(b"half")
            raise RuntimeError("no more")

    (tmp_path / "curves.png").write_bytes(b"before")
    with pytest.raises(RuntimeError):
        figures.save(Broken(), tmp_path / "curves.png")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("curves.png", b"before")]
