"""A pretrained encoder learns at a lower rate than the layers that begin with random weights."""

from collections.abc import Callable, Iterable
from typing import Any

import keras
from keras import ops

from kcolor.colorizer.two_optimizers import Optimizer, Rivals, TwoOptimizers, unscaled
from kcolor.models import encoder_layers
from kcolor.utils.types import Tensor


@keras.saving.register_keras_serializable("kcolor")
class EncoderRate(TwoOptimizers):
    """An optimizer, and another one like it with a share of its learning rate for the encoder's variables.

    A share of the gradient would not do: Adam's steps are as long whatever the gradient's size. Decoupled weight decay has the
    share, too, as it goes with the learning rate; norms of gradients (`global_clipnorm`) are those of either side.

    Args:
        optimizer: Keras optimizer, or its name, of all variables but the encoder's.
        rate: Float above 0. The encoder's share of its learning rate.
        theirs: The encoder's variables. Set them, here or later, before the optimizer is built.
        name: String. Name of the optimizer.
    """

    def __init__(
        self,
        optimizer: str | Optimizer,
        rate: float = 0.1,
        theirs: Iterable[keras.Variable] = (),
        name: str = "encoder_rate",
    ):
        if not rate > 0:
            raise ValueError(
                f"Expected the share of the learning rate for the encoder above 0. Received: {rate!r}. An encoder that is not "
                "trainable does not learn"
            )
        super().__init__(theirs, name)
        self.decoder, self.rate = unscaled(optimizer), float(rate)
        self.encoder = _slower(self.decoder, self.rate)

    def pair(self) -> tuple[Optimizer, Optimizer]:
        return self.decoder, self.encoder

    def _their_step(self, variables: list[keras.Variable], gradients: list[Tensor]) -> None:
        rate = self.encoder._learning_rate
        if isinstance(rate, keras.Variable):  # Keras's `LearningRateScheduler` sets both to one value
            rate.assign(self.rate * ops.cast(self.decoder.learning_rate, rate.dtype))
        super()._their_step(variables, gradients)

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name, "rate": self.rate, "optimizer": keras.saving.serialize_keras_object(self.decoder)}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> "EncoderRate":
        return cls(**{**config, "optimizer": keras.saving.deserialize_keras_object(config["optimizer"])})


class _Share(keras.optimizers.schedules.LearningRateSchedule):
    """A share of another schedule's learning rate."""

    def __init__(self, schedule: Callable[[Tensor], Tensor], share: float):
        self.schedule, self.share = schedule, share

    def __call__(self, step: Tensor) -> Tensor:
        return self.share * self.schedule(step)


def _slower(optimizer: Optimizer, share: float) -> Optimizer:
    """Returns an optimizer of the same kind and options with a share of the learning rate."""
    config, rate = optimizer.get_config(), optimizer._learning_rate
    is_schedule = isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
    config["learning_rate"] = _Share(rate, share) if is_schedule else share * config["learning_rate"]
    slower = type(optimizer).from_config({**config, "name": f"{config['name']}_encoder"})
    for name in ("_exclude_from_weight_decay", "_exclude_from_weight_decay_pattern"):  # which are in no config
        if hasattr(optimizer, name):
            setattr(slower, name, getattr(optimizer, name))
    return slower


def name_encoder(optimizer: Optimizer | None, network: keras.Model) -> None:
    """Tells an optimizer with a rate for the encoder, wherever it stands in others, which variables are the encoder's.

    Args:
        optimizer: Keras optimizer, or None. Others are left as they are.
        network: Keras model.

    Raises:
        ValueError: If the network has no encoder that learns.
    """
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        name_encoder(optimizer.inner_optimizer, network)
    elif isinstance(optimizer, Rivals):
        name_encoder(optimizer.generator, network)
    elif isinstance(optimizer, EncoderRate):
        found = [variable for layer in encoder_layers(network) for variable in layer.trainable_variables]
        if not found:
            raise ValueError(
                "Expected a network whose encoder learns, for a learning rate of its own. All of this encoder is frozen: build "
                "it with `trainable=True`"
            )
        optimizer.theirs = {id(variable) for variable in found}
