"""Two optimizers as one, because Keras's training loop has room for one: a generator's and its discriminator's, for example."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import keras
from keras import ops

from kcolor.utils.types import Tensor

Optimizer: TypeAlias = keras.optimizers.Optimizer


class TwoOptimizers(keras.optimizers.Optimizer):
    """Hands each variable's gradient to one of two optimizers. Subclasses have both as attributes, and name them in `pair`.

    Its variables are those of both. So whatever Keras does with an optimizer (a step on JAX, scaling the loss, saving,
    resuming) it does with both. Keras's own `MultiOptimizer` has no learning rate that callbacks can read or set, and cannot
    be one of another's optimizers.

    Args:
        theirs: Variables of the second optimizer; all others are the first one's. Set them, here or later, before it is built.
        name: String. Name of the optimizer.
    """

    def __init__(self, theirs: Iterable[keras.Variable], name: str):
        super().__init__(learning_rate=0.0, name=name)
        self.theirs = {id(variable) for variable in theirs}
        self._ratio: float | None = None

    def pair(self) -> tuple[Optimizer, Optimizer]:
        """Returns the first optimizer and the second."""
        raise NotImplementedError

    @property
    def optimizers(self) -> list[Optimizer]:
        """The optimizers that variables are handed to in the end, as Keras's callback `SwapEMAWeights` looks for them."""
        return [one for optimizer in self.pair() for one in getattr(optimizer, "optimizers", [optimizer])]

    def build(self, variables: list[keras.Variable]) -> None:
        # An optimizer without variables counts no steps; `apply` never calls one.
        for optimizer, pairs in zip(self.pair(), self._sides(variables, variables), strict=True):
            optimizer.build([variable for variable, _ in pairs])
        super().build(variables)

    def apply(self, grads: list[Tensor], trainable_variables: list[keras.Variable] | None = None) -> None:
        """Takes one step of both, as Keras's `apply`."""
        variables = self._trainable_variables if trainable_variables is None else list(trainable_variables)
        if not self.built:
            self.build(variables)
        ours, theirs = self._sides(variables, grads)
        if ours:
            self.pair()[0].apply([gradient for _, gradient in ours], [variable for variable, _ in ours])
        if theirs:
            self._their_step([variable for variable, _ in theirs], [gradient for _, gradient in theirs])
        self._iterations.assign_add(1)

    def _their_step(self, variables, gradients):
        self.pair()[1].apply(gradients, variables)

    def _sides(self, variables, values):
        pairs = list(zip(variables, values, strict=True))
        ours = [pair for pair in pairs if id(pair[0]) not in self.theirs]
        return ours, [pair for pair in pairs if id(pair[0]) in self.theirs]

    @property
    def variables(self) -> list[keras.Variable]:
        return [*self._variables, *(variable for optimizer in self.pair() for variable in optimizer.variables)]

    @property
    def learning_rate(self) -> Any:
        """The first one's learning rate. Setting it scales the second one's alike: a schedule of epochs slows both."""
        return self.pair()[0].learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        first, second = self.pair()
        rates = [float(ops.convert_to_numpy(one.learning_rate)) for one in (first, second)]
        if all(rates):
            self._ratio = rates[1] / rates[0]  # kept for when both have been 0, as at the beginning of a warm-up
        first.learning_rate = value
        if self._ratio is not None:
            second.learning_rate = self._ratio * value

    def finalize_variable_values(self, var_list: list[keras.Variable]) -> None:
        """Finishes what both optimizers have put off until the end of the training, as Keras's."""
        for optimizer, pairs in zip(self.pair(), self._sides(var_list, var_list), strict=True):
            if optimizer.built and int(ops.convert_to_numpy(optimizer.iterations)):  # else its averages are still 0
                optimizer.finalize_variable_values([variable for variable, _ in pairs])


def unscaled(optimizer: str | Optimizer) -> Optimizer:
    """Returns one of two optimizers. Raises ValueError if it scales its loss by itself.

    Args:
        optimizer: Keras optimizer, or its name.
    """
    optimizer = keras.optimizers.get(optimizer)
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer) or optimizer.loss_scale_factor is not None:
        raise ValueError("Expected optimizers without `loss_scale_factor`: the loss of both is scaled as one")
    return optimizer


@keras.saving.register_keras_serializable("kcolor")
class Rivals(TwoOptimizers):
    """A generator's optimizer and its discriminator's as one.

    Args:
        generator: Keras optimizer, or its name, of all variables but the discriminator's.
        discriminator: Keras optimizer, or its name, of the discriminator's variables.
        discriminator_every: Integer. The discriminator learns in one of this many steps. In the others neither its weights nor
            its optimizer's variables change.
        theirs: The discriminator's variables. Set them, here or later, before the optimizer is built.
        name: String. Name of the optimizer.
    """

    def __init__(
        self,
        generator: str | keras.optimizers.Optimizer,
        discriminator: str | keras.optimizers.Optimizer,
        discriminator_every: int = 1,
        theirs: Iterable[keras.Variable] = (),
        name: str = "rivals",
    ):
        if discriminator_every != int(discriminator_every) or discriminator_every < 1:
            raise ValueError(
                f"Expected `discriminator_every` as a number of steps, 1 for every step. Received: {discriminator_every!r}"
            )
        super().__init__(theirs, name)
        self.generator, self.discriminator = unscaled(generator), unscaled(discriminator)
        self.discriminator_every = int(discriminator_every)

    def pair(self) -> tuple[Optimizer, Optimizer]:
        return self.generator, self.discriminator

    def _their_step(self, variables, gradients):
        if self.discriminator_every == 1:
            super()._their_step(variables, gradients)
            return
        # Where it is not its turn, the step is taken and undone. A condition around it would be handled by graphs, XLA and
        # several devices each in their own way, and discriminators are small.
        changing = [*variables, *self.discriminator.variables]
        before = [ops.copy(ops.convert_to_tensor(variable)) for variable in changing]
        turn = ops.equal(self._iterations % self.discriminator_every, self.discriminator_every - 1)
        super()._their_step(variables, gradients)
        for variable, value in zip(changing, before, strict=True):
            variable.assign(ops.where(turn, ops.convert_to_tensor(variable), value))

    def get_config(self) -> dict[str, Any]:
        sides = {side: keras.saving.serialize_keras_object(getattr(self, side)) for side in ("generator", "discriminator")}
        return {"name": self.name, "discriminator_every": self.discriminator_every, **sides}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> "Rivals":
        sides = {side: keras.saving.deserialize_keras_object(config[side]) for side in ("generator", "discriminator")}
        return cls(**{**config, **sides})
