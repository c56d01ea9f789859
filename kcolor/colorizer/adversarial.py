"""Adversarial training: a colorizer, and a discriminator that learns to tell its pictures from photographs."""

import keras
from keras import ops

from kcolor import color, losses
from kcolor.colorizer.colorizer import Colorizer
from kcolor.colorizer.two_optimizers import TRAINS, Rivals
from kcolor.utils.untracked import Untracked

# What is written down of every step beside the loss, which is the generator's total.
_DISCRIMINATORS = ("discriminator_real", "discriminator_fake", "discriminator_accuracy")
WATCHED = ("content", "adversarial", *_DISCRIMINATORS)


@keras.saving.register_keras_serializable("kcolor")
class AdversarialColorizer(Colorizer):
    """A colorizer that also learns to pass for a photographer (systems B and D).

    Both sides learn in one step of Keras's own training loop, on every backend. What is minimized is the generator's loss, plus
    the discriminator's as far as that depends on the discriminator's own weights: neither side sees a gradient of the other's.

    Args:
        network, target: as a `Colorizer`'s; the target must be differentiable.
        discriminator: a Keras model of logits, of the whole picture or of patches: `kcolor.models.complexity_discriminator`,
            `patchgan`, one's own. With 3 input channels it sees lightness and ab, in [-1, 1]; with 4 the grey photo and RGB.
        options: a `Colorizer`'s.
    """

    def __init__(self, network, target, discriminator, **options):
        super().__init__(network, target, **options)
        _check(discriminator, target)
        self.discriminator = discriminator
        self._game = Untracked(factor=0.0, trains="both", judge=losses.Adversarial(), tracked={})

    def compile(
        self,
        optimizer="adam",
        loss=None,
        metrics=None,
        *,
        discriminator_optimizer="adam",
        factor=0.1,
        kind="bce",
        label_smoothing=0.0,
        discriminator_every=1,
        trains="both",
        **kwargs,
    ):
        """Keras's `compile`, for two.

        Args:
            optimizer: the generator's.
            loss, metrics: as `Colorizer.compile` has them: the loss is the *content*, what the picture should show.
            discriminator_optimizer: the discriminator's.
            factor: f in ``(1 - f) · content + f · adversarial``. 0: the discriminator has no say. (1 : 100, as system D weighs
                them, is 1/101: Adam does not mind that the sum is smaller.)
            kind, label_smoothing: see `kcolor.losses.Adversarial`; smoothed is what the discriminator is asked for, alone.
            discriminator_every: the discriminator learns in every so many steps only.
            trains: ``"both"``, or who alone learns: ``"generator"``, ``"discriminator"``.
            kwargs: `Colorizer.compile`'s others.
        """
        if not 0 <= factor <= 1:
            raise ValueError(f"Expected `factor` in [0, 1]. Received: {factor!r}")
        if trains not in TRAINS:
            raise ValueError(f"Unknown `trains`. Expected one of {TRAINS}. Received: {trains!r}")
        judge = losses.Adversarial(kind, label_smoothing)
        self._game = Untracked(factor=factor, trains=trains, judge=judge, tracked={})
        self._game.tracked = {name: _tracker(name) for name in self._told()}
        rivals = optimizer.inner_optimizer if isinstance(optimizer, keras.optimizers.LossScaleOptimizer) else optimizer
        if not isinstance(rivals, Rivals):
            rivals = optimizer = Rivals(rivals, discriminator_optimizer, discriminator_every)
        rivals.theirs = {id(variable) for variable in self.discriminator.variables}
        super().compile(optimizer, loss, metrics, **kwargs)

    def _raw_in_training(self, seen, training):
        return super()._raw_in_training(seen, training and self._game.trains != "discriminator")

    def _training_output(self, pair, training):
        answer = super()._training_output(pair, training)
        real, fake = self._as_seen(answer)
        learning = training and self._game.trains != "generator"
        # Real and fake in one batch: what a batch norm or a spectral norm measures and keeps, it does of both, and once.
        both = self.discriminator(ops.concatenate([real, ops.stop_gradient(fake)]), training=learning)
        count = ops.shape(real)[0]
        answer |= {"logits_real": both[:count], "logits_fake": both[count:]}
        if self._game.factor and self._game.trains != "discriminator":
            answer["judged"] = self._judged(real, fake, learning)[count:]
        return answer

    def _judged(self, real, fake, training):
        """The discriminator's opinion for the generator: by weights that learn nothing from it, and nothing is kept."""
        learning, kept = (
            [ops.stop_gradient(ops.convert_to_tensor(variable)) for variable in variables]
            for variables in (self.discriminator.trainable_variables, self.discriminator.non_trainable_variables)
        )
        pictures = ops.concatenate([real, fake])
        logits, _ = self.discriminator.stateless_call(learning, kept, pictures, training=training)
        return logits

    def _as_seen(self, answer):
        """What the discriminator sees of the truth and of the result."""
        photo, chroma = answer["photo"], self.forward_pass.chroma(answer["raw"], answer["photo"])
        if self.discriminator.inputs[0].shape[-1] == 3:
            return tuple(_signed_lab(lab) for lab in (color.rgb_to_lab(answer["truth"]), self.target.lab(chroma, photo)))
        gray = color.rgb_to_gray(photo)
        pictures = (answer["truth"], self.target.join(chroma, photo))
        return tuple(ops.concatenate([gray, picture], axis=-1) * 2 - 1 for picture in pictures)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        told, game = {}, self._game
        real, fake = y_pred["logits_real"], y_pred["logits_fake"]
        told["discriminator_real"] = game.judge(ops.ones_like(real), real)
        told["discriminator_fake"] = game.judge(ops.zeros_like(fake), fake)
        duel = (told["discriminator_real"] + told["discriminator_fake"]) / 2
        if game.trains == "discriminator":
            total = duel
        else:
            total = told["content"] = self._content(y_pred, sample_weight)
            if game.factor:
                judged = y_pred.get("judged", fake)
                told["adversarial"] = losses.Adversarial(game.judge.kind)(ops.ones_like(judged), judged)
                total = (1 - game.factor) * told["content"] + game.factor * told["adversarial"]
            if game.trains == "both":
                total = total + (duel - ops.stop_gradient(duel))  # its gradient, but not its value: the loss is the generator's
        self._track(told, y_pred)
        return total + self._penalties()

    def _track(self, told, answer):
        replicas = getattr(getattr(self, "distribute_strategy", None), "num_replicas_in_sync", 1)  # Keras divides losses by it
        told = {name: value * replicas for name, value in told.items()}
        told["discriminator_accuracy"] = self._accuracy(answer)
        # By pictures, as Keras weighs its loss. (A count that does not come from the data would also be added in the step with
        # which TensorFlow finds the end of a set of unknown size.)
        pictures = ops.cast(ops.shape(answer["photo"])[0], "float32")
        for name, value in told.items():
            self._game.tracked[name].update_state(ops.stop_gradient(value), sample_weight=pictures)

    def _accuracy(self, answer):
        middle = (1 - self._game.judge.label_smoothing) / 2 if self._game.judge.kind == "least_squares" else 0.0
        right = [answer["logits_real"] > middle, answer["logits_fake"] <= middle]
        return ops.mean(ops.cast(ops.concatenate(right), "float32"))

    def _told(self):
        """What is written down beside the loss: not what nobody asks for."""
        told = [name for name in WATCHED if self._game.factor or name != "adversarial"]
        return [name for name in told if name in _DISCRIMINATORS or self._game.trains != "discriminator"]

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        logs = super().compute_metrics(x, y, y_pred, sample_weight)
        return {**logs, **{name: tracker.result() for name, tracker in self._game.tracked.items()}}

    @property
    def metrics(self):
        return [*super().metrics, *self._game.tracked.values()]

    # Who learns. Layers know nothing of it: what they were set to stays, and is what is saved.

    @property
    def trainable_variables(self):
        return self._of_learners(super().trainable_variables, True)

    @property
    def trainable_weights(self):
        return self._of_learners(super().trainable_weights, True)

    @property
    def non_trainable_variables(self):
        return [*super().non_trainable_variables, *self._of_learners(super().trainable_variables, False)]

    @property
    def non_trainable_weights(self):
        return [*super().non_trainable_weights, *self._of_learners(super().trainable_weights, False)]

    def _of_learners(self, variables, learning):
        trains = self._game.trains if hasattr(self, "_game") else "both"
        theirs = {id(variable) for variable in self.discriminator.variables} if trains != "both" else ()
        side = {"both": None, "discriminator": True, "generator": False}[trains]
        return [v for v in variables if (side is None or (id(v) in theirs) == side) == learning]

    # Saving: all of it. What is meant for colouring alone is a plain `Colorizer` of the same network and target.

    def get_config(self):
        return {**super().get_config(), "discriminator": keras.saving.serialize_keras_object(self.discriminator)}

    @classmethod
    def from_config(cls, config):
        return super().from_config({**config, "discriminator": keras.saving.deserialize_keras_object(config["discriminator"])})

    def get_compile_config(self):
        config = super().get_compile_config()
        game = {"factor": self._game.factor, "trains": self._game.trains}
        judge = {"kind": self._game.judge.kind, "label_smoothing": self._game.judge.label_smoothing}
        return config and {**config, **game, **judge}


def _tracker(name):
    tracker = keras.metrics.Mean(name=name)
    tracker._direction = "up" if name.endswith("accuracy") else "down"  # so that runs may be judged by it
    return tracker


def _signed_lab(lab):
    return ops.concatenate([lab[..., :1] / 50 - 1, lab[..., 1:] / 110], axis=-1)


def _check(discriminator, target):
    if target.pooled:
        raise ValueError(f"A discriminator judges pictures; {type(target).__name__} answers one colour for all of it")
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
