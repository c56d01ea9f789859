"""Training on photos by Keras's own loop, on every backend.

The data of a step are packed into one dict, so that one call of the model sees photo and truth.
"""

import contextlib
import threading
import warnings
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from kcolor.colorizer.batch_checks import check_data, is_array, training_pair
from kcolor.colorizer.compatibility import find_loss, find_metric, in_float16
from kcolor.colorizer.encoder_rate import EncoderRate, name_encoder
from kcolor.colorizer.forward import Forward
from kcolor.images import arrays
from kcolor.images.resizing import shrink
from kcolor.losses.bin_cross_entropy import BinCrossEntropy
from kcolor.losses.perceptual import Perceptual, RGBLoss
from kcolor.metrics.keras_metrics import PictureMetric
from kcolor.models.hint_branch import hints_learn
from kcolor.targets import ColorTarget
from kcolor.utils.types import Tensor
from kcolor.utils.untracked import Untracked


class Learner(keras.Model):
    """The part of a `kcolor.Colorizer` that learns.

    `compile`, `fit`, `evaluate` and `predict` are Keras's, on RGB photos: what the network sees, what it should output, loss
    and metrics are computed on the device.
    """

    # What a colorizer sets before the first step.
    network: keras.Model
    target: ColorTarget
    forward_pass: Forward
    output_stride: int
    augment: keras.layers.Layer | None
    age: keras.layers.Layer | None
    draw_hints: keras.layers.Layer | None

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        # Keras would keep metrics of a compile that another one has replaced.
        self._compiled_with = Untracked(loss=None, metrics=[], training_metrics=True)
        self._training = Untracked(threads=set())  # in a step of training: one a device

    def compile(
        self,
        optimizer: str | keras.optimizers.Optimizer | None = "adam",
        loss: str | keras.losses.Loss | None = None,
        metrics: str | Sequence[str | keras.metrics.Metric] | None = None,
        *,
        training_metrics: bool = True,
        encoder_rate: float = 1.0,
        **kwargs: Any,
    ) -> None:
        """Configures training, as Keras's `compile`.

        Args:
            optimizer: Keras optimizer or its name. Under ``mixed_float16`` its losses are scaled.
            loss: None for the target's own. A name in `kcolor.losses.LOSSES` or of Keras's, or a loss, between what the target
                encodes and the raw output. Or a `kcolor.losses.RGBLoss` between pictures.
            metrics: Names in `kcolor.metrics.METRICS` or of Keras's, or metrics, between pictures: RGB in [0, 1].
            training_metrics: Boolean. Whether metrics are measured in training as well as in evaluation. They need the picture,
                which for a small network takes as long as all the rest of a step.
            encoder_rate: Float. Share of the learning rate for the encoder of a `pretrained_unet` that was built with
                ``trainable=True``. With a tenth it keeps what it knows while the decoder learns from nothing.
            kwargs: Other arguments of Keras's `compile`, as `jit_compile`, `run_eagerly`, `steps_per_execution`.
        """
        if unknown := {"loss_weights", "weighted_metrics"} & set(kwargs):
            raise ValueError(
                f"A colorizer has one loss, and its metrics take sample weights as they are. Received: {sorted(unknown)}"
            )
        optimizer = keras.optimizers.get(optimizer)
        if encoder_rate != 1.0:
            optimizer = EncoderRate(optimizer, encoder_rate)
        name_encoder(optimizer, self.network)
        scales = kwargs.get("auto_scale_loss", True) and optimizer is not None and in_float16(self.network)
        if scales and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        metrics = [metrics] if isinstance(metrics, str) else metrics or []
        self._compiled_with = Untracked(
            loss=find_loss(loss, self.target),
            metrics=[find_metric(metric, self.target) for metric in metrics],
            training_metrics=training_metrics,
        )
        super().compile(optimizer=optimizer, **kwargs)

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> keras.callbacks.History:
        """Trains, as Keras's `fit`.

        Args:
            x: Photos ``(count, height, width, 3)``, uint8 or floats in [0, 1], or a data set of batches of them.
            y: The pictures that they should become, if those are not the photos themselves.
            args: Other arguments of Keras's `fit` by position.
            kwargs: Other arguments of Keras's `fit` by name.

        Returns:
            Keras's `History`.
        """
        check_data(x, y)
        if kwargs.get("class_weight") is not None:
            raise ValueError("Expected weights of photos as `sample_weight`: a photo has no class. Received: class_weight")
        if (validation := kwargs.get("validation_data")) is not None:
            check_data(*validation[:2]) if isinstance(validation, (tuple, list)) else check_data(validation)
            if isinstance(validation, (tuple, list)) and len(validation) == 3:
                kwargs["validation_data"] = (validation[0], _truth(*validation), validation[2])
        if not args:
            kwargs.setdefault("shuffle", is_array(x))  # Keras warns about shuffling anything else
        self._tell_what_is_better(kwargs.get("callbacks"))
        self._build_optimizer()
        return super().fit(x, _truth(x, y, kwargs.get("sample_weight")), *args, **kwargs)

    def evaluate(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Returns loss and metrics, as Keras's `evaluate`; data as in `fit`. `kcolor.evaluate` makes a whole report."""
        check_data(x, y)
        return super().evaluate(x, _truth(x, y, kwargs.get("sample_weight")), *args, **kwargs)

    def predict(self, x: Any, *args: Any, **kwargs: Any) -> np.ndarray:
        """Colours photos in batches, as Keras's `predict`: floats in [0, 1]. The network sees them at their own resolution."""
        check_data(x)
        return super().predict(x, *args, **kwargs)

    def train_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Trains on one batch, as Keras's `train_on_batch`; data as in `fit`."""
        check_data(x, y)
        self._build_optimizer()
        return super().train_on_batch(x, _truth(x, y, kwargs.get("sample_weight")), *args, **kwargs)

    def test_on_batch(self, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Returns loss and metrics of one batch, as Keras's `test_on_batch`; data as in `fit`."""
        check_data(x, y)
        return super().test_on_batch(x, _truth(x, y, kwargs.get("sample_weight")), *args, **kwargs)

    def _tell_what_is_better(self, callbacks):
        """Says to callbacks of mode "auto" whether higher values are better: Keras asks its own lists of metrics alone."""
        better = {metric.name: metric.higher_is_better for metric in self._compiled_with.metrics if _knows(metric)}
        given = callbacks.callbacks if isinstance(callbacks, keras.callbacks.CallbackList) else callbacks or ()
        for callback in given if isinstance(given, (list, tuple)) else [given]:
            name = str(getattr(callback, "monitor", "")).removeprefix("val_")
            if getattr(callback, "mode", "") == "auto" and name in better:
                callback.mode = "max" if better[name] else "min"

    def _build_optimizer(self):
        """Makes the optimizer's variables now. Made in the first step, they have TensorFlow trace that step twice."""
        if getattr(self, "optimizer", None) is None or self.optimizer.built:  # Keras says what is missing
            return
        strategy = getattr(self, "distribute_strategy", None)
        with strategy.scope() if strategy is not None else contextlib.nullcontext():
            self.optimizer.build(self.trainable_variables)

    def train_step(self, *state_and_data: Any) -> Any:
        *state, data = state_and_data  # JAX hands its state in front
        thread = threading.get_ident()
        self._training.threads.add(thread)  # while the step is traced, or run
        try:
            return super().train_step(*state, training_pair(data))
        finally:
            self._training.threads.discard(thread)

    def test_step(self, *state_and_data: Any) -> Any:
        *state, data = state_and_data
        return super().test_step(*state, training_pair(data))

    def _training_output(self, pair, training):
        both = ops.concatenate([arrays.to_float(picture) for picture in pair.values()], axis=-1)
        if training and self.augment is not None:
            both = self.augment(both, training=True)
        photo, truth = both[..., :3], both[..., -3:]  # one and the same where no truth was given
        seen = self.age(photo, training=True) if training and self.age is not None else photo
        # Without hints a network that learns to use them outputs what it always does: there is nothing to learn. In
        # evaluation hints would be a help that nobody asked for.
        hints = None
        if training and self.draw_hints is not None and hints_learn(self.network):
            hints, changed = self.draw_hints(self.forward_pass.framed(truth))
            truth = changed[:, : ops.shape(truth)[1], : ops.shape(truth)[2]]
        return {"raw": self._raw_in_training(seen, training, hints), "photo": photo, "truth": truth}

    def _raw_in_training(self, seen, training, hints):
        return self.forward_pass.raw(seen, training, hints)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Tensor | None = None, training: bool = True
    ) -> Tensor:
        return self._content(y_pred, sample_weight) + self._penalties()

    def _content(self, y_pred, sample_weight):
        """The loss between a step's output and the truth."""
        loss = self._compiled_with.loss
        if isinstance(loss, RGBLoss):
            truth, result = y_pred["truth"], self._picture(y_pred)
        else:
            truth, result = self._encoded(y_pred), y_pred["raw"]
        return loss(truth, result) if sample_weight is None else _weighted(loss, truth, result, sample_weight)

    def _penalties(self):
        """The losses of layers, as their weights' regularization."""
        return sum((self._aggregate_additional_loss(added) for added in self.losses), 0.0)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Tensor | None = None) -> dict[str, Any]:
        if threading.get_ident() in self._training.threads and not self._compiled_with.training_metrics:
            return {"loss": self._loss_tracker.result()}
        if self._compiled_with.metrics:
            picture = self._picture(y_pred)
            for metric in self._compiled_with.metrics:
                metric.update_state(y_pred["truth"], picture, sample_weight)
        return self.get_metrics_result()

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [*super().metrics, *self._compiled_with.metrics]

    def _picture(self, output):
        return self.target.join(self.forward_pass.chroma(output["raw"], output["photo"]), output["photo"])

    def _encoded(self, output):
        """What the network should have output, at its own resolution."""
        truth = output["truth"]
        if not self.target.pooled:
            truth = self.forward_pass.framed(truth)
            truth = shrink(truth, self.output_stride) if self.output_stride > 1 else truth
        # Cross entropy takes a distribution as its few bins alone: all of it is as large as the network's output.
        compact = isinstance(self._compiled_with.loss, BinCrossEntropy)
        encoded = self.target.truth(truth) if compact else self.target.encode(truth)
        return keras.tree.map_structure(ops.stop_gradient, encoded)

    # Saving the compile

    def get_compile_config(self) -> dict[str, Any]:
        config = super().get_compile_config()
        if not config:
            return {}
        if isinstance(self._compiled_with.loss, Perceptual) and self._compiled_with.loss.given:
            warnings.warn(
                "Saved without loss and optimizer: a perceptual loss around a given model has no config", stacklevel=2
            )
            return {}
        parts = dict(vars(self._compiled_with))
        parts["metrics"] = [metric for metric in parts["metrics"] if type(metric) is not PictureMetric]
        if len(parts["metrics"]) < len(self._compiled_with.metrics):
            warnings.warn("Saved without a PictureMetric around a given function: it has no config", stacklevel=2)
        return {**config, **{name: keras.saving.serialize_keras_object(part) for name, part in parts.items()}}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        config = keras.saving.deserialize_keras_object(config)
        self.compile(**{name: value for name, value in config.items() if name not in ("loss_weights", "weighted_metrics")})
        if self.optimizer is not None:
            self.optimizer.build(self.trainable_variables)


def _knows(metric):
    return getattr(metric, "higher_is_better", None) is not None


def _truth(x, y, weights):
    """The pictures that photos should become. Keras forgets weights where none are given."""
    return x if y is None and weights is not None else y


class _Calling(keras.losses.Loss):
    """A Keras loss around a function of truth and result."""

    def __init__(self, function, **options):
        super().__init__(**options)
        self._function = function

    def call(self, y_true, y_pred):
        return self._function(y_true, y_pred)


def _weighted(loss, truth, result, sample_weight):
    """A loss with one weight a picture, whether its values are one a picture or one a pixel."""
    # Named, since TensorFlow takes no name that begins with an underscore, as a private class has it.
    values = _Calling(loss.call, reduction="none", dtype=loss.dtype, name="values")(truth, result)
    weights = ops.reshape(sample_weight, (-1, *[1] * (len(values.shape) - 1)))
    weighted = _Calling(lambda _, values: values, reduction=loss.reduction, dtype=loss.dtype, name="weighted")
    return weighted(values, values, weights)
