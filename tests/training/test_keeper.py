"""What a run keeps on disk, and what its callbacks remember."""

import types

import keras
import pytest

from kcolor.training import keeper
from kcolor.training.gan_monitor import Watch


def kept(tmp_path, callbacks, progress=None):
    plain = types.SimpleNamespace(save=lambda path: path.write_text("saved"))
    return keeper.Keeper(tmp_path, plain, "val_loss", callbacks, progress)


def test_callbacks_are_given_back_their_memory_by_name(tmp_path):
    stopping, dropping = keras.callbacks.EarlyStopping("val_loss"), keras.callbacks.ReduceLROnPlateau("val_loss")
    watch = Watch([])
    memories = {
        "Watch": {"memory": {"lasted": {"certain": 2}, "first_spread": 3.0}},
        "EarlyStopping": {"wait": 2, "best": 0.5, "best_epoch": 4},
        "ReduceLROnPlateau": {"wait": 1, "best": 0.25, "cooldown_counter": 3},
    }
    progress = {"epoch": 5, "best": 0.5, "best_epoch": 4, "history": [], "callbacks": memories, "stopped": False}
    kept(tmp_path, [dropping, stopping, watch], progress).on_train_begin()
    assert (stopping.wait, stopping.best, stopping.best_epoch) == (2, 0.5, 4)
    assert (dropping.wait, dropping.best, dropping.cooldown_counter) == (1, 0.25, 3)
    assert watch.memory["lasted"] == {"certain": 2}


@pytest.mark.parametrize("memories", [{"EarlyStopping": {"wait": 2}}, {"Watch": {"patience": 2}}])
def test_a_memory_of_nobody_is_an_error(memories, tmp_path):
    progress = {"epoch": 5, "best": 0.5, "best_epoch": 4, "history": [], "callbacks": memories, "stopped": False}
    with pytest.raises((KeyError, ValueError), match=r"EarlyStopping|remember .*patience"):
        kept(tmp_path, [Watch([])], progress).on_train_begin()


def test_what_a_run_began_with_is_the_first_best(tmp_path):
    made = kept(tmp_path, [keras.callbacks.EarlyStopping("val_loss"), Watch([])])
    made.consider_start({"val_loss": 2.0})
    assert (made.progress["best"], made.progress["best_epoch"]) == (2.0, 0)
    assert made.progress["callbacks"] == {"EarlyStopping": {"best": 2.0}}
    assert (tmp_path / "model.keras").read_text() == "saved"
    with pytest.raises(ValueError, match=r"Expected `train.monitor` as one of \['loss'\]"):
        made.consider_start({"loss": 1.0})
