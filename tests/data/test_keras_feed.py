"""Training without TensorFlow: batches that are fed to Keras by threads of kcolor alone."""

import csv
import importlib.util
import itertools

import pytest

import kcolor
from kcolor.data.keras_feed import Feed
from kcolor.recipes import recipe
from kcolor.training.train import train

without_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is not None, reason="where TensorFlow is, tf.data feeds"
)

PLAN = {
    "data": {"source": "shapes", "size": 16, "skip_gray": False, "train_limit": 40, "val_limit": 8, "crop": "random"},
    "target": {"name": "lab"},
    "model": {"name": "unet", "filters": [4, 8]},
    "optimizer": {"name": "adam", "learning_rate": 1e-2},
    "augment": {"crop": 0.2},
    "train": {"batch_size": 8, "epochs": 3, "metrics": ["psnr"], "precision": "float32"},
}


def epoch_of(count):
    return lambda epoch: iter([epoch] * count)


def test_each_time_it_is_gone_through_is_an_epoch():
    feed = Feed(epoch_of(5), first_epoch=3)
    assert [list(feed) for _ in range(3)] == [[3] * 5, [4] * 5, [5] * 5]
    assert list(itertools.islice(feed, 4)) == [6] * 4  # as Keras does when it knows how many there are
    assert list(feed) == [7] * 5


def test_a_look_at_the_first_batches_is_none():
    feed = Feed(epoch_of(5))
    assert next(iter(feed)) == 0
    assert list(itertools.islice(feed, 2)) == [0, 0]
    assert [list(feed), list(feed)] == [[0] * 5, [1] * 5]


def test_short_epochs():
    feed = Feed(epoch_of(9), first_epoch=1).take(3)
    assert [list(feed), list(feed)] == [[1] * 3, [2] * 3]
    one = Feed(epoch_of(1))
    assert [list(one), list(one)] == [[0], [1]]


@without_tensorflow
def test_batches_are_the_pictures_in_their_order():
    pictures = kcolor.data.pictures("shapes", "train", count=20)
    batches = kcolor.data.batches(pictures, 8, 16, shuffle=True, seed=5, first_epoch=1)
    for epoch in (1, 2):
        fed = [picture for batch in batches for picture in batch]
        alone = list(kcolor.data.each(pictures, 16, seed=5, epoch=epoch))
        assert len(fed) == 20
        assert all((one == other).all() for one, other in zip(fed, alone, strict=True))


@without_tensorflow
def test_a_run_goes_on_as_if_it_had_not_stopped(tmp_path):
    train(PLAN, out=tmp_path / "parts", epochs=1, verbose=0)
    train(PLAN, out=tmp_path / "parts", verbose=0)
    best = train(PLAN, out=tmp_path / "whole", verbose=0)
    histories = []
    for name in ("parts", "whole"):
        with open(tmp_path / name / "history.csv", newline="") as file:
            histories.append([{**row, "seconds": 0} for row in csv.DictReader(file)])
    assert histories[0] == histories[1]
    assert len(histories[0]) == 3
    assert float(histories[0][-1]["loss"]) < float(histories[0][0]["loss"])
    assert isinstance(best, kcolor.Colorizer)
    assert recipe.load(tmp_path / "whole" / "recipe.toml").train.epochs == 3


@without_tensorflow
def test_a_duel(tmp_path):
    plan = {
        **PLAN,
        "loss": {"name": "mae"},
        "discriminator": {"name": "patchgan", "filters": 4, "layers": 1},
        "adversarial": {"factor": 0.1},
        "discriminator_optimizer": {"name": "adam"},
    }
    train(plan, out=tmp_path, epochs=1, verbose=0)
    assert (tmp_path / "discriminator.keras").is_file()
    assert "discriminator_accuracy" in (tmp_path / "history.csv").read_text()


@without_tensorflow
def test_logs_for_tensorboard_are_refused(tmp_path):
    with pytest.raises(ImportError, match="logs for TensorBoard need it"):
        train(PLAN, out=tmp_path, tensorboard=True, verbose=0)
