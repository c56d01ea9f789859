"""Precision and devices. (Two devices at work: `test_training`.)"""

import contextlib

import keras
import numpy as np
import pytest
from helpers.processes import run_python
from keras import ops

from kcolor.utils import compile, devices, precision


def test_auto_takes_what_is_fast(monkeypatch):
    assert precision.precision("mixed_float16") == "mixed_float16"
    for fast, name in ((True, "mixed_bfloat16"), (False, "float32")):
        monkeypatch.setattr(devices, "_has_fast_bfloat16", lambda fast=fast: fast)
        assert precision.precision("auto") == name


def test_this_machine_is_looked_at():
    assert precision.precision() in ("mixed_bfloat16", "float32")


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


def test_a_policy_does_not_outlive_its_block():
    before = keras.config.dtype_policy()
    with contextlib.suppress(KeyError), precision.policy("mixed_bfloat16"):
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        raise KeyError
    assert keras.config.dtype_policy() == before


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="what XLA is good for is TensorFlow's question")
def test_xla_compiles_arithmetic_of_pixels_also_on_a_cpu():
    def smaller(given):  # XLA has no kernel for it: that it refuses shows that it was asked
        return ops.image.resize(given["a"], (2, 2), antialias=True)

    photo = {"a": np.zeros((1, 8, 8, 3), "float32")}
    assert smaller(photo).shape == (1, 2, 2, 3)
    with pytest.raises(Exception, match="XLA"):
        compile.Compiled(smaller)(photo)


def test_a_model_that_computes_in_another_precision(policy):
    policy("mixed_bfloat16")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    policy("float32")
    other = precision.computing_in(model, "float32")
    assert (model.layers[0].compute_dtype, other.layers[0].compute_dtype) == ("bfloat16", "float32")
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), other.get_weights(), strict=True))
    kept = {"list": [{"class_name": "Dense", "config": {"name": "mixed_bfloat16"}}]}
    assert precision.recast(kept, "float32") == kept


def test_one_device_needs_nothing():
    with devices.spread_over(1) as nothing:
        assert nothing is None
    with pytest.raises(ValueError, match="Received: 500|TensorFlow backend"):
        devices.spread_over(500)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only TensorFlow has to be told")
def test_deterministic():
    """In a process of its own: it cannot be taken back."""
    code = "import kcolor.devices, tensorflow as tf\nkcolor.devices.make_deterministic()\n"
    code += "print(tf.config.experimental.get_synchronous_execution() is not None)\n"
    code += "from tensorflow.python.framework.config import is_op_determinism_enabled as on\nprint(on())"
    assert run_python(code).split()[-1] == "True"
