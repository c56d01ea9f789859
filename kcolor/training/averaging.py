"""Moving averages of the weights: what a run with ``optimizer.use_ema`` validates, shows and keeps as its result.

Keras's optimizers compute the averages. The weights that are trained stay as they are, and so does what a run continues from.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

from kcolor.colorizer.colorizer import Colorizer


@contextlib.contextmanager
def averaged(colorizer: Colorizer) -> Iterator[None]:
    """Gives a colorizer the moving averages of its weights while the context lasts.

    >>> from kcolor.training.averaging import averaged
    >>> colorizer = kcolor.Colorizer("unet", "lab", filters=(4,))
    >>> colorizer.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))
    >>> photos = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), "uint8")
    >>> kernels = []
    >>> for _ in range(2):
    ...     _ = colorizer.train_on_batch(photos)
    ...     kernels.append(colorizer.get_weights()[0])
    >>> with averaged(colorizer):
    ...     bool(np.allclose(colorizer.get_weights()[0], (kernels[0] + kernels[1]) / 2, atol=1e-6))
    True

    Args:
        colorizer: Compiled colorizer. Without ``use_ema``, or before the first step, nothing changes.
    """
    pairs = [
        pair for optimizer in _averaging(getattr(colorizer, "optimizer", None)) for pair in _weights_and_averages(optimizer)
    ]
    before = [ops.convert_to_numpy(weight) for weight, _ in pairs]
    for weight, average in pairs:
        weight.assign(ops.copy(average))  # on JAX both would be one buffer, which a step of evaluation gives away
    try:
        yield
    finally:
        for (weight, _), value in zip(pairs, before, strict=True):
            weight.assign(value)


class ValidateAverages(keras.callbacks.Callback):
    """Measures the validation pictures with the moving averages of the weights."""

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._context = averaged(self.model)
        self._context.__enter__()

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        self._context.__exit__(None, None, None)


def _averaging(optimizer):
    """An optimizer, and those inside it, as far as they average and have taken a step."""
    if optimizer is None:
        return []
    inner = [getattr(optimizer, "inner_optimizer", None), *getattr(optimizer, "optimizers", [])]
    found = [each for part in inner for each in _averaging(part)]
    stepped = optimizer.built and int(ops.convert_to_numpy(optimizer.iterations)) > 0
    return [*found, optimizer] if optimizer.use_ema and stepped else found


def _weights_and_averages(optimizer):
    return zip(optimizer._trainable_variables, optimizer._model_variables_moving_average, strict=True)
