"""Curves of training and validation, as matplotlib draws them."""

import importlib.util

import pytest

from kcolor.training import curves

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


@needs_plots
def test_moving_averages_are_dotted():
    figure = curves.loss_curves({"loss": [1.0, 0.5], "loss_average": [1.0, 0.9]})
    assert [line.get_linestyle() for line in figure.axes[0].get_lines()][:2] == ["-", ":"]


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
    assert dict(matplotlib.rcParams) == before


@needs_plots
def test_a_run_of_one_epoch_whose_rate_has_fallen_to_nothing(tmp_path):
    """Of zeros alone there is no logarithm; a warning of matplotlib is an error here."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "history.csv").write_text("epoch,loss,learning_rate\n1,0.5,0.0\n")
    assert curves.curves([tmp_path / "run"]).axes
