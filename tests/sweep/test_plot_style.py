"""What the plots of a sweep share."""

from helpers.sweeps import made_up

from kcolor.sweep.plot_style import COST_NAMES, new_figure, new_panels, readable
from kcolor.sweep.results import COSTS


def test_columns_have_names_that_people_read():
    assert readable("val_ab_distance") == "validation ab distance"
    assert set(COST_NAMES) == set(COSTS) <= {*made_up()[1][0], "ratio"}


def test_a_figure_has_as_many_panels_as_asked_for():
    figure, panels = new_panels(5, across=4, sharey=True)
    assert len(panels) == len(figure.axes) == 5
    assert [panel.get_gridspec().ncols for panel in panels] == [4] * 5
    figure, axis = new_figure()
    assert figure.axes == [axis]
