"""Adversarial training: a colorizer, and a discriminator that learns to tell its pictures from photographs."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from kcolor import color, losses, models, targets
from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.encoder_rate import EncoderRate
from kcolor.colorizer.two_optimizers import Rivals
from kcolor.utils.types import Tensor
from kcolor.utils.untracked import Untracked

TRAINS = ("both", "generator", "discriminator")  # who learns
# What is recorded of every step beside the loss, which is the generator's total.
_DISCRIMINATORS = ("discriminator_real", "discriminator_fake", "discriminator_accuracy")
WATCHED = ("content", "adversarial", *_DISCRIMINATORS)


@dataclasses.dataclass(frozen=True)
class Rules:
    """How a generator and its discriminator are trained against each other.

    Args:
        factor: Float in [0, 1]. Share of the adversarial loss in the generator's.
        trains: One of `TRAINS`: who learns.
        loss: `kcolor.losses.Adversarial` of the discriminator.
    """

    factor: float = 0.0
    trains: str = "both"
    loss: losses.Adversarial = dataclasses.field(default_factory=losses.Adversarial)

    def __post_init__(self):
        if not 0 <= self.factor <= 1:
            raise ValueError(f"Expected `factor` in [0, 1]. Received: {self.factor!r}")
        if self.trains not in TRAINS:
            raise ValueError(f"Unknown `trains`. Expected one of {TRAINS}. Received: {self.trains!r}")

    @property
    def generator_learns(self) -> bool:
        """Whether the generator's weights change."""
        return self.trains != "discriminator"

    @property
    def discriminator_learns(self) -> bool:
        """Whether the discriminator's weights change."""
        return self.trains != "generator"

    @property
    def asks_discriminator(self) -> bool:
        """Whether the generator's loss depends on the discriminator."""
        return bool(self.factor) and self.generator_learns

    def recorded(self) -> list[str]:
        """Returns the names in `WATCHED` that are recorded: not those that nothing depends on."""
        names = [name for name in WATCHED if self.factor or name != "adversarial"]
        return [name for name in names if name in _DISCRIMINATORS or self.generator_learns]


