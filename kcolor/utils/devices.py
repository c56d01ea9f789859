"""What this machine computes with: which precision is fast, one device or several, the same numbers every time."""

import contextlib

import keras


def make_deterministic() -> None:
    """The same numbers in every run, for the rest of this process (only TensorFlow has to be told)."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def spread_over(count: int):
    """A context in which a model is made and trained on so many devices of this machine, each with its part of a batch.

    Args:
        count: 1 for whatever Keras takes. More: so many GPUs; on a machine without, so many logical CPUs, which is for trying
            it out and no faster.

    Returns:
        A context manager.
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
    # After TensorFlow has started its devices can no longer be changed.
    with contextlib.suppress(RuntimeError):
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * count)
