"""The state of a run, there and back: weights, moments, seeds."""

import keras
import numpy as np
import pytest
from keras import ops

from kcolor import augment, models, targets
from kcolor.colorizer import colorizer
from kcolor.training import checkpoint

# On torch Keras's dropout draws from torch's own generator, whose state is not the model's.
DROPOUT = 0.0 if keras.backend.backend() == "torch" else 0.5


def trained(seed, steps=2, filters=(4, 8)):
    keras.utils.set_random_seed(seed)
    target = targets.get("lab")
    network = models.build("unet", target, filters=filters, dropout=DROPOUT)
    made = colorizer.Colorizer(network, target, augment=augment.Geometry(crop=0.2))
    made.compile(keras.optimizers.Adam(1e-2))
    made.optimizer.build(made.trainable_variables)
    for _ in range(steps):
        made.train_on_batch(np.random.default_rng(steps).integers(0, 256, (2, 8, 8, 3), dtype="uint8"))
    return made


@pytest.mark.slow
def test_a_restored_run_takes_the_same_next_step(tmp_path):
    one, other = trained(seed=0), trained(seed=1, steps=1)
    checkpoint.save_state(tmp_path / "state.npz", one, {"epoch": 3, "best": float("inf"), "name": "ä"})
    checkpoint.restore_state(tmp_path / "state.npz", other)
    assert checkpoint.load_progress(tmp_path / "state.npz") == {"epoch": 3, "best": float("inf"), "name": "ä"}
    photos = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype="uint8")
    assert one.train_on_batch(photos) == other.train_on_batch(photos)  # dropout and augmentation drawn alike
    for mine, theirs in zip(checkpoint.variables(one), checkpoint.variables(other), strict=True):
        assert np.array_equal(ops.convert_to_numpy(mine.value), ops.convert_to_numpy(theirs.value))


@pytest.mark.slow
def test_the_state_has_moments_steps_and_seeds():
    one = trained(seed=0)
    paths = [variable.path for variable in checkpoint.variables(one)]
    assert sum("seed" in path for path in paths) >= (3 if DROPOUT else 1)  # two dropouts, augmentation
    assert sum("momentum" in path for path in paths) == len(one.trainable_variables)
    assert any("iteration" in path for path in paths)


@pytest.mark.slow
def test_another_networks_state_is_refused(tmp_path):
    checkpoint.save_state(tmp_path / "state.npz", trained(seed=0, steps=0), {})
    with pytest.raises(ValueError, match=r"Expected .* of shape \(3, 3, 1, 2\)"):
        checkpoint.restore_state(tmp_path / "state.npz", trained(seed=0, steps=0, filters=(2, 8)))
    with pytest.raises(ValueError, match="Expected a state of"):
        checkpoint.restore_state(tmp_path / "state.npz", trained(seed=0, steps=0, filters=(2, 4, 8)))
    assert checkpoint.load_progress(tmp_path / "none.npz") is None


def test_a_run_that_was_stopped_goes_on_with_new_patience(tmp_path):
    path, made = tmp_path / "state.npz", trained(seed=0, steps=0)
    memory = {"EarlyStopping": {"wait": 5, "best": 0.5}, "ReduceLROnPlateau": {"wait": 2}}
    checkpoint.save_state(path, made, {"stopped": True, "callbacks": memory})
    checkpoint.forget_stop(path)
    went_on = {"EarlyStopping": {"wait": 0, "best": 0.5}, "ReduceLROnPlateau": {"wait": 2}}
    assert checkpoint.load_progress(path) == {"stopped": False, "callbacks": went_on}
    checkpoint.restore_state(path, made)  # all variables are there still
    checkpoint.save_state(path, made, {"stopped": False, "callbacks": memory})
    checkpoint.forget_stop(path)
    assert checkpoint.load_progress(path)["callbacks"] == memory