@keras.saving.register_keras_serializable("kcolor")
class AdversarialColorizer(Colorizer):
    """A colorizer that is trained with a discriminator (systems B and D).

    Both sides learn in one step of Keras's own training loop, on every backend. Keras minimizes the generator's loss plus the
    discriminator's as far as that depends on the discriminator's own weights, so neither side sees the other's gradient.

    Args:
        network: Keras functional model, or the name of one, as a `Colorizer` has it.
        target: `ColorTarget`, or the name of one. It must be differentiable.
        discriminator: Keras model of logits, of the whole picture or of patches, or the name of one, as
            ``"complexity_discriminator"`` or ``"patchgan"``. With 3 input channels it sees lightness and ab in [-1, 1]; with 4
            the grey photo and RGB.
        options: Other arguments of `Colorizer`.

    >>> colorizer = kcolor.AdversarialColorizer("unet", "lab", "patchgan", filters=(4, 8))
    >>> colorizer.compile(factor=0.1, discriminator_every=2)
    >>> colorizer.colorize(np.zeros((8, 8), "uint8")).shape
    (8, 8, 3)
    """

    # Keras asks who learns before `__init__` has ended.
    _adversarial = Untracked(rules=Rules(), trackers={})

    def __init__(
        self,
        network: keras.Model | str,
        target: targets.ColorTarget | str,
        discriminator: keras.Model | str,
        **options: Any,
    ):
        super().__init__(network, target, **options)
        if isinstance(discriminator, str):
            discriminator = models.build(discriminator)
        _check(discriminator, self.target)
        self.discriminator = discriminator
        self._adversarial = Untracked(rules=Rules(), trackers={})

    def compile(
        self,
        optimizer: str | keras.optimizers.Optimizer | None = "adam",
        loss: str | keras.losses.Loss | None = None,
        metrics: str | Sequence[str | keras.metrics.Metric] | None = None,
        *,
        discriminator_optimizer: str | keras.optimizers.Optimizer = "adam",
        factor: float = 0.1,
        kind: str = "bce",
        label_smoothing: float = 0.0,
        discriminator_every: int = 1,
        trains: str = "both",
        encoder_rate: float = 1.0,
        **kwargs: Any,
    ) -> None:
        """Configures training of both sides.

        Args:
            optimizer: Keras optimizer or its name, of the generator. A `LossScaleOptimizer` around it scales the loss of
                both.
            loss: As of `Colorizer.compile`. It is the *content*: what the picture should show.
            metrics: As of `Colorizer.compile`.
            discriminator_optimizer: Keras optimizer or its name, of the discriminator.
            factor: Float in [0, 1]: f in ``(1 - f) · content + f · adversarial``. With 0 the discriminator does not influence
                the generator. System D's weights of 1 : 100 are 1/101; Adam is indifferent to the smaller sum.
            kind: ``"bce"`` or ``"least_squares"``, see `kcolor.losses.Adversarial`.
            label_smoothing: Float in [0, 1). The discriminator's goal for real pictures is 1 minus this.
            discriminator_every: Integer. The discriminator learns in one of this many steps.
            trains: ``"both"``, or ``"generator"`` or ``"discriminator"`` if only that one is to learn.
            encoder_rate: As of `Colorizer.compile`, of the generator's encoder.
            kwargs: Other arguments of `Colorizer.compile`.

        A `sample_weight` of `fit` weighs the content alone: the discriminator looks at all pictures alike.
        """
        rules = Rules(factor, trains, losses.Adversarial(kind, label_smoothing))
        self._adversarial = Untracked(rules=rules, trackers={name: _tracker(name) for name in rules.recorded()})
        scaling = optimizer if isinstance(optimizer, keras.optimizers.LossScaleOptimizer) else None
        own = optimizer if scaling is None else scaling.inner_optimizer
        if isinstance(own, Rivals):  # of a file, or made by hand
            _check_not_given(encoder_rate=(encoder_rate, 1.0), discriminator_every=(discriminator_every, 1))
            rivals = own
        else:
            generator = own if encoder_rate == 1.0 else EncoderRate(own, encoder_rate)
            rivals = Rivals(generator, discriminator_optimizer, discriminator_every)
            optimizer = rivals if scaling is None else _scaled(rivals, scaling)
        rivals.theirs = {id(variable) for variable in self.discriminator.variables}
        super().compile(optimizer, loss, metrics, **kwargs)

    # A step

    def _raw_in_training(self, seen, training, hints):
        return super()._raw_in_training(seen, training and self._adversarial.rules.generator_learns, hints)

    def _training_output(self, pair, training):
        output, rules = super()._training_output(pair, training), self._adversarial.rules
        real, fake = self._as_seen(output)
        learning = training and rules.discriminator_learns
        # Real and fake in one batch: a batch norm or a spectral norm measures both, and keeps what it measured once.
        both = self.discriminator(ops.concatenate([real, ops.stop_gradient(fake)]), training=learning)
        count = ops.shape(real)[0]
        output |= {"logits_real": both[:count], "logits_fake": both[count:]}
        if rules.asks_discriminator:
            output["logits_for_generator"] = self._logits_for_generator(real, fake, learning)[count:]
        return output

    def _logits_for_generator(self, real, fake, training):
        """The discriminator's logits by which the generator learns: the discriminator's weights are constants in them."""
        learning, kept = (
            [ops.stop_gradient(ops.convert_to_tensor(variable)) for variable in variables]
            for variables in (self.discriminator.trainable_variables, self.discriminator.non_trainable_variables)
        )
        pictures = ops.concatenate([real, fake])
        logits, _ = self.discriminator.stateless_call(learning, kept, pictures, training=training)
        return logits

    def _as_seen(self, output):
        """The truth and the result as the discriminator sees them."""
        photo, chroma = output["photo"], self.forward_pass.chroma(output["raw"], output["photo"])
        if self.discriminator.inputs[0].shape[-1] == 3:
            return tuple(_signed_lab(lab) for lab in (color.rgb_to_lab(output["truth"]), self.target.lab(chroma, photo)))
        gray = color.rgb_to_gray(photo)
        pictures = (output["truth"], self.target.join(chroma, photo))
        return tuple(ops.concatenate([gray, picture], axis=-1) * 2 - 1 for picture in pictures)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Tensor | None = None, training: bool = True
    ) -> Tensor:
        rules, found = self._adversarial.rules, {}
        real, fake = y_pred["logits_real"], y_pred["logits_fake"]
        found["discriminator_real"] = rules.loss(ops.ones_like(real), real)
        found["discriminator_fake"] = rules.loss(ops.zeros_like(fake), fake)
        discriminators = (found["discriminator_real"] + found["discriminator_fake"]) / 2
        if rules.trains == "discriminator":
            total = discriminators
        else:
            total = found["content"] = self._content(y_pred, sample_weight)
            if rules.factor:
                logits = y_pred.get("logits_for_generator", fake)
                found["adversarial"] = losses.Adversarial(rules.loss.kind)(ops.ones_like(logits), logits)
                total = (1 - rules.factor) * found["content"] + rules.factor * found["adversarial"]
            if rules.trains == "both":
                # The discriminator's gradient, but not its value: the loss that is reported is the generator's.
                total = total + (discriminators - ops.stop_gradient(discriminators))
        self._record(found, y_pred)
        return total + self._penalties()

    def _record(self, found, output):
        replicas = getattr(getattr(self, "distribute_strategy", None), "num_replicas_in_sync", 1)  # Keras divides losses by it
        found = {name: value * replicas for name, value in found.items()}
        found["discriminator_accuracy"] = self._accuracy(output)
        # Weighted by pictures, as Keras weighs its loss. A count that does not depend on the data would also be added in the
        # step with which TensorFlow finds the end of a set of unknown size.
        pictures = ops.cast(ops.shape(output["photo"])[0], "float32")
        for name, value in found.items():
            self._adversarial.trackers[name].update_state(ops.stop_gradient(value), sample_weight=pictures)

    def _accuracy(self, output):
        loss = self._adversarial.rules.loss
        middle = (1 - loss.label_smoothing) / 2 if loss.kind == "least_squares" else 0.0
        right = [output["logits_real"] > middle, output["logits_fake"] <= middle]
        return ops.mean(ops.cast(ops.concatenate(right), "float32"))

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Tensor | None = None) -> dict[str, Any]:
        logs = super().compute_metrics(x, y, y_pred, sample_weight)
        return {**logs, **{name: tracker.result() for name, tracker in self._adversarial.trackers.items()}}

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        return [*super().metrics, *self._adversarial.trackers.values()]

    # Who learns. The layers' own `trainable` stays as it was set: it is saved.

    @property
    def trainable_variables(self) -> list[keras.Variable]:
        return self._split_by_learning(super().trainable_variables)[0]

    @property
    def trainable_weights(self) -> list[keras.Variable]:
        return self._split_by_learning(super().trainable_weights)[0]

    @property
    def non_trainable_variables(self) -> list[keras.Variable]:
        return [*super().non_trainable_variables, *self._split_by_learning(super().trainable_variables)[1]]

    @property
    def non_trainable_weights(self) -> list[keras.Variable]:
        return [*super().non_trainable_weights, *self._split_by_learning(super().trainable_weights)[1]]

    def _split_by_learning(self, variables):
        """Trainable variables: those of the sides that learn, and the others."""
        rules = self._adversarial.rules
        if rules.trains == "both":
            return list(variables), []
        theirs = {id(variable) for variable in self.discriminator.variables}
        learning, fixed = [], []
        for variable in variables:
            learns = rules.discriminator_learns if id(variable) in theirs else rules.generator_learns
            (learning if learns else fixed).append(variable)
        return learning, fixed

    # Saving: all of it. For colouring alone `for_inference` returns a plain `Colorizer`.

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "discriminator": keras.saving.serialize_keras_object(self.discriminator)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "AdversarialColorizer":
        return super().from_config({**config, "discriminator": keras.saving.deserialize_keras_object(config["discriminator"])})

    def get_compile_config(self) -> dict[str, Any]:
        config, rules = super().get_compile_config(), self._adversarial.rules
        own = {"factor": rules.factor, "trains": rules.trains}
        loss = {"kind": rules.loss.kind, "label_smoothing": rules.loss.label_smoothing}
        return config and {**config, **own, **loss}


