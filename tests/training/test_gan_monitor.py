"""What is said of an adversarial training that goes wrong."""

import json
import types

import numpy as np

from kcolor.training.gan_monitor import Watch


class TestWatch:
    def watch(self, logs, results, epochs=3, **options):
        """What is said of some epochs with these logs; results as a colorizer would make them, one list an epoch."""
        lines = []
        watch = Watch([np.zeros((4, 4, 3), "uint8")], log=lines.append, **options)
        made = iter(results)
        watch.set_model(types.SimpleNamespace(colorize=lambda _: next(made), stop_training=False))
        usual = {"discriminator_accuracy": 0.8, "discriminator_real": 0.4, "discriminator_fake": 0.5}
        for epoch in range(epochs):
            watch.on_epoch_end(epoch, {**usual, **logs})
        return lines, watch.model.stop_training

    colorful = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype="uint8")
    red = np.full((4, 4, 3), (200, 40, 40), "uint8")

    def test_all_is_well(self):
        assert self.watch({}, [[self.colorful]] * 5, epochs=5) == ([], False)

    def test_a_discriminator_that_cannot_tell(self):
        undecided = {"discriminator_real": 0.65, "discriminator_fake": 0.74, "discriminator_accuracy": 0.5}
        (line,), _ = self.watch(undecided, [[self.colorful]] * 5, epochs=5)  # once
        assert "for 3 epochs the discriminator cannot tell" in line
        assert "discriminator_optimizer.learning_rate" in line

    def test_a_discriminator_that_is_always_right(self):
        (line,), _ = self.watch({"discriminator_accuracy": 1.0}, [[self.colorful]] * 3)
        assert "always right" in line
        assert "adversarial.discriminator_every" in line

    def test_pictures_of_one_colour(self):
        (line,), _ = self.watch({}, [[self.colorful], *[[self.red]] * 3], epochs=4)
        assert "nearly one colour (ab spreads by 0.0" in line
        assert "adversarial.factor" in line

    def test_enough(self):
        assert self.watch({}, [[self.colorful]] * 3, stop_at_accuracy=0.9)[1] is False
        lines, stopped = self.watch({"val_discriminator_accuracy": 0.93}, [[self.colorful]], epochs=1, stop_at_accuracy=0.9)
        assert (lines, stopped) == (["93 % of real and made pictures are told apart: enough"], True)

    def test_nobody_to_advise(self):
        assert self.watch({"discriminator_accuracy": 1.0}, [], advises=False) == ([], False)

    def test_a_run_that_goes_on_remembers(self):
        watch = Watch([np.zeros((4, 4, 3), "uint8")])
        watch.memory = json.loads(json.dumps({"lasted": {"certain": 2}, "first_spread": 30.0}))
        lines = []
        watch.log = lines.append
        watch.set_model(types.SimpleNamespace(colorize=lambda _: [self.colorful], stop_training=False))
        watch.on_epoch_end(5, {"discriminator_accuracy": 1.0})
        assert len(lines) == 1
        assert watch.memory == {"lasted": {"undecided": 0, "certain": 3, "alike": 0}, "first_spread": 30.0}
