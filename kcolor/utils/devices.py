"""Devices of this machine: one or several of them, and the same numbers every time."""

import contextlib

import keras


def make_deterministic() -> None:
    """Makes every run compute the same numbers, for the rest of this process. Only TensorFlow has to be told."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def spread_over(count: int) -> contextlib.AbstractContextManager:
    """Returns a context in which a model is built and trained on several devices, each with its part of a batch.

    >>> with spread_over(1):  # one device: nothing changes
    ...     layer = keras.layers.Dense(2)

    Args:
        count: Number of devices. With 1 Keras chooses the device. With more they are GPUs, or on a machine without GPUs
            logical CPUs, which is no faster and only for trying it out.

    Raises:
        ValueError: If this machine has fewer devices, or another backend than TensorFlow runs.
    """
    if count == 1:
        return contextlib.nullcontext()
    if count < 1:
        raise ValueError(f"Expected at least one device. Received: {count}")
    if keras.backend.backend() != "tensorflow":
        raise ValueError(f"Several devices need the TensorFlow backend. Received: {count} devices on {keras.backend.backend()}")
    import tensorflow as tf

    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    if kind == "CPU":
        _split_cpu(count)
    found = [device.name for device in tf.config.list_logical_devices(kind)]
    if len(found) < count:
        raise ValueError(f"Expected no more devices than the {len(found)} {kind}s of this machine. Received: {count}")
    return tf.distribute.MirroredStrategy([name.replace("/device:", "") for name in found[:count]]).scope()


def _split_cpu(count):
    import tensorflow as tf

    (cpu, *_) = tf.config.list_physical_devices("CPU")
    # Once TensorFlow has started, its devices can no longer be changed.
    with contextlib.suppress(RuntimeError):
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * count)
