"""The cell, the bin and the near bins of colours, in NumPy."""

import numpy as np
import pytest
from keras import ops

from kcolor import bins
from kcolor.bins.lookup import squared_distances


def numpy(x):
    return ops.convert_to_numpy(x)


def test_cells_are_clamped_at_the_edges():
    assert bins.cell_of(np.float32([[-500, -500], [500, -500], [0, 500]]), bins.uniform_grid(4)).tolist() == [0, 3, 14]


def test_as_many_neighbours_as_there_are_bins():
    grid = bins.uniform_grid(2)
    assert bins.near_bins(grid, 9).shape == (2 * 255, 2 * 255, 4)
    assert numpy(bins.soft_encode(np.float32([[60, 60]]), grid, 9, 50.0)).shape == (1, 4)


def test_the_first_of_equally_near_ones_wins():
    points, among = np.array([[0.0, 0.0], [5.0, 1.0]]), np.array([[4.0, 0.0], [0.0, 4.0], [6.0, 2.0]])
    assert squared_distances(points, among).tolist() == [[16, 16, 40], [2, 34, 2]]
    assert bins.nearest(points, among).tolist() == [0, 0]


@pytest.mark.parametrize("count", [1, 4])
def test_near_bins_are_those_nearest_to_the_middle_of_each_square(count):
    grid = bins.gamut_grid(25.0)
    table = bins.near_bins(grid, count)
    side = grid.step * grid.shape[0] / table.shape[0]
    assert side <= 0.5
    for row, column in ((0, 0), (17, 200), (table.shape[0] // 2, table.shape[1] // 2), (-1, -1)):
        middle = grid.origin + side * (np.array([column % table.shape[1], row % table.shape[0]]) + 0.5)
        nearest = np.sort(np.linalg.norm(grid.centers - middle, axis=1))[:count]
        found = np.linalg.norm(grid.centers[table[row, column]] - middle, axis=1)
        assert np.sort(found) == pytest.approx(nearest)