def _check_not_given(**arguments):
    """Raises ValueError if what a given `Rivals` has already is asked for beside it."""
    for name, (value, default) in arguments.items():
        if value != default:
            raise ValueError(f"Expected `{name}` as a part of the given Rivals, not beside it. Received: {value!r}")


def _scaled(rivals, scaling):
    """Both optimizers in what scales a loss like another one does."""
    config = scaling.get_config()
    return type(scaling)(rivals, **{name: config[name] for name in ("initial_scale", "dynamic_growth_steps")})


def _tracker(name):
    tracker = keras.metrics.Mean(name=name)
    tracker._direction = "up" if name.endswith("accuracy") else "down"  # so that a run may be monitored by it
    return tracker


def _signed_lab(lab: Tensor) -> Tensor:
    return ops.concatenate([lab[..., :1] / 50 - 1, lab[..., 1:] / 110], axis=-1)


def _check(discriminator, target):
    if target.pooled:
        raise ValueError(f"A discriminator sees pictures; {type(target).__name__} has one colour for a whole picture")
    if not target.differentiable:
        found = getattr(target, "decoding", target)
        raise ValueError(
            f'A discriminator needs a target with gradients: bins with decoding="annealed_mean". Received: {found!r}'
        )
    shape = getattr(discriminator, "input_shape", None)
    if not isinstance(shape, tuple) or len(shape) != 4 or shape[-1] not in (3, 4):
        raise ValueError(
            "Expected `discriminator` as a Keras model with one input, (batch, height, width, 3) for lightness and ab or 4 for "
            f"grey and RGB. Received: {discriminator!r} with {shape}"
        )
