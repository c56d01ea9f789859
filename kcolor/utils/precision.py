"""Dtype policies: which precision is fast on this machine, and networks recast to another one."""

import contextlib
import pathlib

import keras
from keras import ops


def precision(name: str = "auto") -> str:
    """A Keras dtype policy; ``"auto"`` takes ``mixed_bfloat16`` where that is fast and ``float32`` elsewhere."""
    if name != "auto":
        return name
    return "mixed_bfloat16" if _has_fast_bfloat16() else "float32"


@contextlib.contextmanager
def policy(name: str):
    """Networks built inside compute in this precision; afterwards all is as it was."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision(name))
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def computing_in(model: keras.Model, name: str) -> keras.Model:
    """The same model, with the same weights, whose layers all compute in another precision.

    Args:
        model: a Keras model that can be made of its config.
        name: of a Keras dtype policy.
    """
    other = keras.saving.deserialize_keras_object(recast(keras.saving.serialize_keras_object(model), name))
    other.set_weights(model.get_weights())
    return other


def recast(config, name: str):
    """A model's config in which every layer has another dtype policy."""
    if isinstance(config, dict):
        if config.get("class_name") == "DTypePolicy":
            return {**config, "config": {**config["config"], "name": name}}
        return {key: recast(value, name) for key, value in config.items()}
    return [recast(value, name) for value in config] if isinstance(config, (list, tuple)) else config


def _has_fast_bfloat16():
    if not _on_cpu():
        return _gpu_has_bfloat16()
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    # JAX has no fast bfloat16 convolutions on any CPU.
    return ("avx512_bf16" in flags or "amx_bf16" in flags) and keras.backend.backend() != "jax"


def _on_cpu():
    # Where an array lands is the one thing that all backends tell alike: "/…/device:CPU:0", "TFRT_CPU_0", "cuda:0".
    return "cpu" in str(ops.zeros(()).device).lower()


def _gpu_has_bfloat16():
    """GPUs have it since compute capability 8.0; only TensorFlow tells, and what runs the other two is rarely older."""
    if keras.backend.backend() != "tensorflow":
        return True
    import tensorflow as tf

    details = [tf.config.experimental.get_device_details(gpu) for gpu in tf.config.list_physical_devices("GPU")]
    return all(detail.get("compute_capability", (8, 0)) >= (8, 0) for detail in details)
