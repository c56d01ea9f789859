"""Functions that the backend compiles: to NumPy, and for all sizes."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor.utils import compile

pytestmark = pytest.mark.graphs


def test_a_compiled_function_gives_numpy():
    twice = compile.Compiled(lambda given: {"sum": given["a"] + given["b"]})
    found = twice({"a": np.arange(3, dtype="float32"), "b": np.ones(3, "float32")})
    assert isinstance(found["sum"], np.ndarray)
    assert found["sum"].tolist() == [1.0, 2.0, 3.0]
    assert twice({"a": np.zeros(2, "float32"), "b": np.ones(2, "float32")})["sum"].shape == (2,)


def test_a_graph_is_one_for_all_sizes():
    sizes = []

    def stretched(photo, by):
        sizes.append(tuple(photo.shape))
        return photo * by

    graph = compile.Graph(stretched)
    for side in (2, 3, 4):
        found = ops.convert_to_numpy(graph(np.ones((1, side, side, 3), "float32"), np.float32(side)))
        assert found.shape == (1, side, side, 3)
        assert (found == side).all()
    graph(np.ones((1, 2, 2, 2), "float32"), np.float32(1))  # of another kind of picture there is another one
    assert len(sizes) == (2 if keras.backend.backend() == "tensorflow" else 4)


def test_what_has_to_know_sizes_is_called_as_it_is():
    graph = compile.Graph(lambda photo: photo * max(2, photo.shape[1] - 1))
    assert float(graph(np.ones((1, 5, 5, 3), "float32"))[0, 0, 0, 0]) == 4
    with pytest.raises(ZeroDivisionError):
        compile.Graph(lambda photo: photo * (1 / 0))(np.ones((1, 5, 5, 3), "float32"))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="what XLA is good for is TensorFlow's question")
def test_xla_compiles_arithmetic_of_pixels_also_on_a_cpu():
    def smaller(given):  # XLA has no kernel for it: that it refuses shows that it was asked
        return ops.image.resize(given["a"], (2, 2), antialias=True)

    photo = {"a": np.zeros((1, 8, 8, 3), "float32")}
    assert smaller(photo).shape == (1, 2, 2, 3)
    with pytest.raises(Exception, match="XLA"):
        compile.Compiled(smaller)(photo)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_many_come_back_in_order(count):
    double = compile.Compiled(lambda given: given["a"] * 2)
    given = ({"a": np.full(3, number, "float32")} for number in range(count))
    assert [found.tolist() for found in double.each(given)] == [[2.0 * number] * 3 for number in range(count)]


def test_nothing_is_kept_for_a_gradient():
    """PyTorch would keep all that a network has computed for as long as its result lives."""
    layer = keras.layers.Dense(2)
    found = compile.Graph(lambda given: layer(given))(np.ones((1, 3), "float32"))
    with compile.without_gradients():
        also = layer(np.ones((1, 3), "float32"))
    assert not any(getattr(one, "requires_grad", False) for one in (found, also))
