"""Functions compiled by Keras's backend."""

import collections
import contextlib
import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np

from kcolor.utils.types import Tensor

_AT_ONCE = 2


def overlaps() -> bool:
    """Returns whether calls from several threads run at the same time: on TensorFlow alone.

    JAX and PyTorch use all cores by themselves. Keras's step of JAX is not for threads; in new ones PyTorch keeps gradients.
    """
    return keras.backend.backend() == "tensorflow"


def without_gradients() -> contextlib.AbstractContextManager:
    """Returns a scope in which PyTorch keeps nothing for a gradient. It would keep all that a network computed on its way.

    >>> with without_gradients():
    ...     print(float(ops.ones(()) + 1.0))
    2.0
    """
    if keras.backend.backend() != "torch":
        return contextlib.nullcontext()
    import torch

    return torch.no_grad()


class Compiled:
    """A function of a dict of arrays, compiled on first use for each set of shapes. Its results are NumPy arrays.

    >>> add = Compiled(lambda given: given["a"] + given["b"])
    >>> add({"a": np.float32([1, 2]), "b": np.float32([10, 20])})
    array([11., 22.], dtype=float32)

    Args:
        function: Function made of those `keras.ops` that XLA has a kernel for.
    """

    def __init__(self, function: Callable[[dict], Tensor]) -> None:
        self._model = _FunctionModel(function)
        # "auto" leaves XLA out on a CPU, where it slows convolutions. Arithmetic of pixels becomes three times as fast by it.
        xla = keras.backend.backend() != "torch"
        with warnings.catch_warnings():
            # Keras warns that there is no XLA while a training asks for the same numbers every time.
            warnings.simplefilter("ignore")
            self._model.compile(jit_compile=xla)

    def __call__(self, given: dict) -> np.ndarray | dict:
        """Returns what the function returns, as NumPy.

        Args:
            given: Dict of arrays by name, as the function takes it.
        """
        return self._model.predict_on_batch(given)

    def each(self, many: Iterable[dict]) -> Iterator[np.ndarray | dict]:
        """Yields what the function returns for each of many, in order; on TensorFlow two at a time.

        XLA computes on one core.

        >>> [found.tolist() for found in Compiled(lambda given: given["a"] + 1).each({"a": np.float32([n])} for n in range(3))]
        [[1.0], [2.0], [3.0]]

        Args:
            many: Dicts of arrays by name, as the function takes them, of the same shapes.
        """
        given = iter(many)
        if not overlaps():
            yield from map(self, given)
            return
        yield from map(self, itertools.islice(given, 1))  # compiles
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            waiting = collections.deque(pool.submit(self, one) for one in itertools.islice(given, _AT_ONCE))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(self, one) for one in itertools.islice(given, 1))


class Graph:
    """A function that TensorFlow turns into one graph for pictures of all sizes.

    There is no Python between the operations, and the arithmetic is that of an exported model. Other backends call the
    function as it is. So does TensorFlow with a function that must know sizes.

    >>> halve = Graph(lambda picture: picture * 0.5)
    >>> [float(ops.max(halve(np.ones((1, side, side, 3), "float32")))) for side in (2, 3)]
    [0.5, 0.5]

    Args:
        function: Function of arrays, or of tuples of numbers, made of `keras.ops`. In a graph sizes are tensors.
    """

    def __init__(self, function: Callable[..., Tensor]) -> None:
        self._function, self._traced = function, None
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            self._traced = tf.function(function, autograph=False)

    def __call__(self, *given: Tensor) -> Tensor:
        """Returns what the function returns for these arrays."""
        graph = self._graph(given) if self._traced is not None else None
        if graph is not None:
            return graph()
        with without_gradients():
            return self._function(*given)

    def _graph(self, given):
        import tensorflow as tf

        tensors = [tf.convert_to_tensor(one) for one in given]
        specs = [tf.TensorSpec([*(None for _ in one.shape[:-1]), *one.shape[-1:]], one.dtype) for one in tensors]
        try:
            concrete = self._traced.get_concrete_function(*specs)
        except Exception:  # layers of any kind raise errors of any kind; a real one is raised again by the plain call
            self._traced = None
            return None
        return lambda: concrete(*tensors)


class _FunctionModel(keras.Model):
    """A function as a Keras model, because Keras compiles models on every backend."""

    def __init__(self, function):
        super().__init__(name="function", dtype="float32")
        self._function = function
        self.built = True

    def call(self, given):
        return self._function(given)
