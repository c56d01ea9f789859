"""A generator's and its discriminator's optimizer as one, because Keras's training loop has room for one."""

from collections.abc import Iterable
from typing import Any

import keras
from keras import ops

from kcolor.utils.types import Tensor


@keras.saving.register_keras_serializable("kcolor")
class Rivals(keras.optimizers.Optimizer):
    """Hands each variable's gradient to the optimizer of the side that the variable belongs to.

    Its variables are those of both optimizers. So whatever Keras does with an optimizer (a step on JAX, scaling the loss,
    saving, resuming) it does with both.

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
        super().__init__(learning_rate=0.0, name=name)
        self.generator, self.discriminator = keras.optimizers.get(generator), keras.optimizers.get(discriminator)
        for optimizer in (self.generator, self.discriminator):
            if optimizer.loss_scale_factor is not None:
                raise ValueError("Expected optimizers without `loss_scale_factor`: the loss of both is scaled as one")
        self.discriminator_every = int(discriminator_every)
        self.theirs = {id(variable) for variable in theirs}

    def build(self, variables: list[keras.Variable]) -> None:
        ours, theirs = self._sides(variables, variables)
        # An optimizer without variables counts no steps; `apply` never calls one.
        self.generator.build([variable for variable, _ in ours])
        self.discriminator.build([variable for variable, _ in theirs])
        super().build(variables)

    def apply(self, grads: list[Tensor], trainable_variables: list[keras.Variable] | None = None) -> None:
        """Takes one step of both, as Keras's `apply`."""
        variables = self._trainable_variables if trainable_variables is None else list(trainable_variables)
        if not self.built:
            self.build(variables)
        ours, theirs = self._sides(variables, grads)
        if ours:
            self.generator.apply([gradient for _, gradient in ours], [variable for variable, _ in ours])
        if theirs:
            self._discriminators_turn([variable for variable, _ in theirs], [gradient for _, gradient in theirs])
        self._iterations.assign_add(1)

    def _discriminators_turn(self, variables, gradients):
        if self.discriminator_every == 1:
            self.discriminator.apply(gradients, variables)
            return
        # Where it is not its turn, the step is taken and undone. A condition around it would be handled by graphs, XLA and
        # several devices each in their own way, and discriminators are small.
        changing = [*variables, *self.discriminator.variables]
        before = [ops.copy(ops.convert_to_tensor(variable)) for variable in changing]
        turn = ops.equal(self._iterations % self.discriminator_every, self.discriminator_every - 1)
        self.discriminator.apply(gradients, variables)
        for variable, value in zip(changing, before, strict=True):
            variable.assign(ops.where(turn, ops.convert_to_tensor(variable), value))

    def _sides(self, variables, values):
        pairs = list(zip(variables, values, strict=True))
        ours = [pair for pair in pairs if id(pair[0]) not in self.theirs]
        return ours, [pair for pair in pairs if id(pair[0]) in self.theirs]

    @property
    def variables(self) -> list[keras.Variable]:
        return [*self._variables, *self.generator.variables, *self.discriminator.variables]

    @property
    def learning_rate(self) -> Any:
        """The generator's learning rate. Setting it scales the discriminator's alike: a schedule of epochs slows both."""
        return self.generator.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        before = float(ops.convert_to_numpy(self.generator.learning_rate))
        self.generator.learning_rate = value
        if before:
            self.discriminator.learning_rate = self.discriminator.learning_rate * (value / before)

    def finalize_variable_values(self, var_list: list[keras.Variable]) -> None:
        """Finishes what both optimizers have put off until the end of the training, as Keras's."""
        ours, theirs = self._sides(var_list, var_list)
        self.generator.finalize_variable_values([variable for variable, _ in ours])
        self.discriminator.finalize_variable_values([variable for variable, _ in theirs])

    def get_config(self) -> dict[str, Any]:
        sides = {side: keras.saving.serialize_keras_object(getattr(self, side)) for side in ("generator", "discriminator")}
        return {"name": self.name, "discriminator_every": self.discriminator_every, **sides}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> "Rivals":
        sides = {side: keras.saving.deserialize_keras_object(config[side]) for side in ("generator", "discriminator")}
        return cls(**{**config, **sides})
