"""Precision and devices. (Two devices at work: `test_training`.)"""

import keras
import pytest
from helpers.processes import run_python

from kcolor.utils import devices


def test_one_device_needs_nothing():
    with devices.spread_over(1) as nothing:
        assert nothing is None
    with pytest.raises(ValueError, match="Received: 500|TensorFlow backend"):
        devices.spread_over(500)


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="only TensorFlow has to be told")
def test_deterministic():
    """In a process of its own: it cannot be taken back."""
    code = "import kcolor.utils.devices, tensorflow as tf\nkcolor.utils.devices.make_deterministic()\n"
    code += "print(tf.config.experimental.get_synchronous_execution() is not None)\n"
    code += "from tensorflow.python.framework.config import is_op_determinism_enabled as on\nprint(on())"
    assert run_python(code).split()[-1] == "True"
