"""Functions compiled by Keras's backend."""

import warnings

import keras


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
