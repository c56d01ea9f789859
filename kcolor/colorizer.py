"""The colorizer: a network and a colour target, as one Keras model from photos to coloured photos."""

import threading
import types
import warnings

import keras
import numpy as np
from keras import ops

from kcolor import photos, shelf
from kcolor.batches import check_data, check_shape, is_array, training_pair
from kcolor.losses import BinCrossEntropy
from kcolor.matching import (
    answer_stride,
    check_match,
    find_loss,
    find_metric,
    fixed_size,
    in_float16,
    input_channels,
    input_stride,
)
from kcolor.painting import Painter, as_it_is, follow_edges, paint
from kcolor.perceptual import Perceptual, RGBLoss
from kcolor.rendering import Options, render
from kcolor.resample import mirror_pad, resize, shrink

# A photo 50 times as wide as high would be 50 times the working size wide: beyond this the longer side decides.
MAX_ASPECT = 4


@keras.saving.register_keras_serializable("kcolor")
class Colorizer(keras.Model):
    """Colours photos with a network, and trains that network on photos in colour.

    ``colorizer(photos)`` takes RGB in [0, 1], or uint8, of any size, and gives coloured RGB in [0, 1]; `colorize` does the
    same for arrays of uint8 and keeps each photo's size. `compile` and `fit` are Keras's, on data sets of RGB photos: what
    the network sees, what it should answer, augmentation, loss and metrics are computed on the device. Colour is computed in
    float32, whatever policy the network was built under.

    Args:
        network: a Keras functional model from lightness ``(b, h, w, 1)``, or RGB ``(b, h, w, 3)``, to the target's raw answer.
        target: what that answer means.
        size: working size of `colorize`: photos are scaled so that their shorter side has it before the network sees them;
            None lets it see them as they are, as training and calling it always do. The result has the photo's size and
            lightness in any case.
        augment: a layer for training photos (what is seen and what is asked for alike), as `kcolor.augment.Geometry`.
        age: a layer for what is seen alone, as `kcolor.augment.Age`.
        guide: for networks with a ``guide`` input: a colorizer with a pooled target that answers it, and stays as it is.
        stride: what both sides of the network's input must be multiples of. kcolor's builders say it themselves; for others
            it is taken to be 32.
    """

    def __init__(
        self, network, target, *, size=None, augment=None, age=None, guide=None, stride=None, name="colorizer", **kwargs
    ):
        # Never half precision out here: Keras would round the photos before anything else sees them.
        super().__init__(name=name, dtype="float32", **kwargs)
        check_match(network, target, guide)
        if size is not None and (size != int(size) or size < 1):
            raise ValueError(f"Expected `size` as a number of pixels, or None. Received: {size!r}")
        self.network, self.target, self.size = network, target, size
        self.augment, self.age, self.guide = augment, age, guide
        if guide is not None:
            guide.trainable = False
        self.stride = stride or input_stride(network)
        self.answer_stride = answer_stride(network, self.stride)
        # Keras would track what hangs on the model itself, also metrics of a compile that another one has replaced.
        self._compiled_with = types.SimpleNamespace(loss=None, metrics=[], training_metrics=True)
        self._training = types.SimpleNamespace(threads=set())  # in a step of training: one a device
        self._kept = types.SimpleNamespace(painter=None)
        self.built = True  # as its parts are

    # From photos to pictures

    def call(self, photo, training=False):
        """RGB photos ``(b, h, w, 3)`` to coloured ones. (A dict is a step of training: see `training_pair`.)"""
        if isinstance(photo, dict):
            return self._training_answer(photo, training)
        check_shape(photo, "photo")
        rgb = photos.to_float(photo)
        seen = resize(rgb, self.working_size(rgb)) if fixed_size(self.network) else rgb
        return self.picture(self.raw(seen, training), seen, rgb)

    def raw(self, rgb, training=False):
        """The network's raw answer to float RGB photos, mirrored at their edges to a size that it takes."""
        seen = self._framed(rgb)
        seen = seen if self.target.sees_color else self._without_color(seen)
        if self.guide is not None:
            guide = self.guide.raw(resize(rgb, self.guide.working_size(rgb)))
            seen = {"luma": seen, "guide": ops.stop_gradient(guide)}
        return self.network(seen, training=training)

    def chroma(self, raw, rgb, target=None):
        """A raw answer to float RGB photos as chroma of their size, or one pixel of it if pooled; `target` decodes it."""
        chroma = (target or self.target).chroma(raw)
        if self.target.pooled:
            return chroma
        if self.answer_stride > 1:
            chroma = resize(chroma, self._frame_size(rgb))
        if fixed_size(self.network):
            height, width = self.working_size(rgb)
            return resize(chroma[:, :height, :width], ops.shape(rgb)[1:3])
        height, width = ops.shape(rgb)[1:3]
        return chroma[:, :height, :width]

    def picture(self, raw, seen, rgb):
        """What `colorize` makes of a raw answer.

        Args:
            raw: the network's answer.
            seen: the photos at the size at which the network saw them, floats ``(b, h, w, 3)``.
            rgb: the photos, floats ``(b, height, width, 3)``.

        Returns:
            RGB in [0, 1] of the photos' size.
        """
        return paint(self.target, self.coefficients(self.chroma(raw, seen), seen, rgb.shape[1:3]), rgb)

    def coefficients(self, chroma, seen, size):
        """Chroma of photos at the size seen, as `kcolor.painting.paint` takes it.

        Args:
            chroma: as `chroma` gives it.
            seen: the photos at that size.
            size: the photos' own (height, width). Where colour is stretched to it, it follows their edges.

        Returns:
            Coefficients of the size seen, or of the photos' if that is smaller.
        """
        if self.target.pooled:
            return as_it_is(chroma)
        seen_size = tuple(seen.shape[1:3])
        if seen_size != tuple(size) and any(new < old for old, new in zip(seen_size, size, strict=True)):
            return as_it_is(resize(chroma, size))
        if self.answer_stride == 1 and seen_size == tuple(size):
            return as_it_is(chroma)
        return follow_edges(chroma, self.target.luma(seen), 2 * self.answer_stride)

    def colorize(self, pictures, batch_size=8, **options):
        """Colours photos of any size.

        Args:
            pictures: one photo ``(h, w)``, ``(h, w, 1)`` or ``(h, w, 3)``; a batch ``(b, h, w, 3)``; or a list of photos of
                any sizes. uint8, or floats in [0, 1].
            batch_size: how many of a batch at once.
            options: of `kcolor.rendering.Options`: `size`, `temperature`, `saturation`, `ensemble`, `keep_tone`.

        Returns:
            uint8 RGB: an array of the size of what came in, or a list of them. Lightness is the photos' own.
        """
        options = Options(**options)
        if isinstance(pictures, (list, tuple)):
            if not pictures:
                raise ValueError("Expected at least one photo. Received an empty list")
            return [render(self, photos.check_photo(picture)[None], options)[0] for picture in pictures]
        if np.ndim(pictures) != 4:
            return render(self, photos.check_photo(pictures)[None], options)[0]
        batch = photos.check_batch(pictures, "photos")
        parts = [render(self, batch[i : i + batch_size], options) for i in range(0, len(batch), batch_size)]
        return np.concatenate(parts)

    @property
    def painter(self):
        """What paints large photos, compiled when it is first used."""
        if self._kept.painter is None:
            self._kept.painter = Painter(self.target)
        return self._kept.painter

    def working_size(self, rgb, size=None):
        """The (height, width) at which the network should see photos ``(b, h, w, 3)``; `size` instead of its own."""
        height, width = ops.shape(rgb)[1:3]
        fixed, size = fixed_size(self.network), size or self.size
        if fixed is None and size is None:
            return height, width
        if not (isinstance(height, int) and isinstance(width, int)):
            raise ValueError("A network of one size, or a guide with a working size, needs photos of a known size in a graph")
        if fixed is not None:
            scale = min(fixed[0] / height, fixed[1] / width)
        else:
            scale = min(size / min(height, width), MAX_ASPECT * size / max(height, width))
        return max(1, round(height * scale)), max(1, round(width * scale))

    # How photos lie in what the network sees: in its upper left corner, mirrored at the other two edges. A network of one
    # size sees them scaled to fit; every other one as they are.

    def _framed(self, rgb):
        if fixed_size(self.network):
            rgb = resize(rgb, self.working_size(rgb))
        return mirror_pad(rgb, self._frame_size(rgb))

    def _frame_size(self, rgb):
        return fixed_size(self.network) or tuple(-(-side // self.stride) * self.stride for side in ops.shape(rgb)[1:3])

    def _without_color(self, rgb):
        return self.target.luma(rgb) if input_channels(self.network) == 1 else self.target.gray(rgb)

    # Training: Keras's own loop, with every step's data packed so that one call of the model sees photo and truth

    def compile(self, optimizer="adam", loss=None, metrics=None, *, training_metrics=True, **kwargs):
        """Keras's `compile`.

        Args:
            optimizer: name or object; under ``mixed_float16`` its losses are scaled.
            loss: None for the target's own; a name in `kcolor.losses.LOSSES` or of Keras, or an object, between what the
                target encodes and the raw answer; or a `kcolor.perceptual.RGBLoss` between pictures.
            metrics: names in `kcolor.metrics.METRICS` or objects, between pictures.
            training_metrics: whether to measure in training as well as in evaluation: the picture has to be made for it, which
                for a small network takes as long as all the rest of a step.
            kwargs: Keras's others, as `jit_compile`, `run_eagerly`, `steps_per_execution`.
        """
        if unknown := {"loss_weights", "weighted_metrics"} & set(kwargs):
            raise ValueError(
                f"A colorizer has one loss, and metrics that take weights as they are. Received: {sorted(unknown)}"
            )
        optimizer = keras.optimizers.get(optimizer)
        scales = kwargs.get("auto_scale_loss", True) and optimizer is not None and in_float16(self.network)
        if scales and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
        metrics = [metrics] if isinstance(metrics, str) else metrics or []
        self._compiled_with = types.SimpleNamespace(
            loss=find_loss(loss, self.target),
            metrics=[find_metric(metric, self.target) for metric in metrics],
            training_metrics=training_metrics,
        )
        super().compile(optimizer=optimizer, **kwargs)

    def fit(self, x=None, y=None, *args, **kwargs):
        """Keras's `fit` on photos: `x` alone, or `x` as the network should see them and `y` as they should become."""
        check_data(x, y)
        if validation := kwargs.get("validation_data"):
            check_data(*validation[:2]) if isinstance(validation, (tuple, list)) else check_data(validation)
        if not args:
            kwargs.setdefault("shuffle", is_array(x))  # Keras warns about shuffling anything else
        return super().fit(x, y, *args, **kwargs)

    def evaluate(self, x=None, y=None, *args, **kwargs):
        """Keras's `evaluate` on photos, as in `fit`."""
        check_data(x, y)
        return super().evaluate(x, y, *args, **kwargs)

    def predict(self, x, *args, **kwargs):
        """Keras's `predict`: coloured photos as floats in [0, 1], each at its own resolution (see `colorize`)."""
        check_data(x)
        return super().predict(x, *args, **kwargs)

    def train_on_batch(self, x, y=None, *args, **kwargs):
        """Keras's `train_on_batch`, as in `fit`."""
        check_data(x, y)
        return super().train_on_batch(x, y, *args, **kwargs)

    def train_step(self, *state_and_data):
        *state, data = state_and_data  # JAX hands its state in front
        thread = threading.get_ident()
        self._training.threads.add(thread)  # while the step is traced, or run
        try:
            return super().train_step(*state, training_pair(data))
        finally:
            self._training.threads.discard(thread)

    def test_step(self, *state_and_data):
        *state, data = state_and_data
        return super().test_step(*state, training_pair(data))

    def _training_answer(self, pair, training):
        both = ops.concatenate([photos.to_float(picture) for picture in pair.values()], axis=-1)
        if training and self.augment is not None:
            both = self.augment(both, training=True)
        photo, truth = both[..., :3], both[..., -3:]  # one and the same where no truth was given
        seen = self.age(photo, training=True) if training and self.age is not None else photo
        return {"raw": self.raw(seen, training), "photo": photo, "truth": truth}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = self._compiled_with.loss
        if sample_weight is not None and (isinstance(loss, RGBLoss) or not self.target.pooled):
            sample_weight = ops.reshape(sample_weight, (-1, 1, 1))  # one a picture, for losses that are one a pixel
        if isinstance(loss, RGBLoss):
            total = loss(y_pred["truth"], self._picture(y_pred), sample_weight)
        else:
            total = loss(self._encoded(y_pred), y_pred["raw"], sample_weight)
        for added in self.losses:
            total = total + self._aggregate_additional_loss(added)
        return total

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        if threading.get_ident() in self._training.threads and not self._compiled_with.training_metrics:
            return {"loss": self._loss_tracker.result()}
        if self._compiled_with.metrics:
            picture = self._picture(y_pred)
            for metric in self._compiled_with.metrics:
                metric.update_state(y_pred["truth"], picture, sample_weight)
        return self.get_metrics_result()

    @property
    def metrics(self):
        return [*super().metrics, *self._compiled_with.metrics]

    def _picture(self, answer):
        return self.target.join(self.chroma(answer["raw"], answer["photo"]), answer["photo"])

    def _encoded(self, answer):
        """What the network should have answered, at the resolution at which it did."""
        truth = answer["truth"]
        if not self.target.pooled:
            truth = self._framed(truth)
            truth = shrink(truth, self.answer_stride) if self.answer_stride > 1 else truth
        # Cross entropy takes a distribution as its few bins alone: all of it is as large as the network's answer.
        compact = isinstance(self._compiled_with.loss, BinCrossEntropy)
        encoded = self.target.truth(truth) if compact else self.target.encode(truth)
        return keras.tree.map_structure(ops.stop_gradient, encoded)

    # Saving

    def get_config(self):
        parts = {name: getattr(self, name) for name in ("network", "target", "augment", "age", "guide")}
        config = {name: keras.saving.serialize_keras_object(part) for name, part in parts.items()}
        return {**config, "size": self.size, "stride": self.stride, "name": self.name}

    @classmethod
    def from_config(cls, config):
        parts = ("network", "target", "augment", "age", "guide")
        loaded = {name: keras.saving.deserialize_keras_object(config[name]) for name in parts}
        return cls(**{**config, **loaded})

    def get_compile_config(self):
        config = super().get_compile_config()
        if not config:
            return {}
        if isinstance(self._compiled_with.loss, Perceptual) and self._compiled_with.loss.given:
            warnings.warn(
                "Saved without loss and optimizer: a perceptual loss around a given model has no config", stacklevel=2
            )
            return {}
        mine = {name: keras.saving.serialize_keras_object(part) for name, part in vars(self._compiled_with).items()}
        return {**config, **mine}

    def compile_from_config(self, config):
        config = keras.saving.deserialize_keras_object(config)
        self.compile(**{name: value for name, value in config.items() if name not in ("loss_weights", "weighted_metrics")})
        if self.optimizer is not None:
            self.optimizer.build(self.trainable_variables)


def load(where) -> Colorizer:
    """Loads a colorizer. Nothing in the file is executed (Keras's safe mode).

    It comes ready to colour; to go on training it, compile it.

    Args:
        where: the name of one that comes with kcolor, a file that `Colorizer.save` wrote, or the folder of a run.
    """
    path = shelf.find(where)
    colorizer = keras.saving.load_model(path, safe_mode=True, compile=False)
    if not isinstance(colorizer, Colorizer):
        raise ValueError(f"Expected a file with a kcolor.Colorizer. {path} has a {type(colorizer).__name__}")
    return colorizer
