"""Plots of what each axis does."""

from helpers.sweeps import made_up

from kcolor.sweep import axis_plots


def test_a_panel_for_each_axis_with_the_means():
    swept, rows = made_up()
    panels = axis_plots.effects(rows, swept).axes
    assert [panel.get_xlabel() for panel in panels] == ["model.channel_factor", "model.kernel_size"]
    assert [list(panel.lines[-1].get_ydata()) for panel in panels] == [[6.5, 2.5], [4.0, 5.0]]


def test_the_most_important_axis_has_the_longest_bar():
    swept, rows = made_up()
    assert [round(bar.get_width(), 3) for bar in axis_plots.importance(rows, swept).axes[0].patches] == [0.059, 0.941]


def test_every_trial_is_a_line_across_all_axes():
    swept, rows = made_up()
    lines = axis_plots.parallel(rows, swept).axes[0].lines
    assert len(lines) == 4
    assert sorted(line.get_linewidth() for line in lines) == [1.2, 1.2, 1.2, 3.5]
