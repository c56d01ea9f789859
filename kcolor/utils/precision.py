"""What Keras is set to while a network is built: its precision, and its order of axes; and networks recast to another one."""

import contextlib
import pathlib
from collections.abc import Iterator
from typing import Any

import keras
from keras import ops


def precision(name: str = "auto") -> str:
    """Returns the name of a Keras dtype policy.

    >>> precision("mixed_float16")
    'mixed_float16'

    Args:
        name: Name of a policy, which is returned as it is; or ``"auto"`` for ``mixed_bfloat16`` where this machine
            computes fast in it, and ``float32`` elsewhere.
    """
    if name != "auto":
        return name
    return "mixed_bfloat16" if _has_fast_bfloat16() else "float32"


@contextlib.contextmanager
def policy(name: str) -> Iterator[None]:
    """Sets a dtype policy for the networks that are built inside. Afterwards the former one holds again.

    >>> with policy("mixed_bfloat16"):
    ...     layer = keras.layers.Dense(2)
    >>> layer.compute_dtype, keras.layers.Dense(2).compute_dtype
    ('bfloat16', 'float32')

    Args:
        name: Name of a policy, or ``"auto"`` (see `precision`).
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision(name))
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@contextlib.contextmanager
def channels_last() -> Iterator[None]:
    """Lets networks that are built inside have their channels last, as all of kcolor has them, whatever Keras is set to.

    >>> with channels_last():
    ...     keras.layers.Conv2D(2, 3).data_format
    'channels_last'
    """
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    try:
        yield
    finally:
        keras.config.set_image_data_format(before)


def computing_in(model: keras.Model, name: str) -> keras.Model:
    """Returns a copy of a model, with the same weights, whose layers all compute in another precision.

    Args:
        model: A Keras model that can be built from its config.
        name: Name of a Keras dtype policy.
    """
    other = keras.saving.deserialize_keras_object(recast(keras.saving.serialize_keras_object(model), name))
    other.set_weights(model.get_weights())
    return other


def recast(config: Any, name: str) -> Any:
    """Returns a model's config in which every layer has another dtype policy, but for what computes in float32 under any.

    >>> recast({"dtype": {"class_name": "DTypePolicy", "config": {"name": "float32"}}}, "mixed_bfloat16")
    {'dtype': {'class_name': 'DTypePolicy', 'config': {'name': 'mixed_bfloat16'}}}

    Args:
        config: Dicts, lists and plain values, as `keras.saving.serialize_keras_object` makes them.
        name: Name of a Keras dtype policy.
    """
    if isinstance(config, dict):
        if config.get("registered_name") == "kcolor>Preprocess" and name != "float32":  # its means have more digits
            return config
        own = config.get("config")  # of a function that is its name, as text
        if name != "float32" and "class_name" in config and isinstance(own, dict) and own.get("name") in _IN_FLOAT32:
            return config
        if config.get("class_name") == "DTypePolicy":
            return {**config, "config": {**config["config"], "name": name}}
        return {key: recast(value, name) for key, value in config.items()}
    return [recast(value, name) for value in config] if isinstance(config, (list, tuple)) else config


# The last layers of networks and discriminators, what they see, and what is pooled of a whole picture.
_IN_FLOAT32 = ("raw", "logits", "logit", "input_size", "context_pool", "context_norm")


def _has_fast_bfloat16():
    if not on_cpu():
        return _gpu_has_bfloat16()
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    # JAX has no fast bfloat16 convolutions on any CPU.
    return ("avx512_bf16" in flags or "amx_bf16" in flags) and keras.backend.backend() != "jax"


def on_cpu() -> bool:
    """Returns whether arrays lie on the processor, rather than on a GPU."""
    # All backends tell where an array lies, and nothing else alike: "/…/device:CPU:0", "TFRT_CPU_0", "cuda:0".
    return "cpu" in str(ops.zeros(()).device).lower()


def _gpu_has_bfloat16():
    """Returns whether the GPU computes in bfloat16, which is so since compute capability 8.0.

    Only TensorFlow tells. What runs the other two backends is rarely older.
    """
    if keras.backend.backend() != "tensorflow":
        return True
    import tensorflow as tf

    details = [tf.config.experimental.get_device_details(gpu) for gpu in tf.config.list_physical_devices("GPU")]
    return all(detail.get("compute_capability", (8, 0)) >= (8, 0) for detail in details)
