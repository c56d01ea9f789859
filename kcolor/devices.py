"""What this machine computes with: which precision is fast, one device or several, the same numbers every time."""

import contextlib
import pathlib
import warnings

import keras
from keras import ops


def precision(name: str = "auto") -> str:
    """A Keras dtype policy; ``"auto"`` takes ``mixed_bfloat16`` where that is fast and ``float32`` elsewhere."""
    if name != "auto":
        return name
    return "mixed_bfloat16" if _has_fast_bfloat16() else "float32"


class Compiled:
    """A function of a dict of arrays, compiled on first use for each set of shapes; what it gives comes as NumPy.

    Args:
        function: made of `keras.ops` that XLA has a kernel for.
    """

    def __init__(self, function):
        self._model = _FunctionModel(function)
        # "auto" would leave XLA out on a CPU, where it slows convolutions; arithmetic of pixels it makes three times as fast.
        xla = keras.backend.backend() != "torch"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there is none while a training asks for the same numbers every time
            self._model.compile(jit_compile=xla)

    def __call__(self, given: dict):
        return self._model.predict_on_batch(given)


class Graph:
    """A function that TensorFlow makes one graph of, for pictures of all sizes: no Python between the operations, and the same
    arithmetic as in what is exported. Other backends call it as it is, and so is what cannot do without knowing sizes.

    Args:
        function: of arrays, or tuples of numbers, made of `keras.ops`; in a graph sizes are tensors.
    """

    def __init__(self, function):
        self._function, self._traced = function, None
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            self._traced = tf.function(function, autograph=False)

    def __call__(self, *given):
        graph = self._graph(given) if self._traced is not None else None
        return self._function(*given) if graph is None else graph()

    def _graph(self, given):
        import tensorflow as tf

        tensors = [tf.convert_to_tensor(one) for one in given]
        specs = [tf.TensorSpec([*(None for _ in one.shape[:-1]), *one.shape[-1:]], one.dtype) for one in tensors]
        try:
            concrete = self._traced.get_concrete_function(*specs)
        except Exception:  # of any kind, from layers of any kind: what is really wrong is said again when it is called
            self._traced = None
            return None
        return lambda: concrete(*tensors)


class _FunctionModel(keras.Model):
    """A function as a Keras model, because Keras compiles those on every backend."""

    def __init__(self, function):
        super().__init__(name="function", dtype="float32")
        self._function = function
        self.built = True

    def call(self, given):
        return self._function(given)


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
