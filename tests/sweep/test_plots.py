"""The plots of a sweep's report."""

import numpy as np
from helpers.sweeps import made_up

from kcolor.sweep import plots, sweep_file


def test_every_plot_is_drawn():
    swept, rows = made_up()
    drawn = plots.figures(rows, swept)
    names = (
        "code-size-val_loss code-size-val_pixel_accuracy pareto-parameters pareto-seconds importance curves effects parallel"
    )
    assert list(drawn) == names.split()
    assert all(figure.axes for _, figure in drawn.values())
    front = plots.pareto(rows, "parameters", swept)
    assert sorted(text.get_text() for text in front.axes[0].texts) == ["0", "2"]
    assert len(plots.curves(rows, swept).axes[0].lines) == 4
    (axis,) = plots.code_size(rows, "val_loss").axes
    correlation = np.corrcoef(range(4), [row["val_loss"] for row in rows])[0, 1]
    assert (axis.get_xlabel(), axis.get_title("right")) == ("code size, numbers", f"correlation {correlation:.2f}")


def adversarial():
    """Rows of adversarial trainings, of which those with a factor of 0 have no adversarial loss."""
    swept = sweep_file.Sweep("gan", "gan-landscapes", grid={"model.complexity": [4, 8], "adversarial.factor": [0.0, 0.5]})
    rows = made_up()[1]
    for row, point in zip(rows, swept.points(), strict=True):
        losses = {"content": [0.2, 0.1, 0.05]} | ({"adversarial": [0.7, 0.9, 1.0]} if point["adversarial.factor"] else {})
        row.update(point, ratio=4.0 / point["model.complexity"], losses=losses)
    return swept, rows


def test_an_adversarial_sweep_has_both_losses_and_the_ratio():
    swept, rows = adversarial()
    drawn = plots.figures(rows, swept)
    assert {"losses", "ratio"} <= set(drawn)
    panels = plots.losses(rows, swept).axes
    assert [panel.get_title() for panel in panels] == ["model.complexity 4", "model.complexity 8"]
    assert [len(line.get_xdata()) for line in panels[0].lines] == [3, 0, 3, 3]  # content and adversarial of either trial
    assert [text.get_text() for text in panels[0].get_legend().get_texts()] == ["factor 0.0", "factor 0.5"]
    lines = plots.ratio(rows, swept).axes[0].lines
    assert [list(line.get_xdata()) for line in lines] == [[0.5, 1.0], [0.5, 1.0]]


def test_a_value_none_of_whose_trials_has_an_epoch_has_an_empty_panel():
    swept, rows = adversarial()
    for row in rows[:2]:
        row["losses"] = None
    assert [len(panel.lines) for panel in plots.losses(rows, swept).axes] == [0, 4]
