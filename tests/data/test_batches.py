"""Batches by tf.data: orders, epochs and errors; targets computed there."""

import time

import keras
import numpy as np
import pytest
from helpers.picture_files import arrays, rows, same
from PIL import Image

from kcolor import data, targets
from kcolor.data import loader
from kcolor.data.batches import without_autotuning
from kcolor.images.arrays import to_float
from kcolor.utils import processors

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data and TFDS need TensorFlow")


def test_batches_are_what_each_gives(toys, shared):
    found = arrays(data.batches(toys, 8, 32))
    assert [len(batch) for batch in found] == [8] * 6 + [2]
    assert same(rows(found), list(data.each(toys, 32)))
    faces = data.pictures(shared / "faces.zip", "train", limit=40)
    options = {"crop": "random", "zoom": 1.3, "copies": "five_fold"}
    batches = data.batches(faces, 16, (40, 48), shuffle=True, seed=4, first_epoch=2, **options)
    assert same(rows(arrays(batches)), list(data.each(faces, (40, 48), seed=4, epoch=2, **options)))


def test_shapes_are_known_as_far_as_they_can_be(toys):
    assert data.batches(toys, 8, (32, 40)).element_spec.shape.as_list() == [None, 32, 40, 3]
    whole = data.batches(toys, 8, 32, drop_remainder=True)
    assert whole.element_spec.shape.as_list() == [8, 32, 32, 3]
    assert whole.element_spec.dtype == "uint8"
    assert [len(batch) for batch in whole] == [8] * 6


@pytest.mark.slow
def test_what_goes_on_later_sees_what_an_uninterrupted_training_sees(toys):
    options = {"shuffle": True, "seed": 7, "crop": "random", "zoom": 1.4}
    uninterrupted = data.batches(toys, 8, 24, **options)
    epochs = [arrays(uninterrupted) for _ in range(3)]
    resumed = data.batches(toys, 8, 24, first_epoch=1, **options)
    assert same(epochs[1], arrays(resumed))
    assert same(epochs[2], arrays(resumed))
    assert not same(epochs[0], epochs[1])
    assert not same(epochs[0], arrays(data.batches(toys, 8, 24, **{**options, "seed": 8})))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, of every set whose length it does not know
def test_fit_goes_through_it_once_an_epoch(toys, monkeypatch):
    epochs = []
    items = type(toys).items
    monkeypatch.setattr(type(toys), "items", lambda self, seed=None, epoch=0: epochs.append(epoch) or items(self, seed, epoch))
    model = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    batches = data.batches(toys, 8, 32, shuffle=True, first_epoch=5).map(lambda x: (x, 0.0 * model(x)))
    model.fit(batches, epochs=3, shuffle=False, verbose=0)
    assert epochs == [5, 6, 7]


def test_a_cache_changes_nothing(toys, tmp_path):
    options = {"crop": "random", "zoom": 1.2, "shuffle": True}
    without = arrays(data.batches(toys, 8, 24, **options))
    for _ in range(2):
        assert same(without, arrays(data.batches(toys, 8, 24, cache=tmp_path / "cache", **options)))


def test_few_pictures_are_read_ahead(monkeypatch):
    read = []
    toys = data.pictures("shapes", count=2000)
    image = toys.image
    monkeypatch.setattr(toys, "image", lambda *arguments, **options: read.append(1) or image(*arguments, **options))
    iterator = iter(data.batches(toys, 4, 32))
    next(iterator)
    time.sleep(0.3)
    assert len(read) < 4 * 5 + loader.CHUNK * (2 * processors.cpus() + 2)
    del iterator


@pytest.mark.slow
def test_no_epoch_waits_for_tensorflow_to_tune_it(toys):
    dataset = data.batches(toys, 4, 32)
    for made in (dataset, data.encoded(dataset, targets.get("lab")), without_autotuning(dataset.repeat())):
        assert made.options().autotune.enabled is False


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0, 32), {}, "`batch_size` of 1 or more. Received: 0"),
        ((8, None), {}, "Expected `size`.*Received: None"),
        ((64, 32), {"drop_remainder": True}, "one batch of 64, with `drop_remainder`. Received: shapes/train: 50 pictures"),
    ],
)
def test_wrong_options_are_refused_at_once(toys, arguments, options, message):
    with pytest.raises(ValueError, match=message):
        data.batches(toys, *arguments, **options)


def test_the_error_of_a_broken_set_is_in_the_counts(tmp_path):
    for i in range(5):
        (tmp_path / f"{i}.png").write_text("no picture")
    counts = data.ReadCounts()
    with pytest.raises(Exception, match="no more than 5% broken") as caught:
        arrays(data.batches(data.pictures(tmp_path, "all"), 2, 16, counts=counts))
    assert type(caught.value) is not ValueError  # TensorFlow's, with a long text
    assert isinstance(counts.error, ValueError)
    assert str(counts.error).startswith("Expected no more than 5% broken pictures. Received: ")


def test_grey_and_broken_ones_are_left_out_of_batches(tmp_path):
    for i in range(9):
        Image.new("RGB", (16, 16), (200, 20 * i, 0)).save(tmp_path / f"{i}.png")
    Image.new("L", (16, 16), 9).save(tmp_path / "gray.png")
    (tmp_path / "broken.png").touch()
    counts = data.ReadCounts()
    found = arrays(data.batches(data.pictures(tmp_path, "all"), 4, 16, skip_gray=True, counts=counts))
    assert [len(batch) for batch in found] == [4, 4, 1]
    assert [int(picture[0, 0, 1]) for picture in rows(found)] == [20 * i for i in range(9)]
    assert (counts.seen, counts.gray, list(counts.broken)) == (11, 1, ["broken.png"])


# Targets in tf.data

QUICK = [("lab", {}), ("bins", {"grid": 18})]
OTHERS = [("bins", {"step": 20, "soft": True}), *((name, {}) for name in targets.TARGETS if name != "lab")]
VARIANTS = [*QUICK, *(pytest.param(*one, marks=pytest.mark.slow) for one in OTHERS)]


@pytest.mark.parametrize(("name", "options"), VARIANTS, ids=lambda value: str(value))
def test_targets_are_encoded_as_on_the_device(shared, name, options):
    target = targets.get(name, **options)
    batches = data.batches(data.pictures(shared / "photos.zip", "test", limit=8), 4, 32)  # full batches: XLA compiles once
    found = list(data.encoded(batches, target))
    assert len(found) == 2
    for batch, (luma, answer) in zip(arrays(batches), found, strict=True):
        rgb = to_float(batch)
        expected = np.asarray(target.encode(rgb))
        assert answer.dtype == expected.dtype
        np.testing.assert_allclose(luma, target.luma(rgb), atol=1e-6)
        if expected.dtype.kind == "i":  # on the edge of two bins either is right
            assert (np.asarray(answer) == expected).mean() > 0.9999
        else:
            np.testing.assert_allclose(answer, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, of every set whose length it does not know
def test_a_network_learns_from_encoded_pairs(toys):
    target = targets.get("lab")
    layers = [keras.Input((32, 32, 1)), keras.layers.Conv2D(2, 3, padding="same", activation=target.activation)]
    model = keras.Sequential(layers)
    model.compile("adam", target.loss())
    losses = model.fit(data.encoded(data.batches(toys, 20, 32), target), epochs=3, shuffle=False, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_encoding_needs_the_tensorflow_backend(toys, monkeypatch):
    batches = data.batches(toys, 8, 32)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ValueError, match="Expected the TensorFlow backend.*Received: jax"):
        data.encoded(batches, targets.get("lab"))
