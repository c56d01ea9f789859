"""Batches by tf.data: orders, epochs, and errors; targets computed there; published data sets."""

import socket
import time

import keras
import numpy as np
import pytest
from PIL import Image

from kcolor import data, targets
from kcolor.cli import main
from kcolor.data import batches as pipeline
from kcolor.data import loader
from kcolor.data.sources import tfds
from kcolor.images import arrays as photos
from kcolor.utils import processors

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data and TFDS need TensorFlow")


def arrays(dataset):
    return [np.asarray(batch) for batch in dataset]


def rows(batches):
    return [picture for batch in batches for picture in batch]


def same(one, other):
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.fixture
def toys():
    return data.pictures("shapes", count=50)


# Batches


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


def test_what_goes_on_later_sees_what_an_uninterrupted_training_sees(toys):
    options = {"shuffle": True, "seed": 7, "crop": "random", "zoom": 1.4}
    uninterrupted = data.batches(toys, 8, 24, **options)
    epochs = [arrays(uninterrupted) for _ in range(3)]
    resumed = data.batches(toys, 8, 24, first_epoch=1, **options)
    assert same(epochs[1], arrays(resumed))
    assert same(epochs[2], arrays(resumed))
    assert not same(epochs[0], epochs[1])
    assert not same(epochs[0], arrays(data.batches(toys, 8, 24, **{**options, "seed": 8})))


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


def test_no_epoch_waits_for_tensorflow_to_tune_it(toys):
    dataset = data.batches(toys, 4, 32)
    for made in (dataset, data.encoded(dataset, targets.get("lab")), pipeline.without_autotuning(dataset.repeat())):
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


def test_the_error_of_a_broken_set_is_in_the_tally(tmp_path):
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

VARIANTS = [*((name, {}) for name in targets.TARGETS), ("bins", {"grid": 18}), ("bins", {"step": 20, "soft": True})]


@pytest.mark.parametrize(("name", "options"), VARIANTS, ids=lambda value: str(value))
def test_targets_are_encoded_as_on_the_device(shared, name, options):
    target = targets.get(name, **options)
    batches = data.batches(data.pictures(shared / "photos.zip", "test", limit=10), 4, 32)
    found = list(data.encoded(batches, target))
    assert len(found) == 3
    for batch, (luma, answer) in zip(arrays(batches), found, strict=True):
        rgb = photos.to_float(batch)
        expected = np.asarray(target.encode(rgb))
        assert answer.dtype == expected.dtype
        np.testing.assert_allclose(luma, target.luma(rgb), atol=1e-6)
        if expected.dtype.kind == "i":  # on the edge of two bins either is right
            assert (np.asarray(answer) == expected).mean() > 0.9999
        else:
            np.testing.assert_allclose(answer, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, of every set whose length it does not know
def test_a_network_learns_from_encoded_pairs(toys):
    target = targets.get("lab")
    layers = [keras.Input((32, 32, 1)), keras.layers.Conv2D(2, 3, padding="same", activation=target.activation)]
    model = keras.Sequential(layers)
    model.compile("adam", target.loss())
    losses = model.fit(data.encoded(data.batches(toys, 10, 32), target), epochs=3, shuffle=False, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_encoding_needs_the_tensorflow_backend(toys, monkeypatch):
    batches = data.batches(toys, 8, 32)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ValueError, match="Expected the TensorFlow backend.*Received: jax"):
        data.encoded(batches, targets.get("lab"))


# Published data sets


CLASSES = ["cat", "frog", "ship"]


@pytest.fixture(scope="session")
def originals(shared):
    """200 small photographs of three classes: their class and what they look like."""
    pictures = data.pictures(shared / "cifar10.zip", "test", classes=CLASSES, limit=200)
    return [(key.split("/")[-2], pictures.read(key)) for key in pictures.keys]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, originals):
    """Real data sets as TFDS keeps them on disk, in two shards a split, and one without pictures."""
    import tensorflow as tf
    import tensorflow_datasets

    root = tmp_path_factory.mktemp("tfds")
    image = tensorflow_datasets.features.Image(shape=(None, None, 3), encoding_format="png")
    label = tensorflow_datasets.features.ClassLabel(names=CLASSES)

    def store(name, features, examples, **parts):
        tensorflow_datasets.dataset_builders.store_as_tfds_dataset(
            name,
            "1.0.0",
            tensorflow_datasets.features.FeaturesDict(features),
            {
                split: tf.data.Dataset.from_tensor_slices({k: v[part] for k, v in examples.items()})
                for split, part in parts.items()
            },
            data_dir=root,
            download_config=tensorflow_datasets.download.DownloadConfig(num_shards=2),
        )

    labels = np.array([CLASSES.index(name) for name, _ in originals])
    examples = {"image": np.stack([picture for _, picture in originals]), "label": labels}
    store("tiny", {"image": image, "label": label}, examples, train=slice(150), test=slice(150, None))
    store("split", {"image": image}, {"image": examples["image"]}, train=slice(20), validation=slice(20, 30))
    store("numbers", {"label": label}, {"label": labels}, train=slice(10))
    return root


def keys(pictures, *order):
    return [key for key, _ in pictures.items(*order)]


def test_published_sets_are_read_from_disk_as_they_are(prepared, originals):
    everything = data.pictures("tfds:tiny", "all", data_dir=prepared)
    assert everything.description == "tiny/all: 200 pictures"
    found = {picture.tobytes() for picture in data.each(everything)}
    assert found == {picture.tobytes() for _, picture in originals}
    assert len(list(everything.items())) == 200


def test_validation_pictures_come_out_of_train_by_their_ids(prepared):
    train, val, test = (data.pictures("tfds:tiny", split, data_dir=prepared, val=0.2) for split in ("train", "val", "test"))
    assert len(train) + len(val) == 150
    assert 15 < len(val) < 50
    assert len(test) == 50
    for part in (train, val, test):
        assert len(keys(part)) == len(part)
    assert not set(keys(train)) & set(keys(val))
    own = data.pictures("tfds:split", "val", data_dir=prepared)
    assert len(own) == len(keys(own)) == 10
    assert len(data.pictures("tfds:split", "test", test=0.4, data_dir=prepared)) in range(2, 15)


def test_classes_and_limits_of_published_sets(prepared, originals):
    cats = data.pictures("tfds:tiny", "all", classes=["cat"], data_dir=prepared)
    expected = {picture.tobytes() for name, picture in originals if name == "cat"}
    assert {picture.tobytes() for picture in data.each(cats)} == expected
    assert len(cats) == len(expected)
    few, more = (keys(data.pictures("tfds:tiny", data_dir=prepared, limit=n)) for n in (5, 20))
    assert (len(few), len(more)) == (5, 20)
    assert set(few) < set(more)
    with pytest.raises(
        ValueError, match=r"Unknown classes of tiny. Expected some of \['cat', 'frog', 'ship'\]. Received: \['dog'\]"
    ):
        data.pictures("tfds:tiny", classes=["dog"], data_dir=prepared)
    with pytest.raises(ValueError, match="with labels to choose `classes` from. Received: split"):
        data.pictures("tfds:split", classes=["dog"], data_dir=prepared)


def test_published_sets_are_shuffled_by_seed_and_epoch(prepared):
    train = data.pictures("tfds:tiny", data_dir=prepared)
    orders = {order: tuple(keys(train, *order)) for order in [(0, 0), (0, 1), (1, 0)]}
    assert len({*orders.values(), tuple(keys(train))}) == 4
    assert all(sorted(order) == sorted(keys(train)) for order in orders.values())
    assert tuple(keys(data.pictures("tfds:tiny", data_dir=prepared), 0, 1)) == orders[0, 1]


def test_published_sets_make_batches_with_and_without_a_cache(prepared, tmp_path):
    train = data.pictures("tfds:tiny", data_dir=prepared, limit=60)
    options = {"shuffle": True, "crop": "random", "zoom": 1.2, "copies": 2}
    whole = data.batches(train, 16, 24, **options)
    first, second = arrays(whole), arrays(whole)
    assert [len(batch) for batch in first] == [16] * 7 + [8]
    assert same(second, arrays(data.batches(train, 16, 24, first_epoch=1, **options)))
    assert same(first, arrays(data.batches(train, 16, 24, cache=tmp_path / "cache", **options)))


def test_the_command_line_says_where_sets_are_kept(tmp_path, capsys):
    assert (
        main.main(["train", "autoencoder-cifar10", "--data-dir", str(tmp_path / "sets"), "--out", str(tmp_path / "run")]) == 1
    )
    assert f"Not found in {tmp_path / 'sets'}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["cifar10", "cifar100", "tfds:nothing_like_this", "tfds:huggingface:mnist"])
def test_what_is_not_on_this_disk_is_said_within_seconds(tmp_path, name, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", None)  # nobody may even try
    start = time.monotonic()
    with pytest.raises(
        ValueError, match=rf"Expected the data set '{name.removeprefix('tfds:')}'.*Not found in .*data.download=true.*--data"
    ):
        data.pictures(name, data_dir=tmp_path)
    assert time.monotonic() - start < 10


def test_no_network_to_download_over_is_said_within_seconds(tmp_path, monkeypatch):
    tried = []

    def unreachable(address, timeout):
        tried.append((address, timeout))
        raise OSError("unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    with pytest.raises(ConnectionError, match=r"a network to download 'cifar10' over. There is none: tried .*--data"):
        data.pictures("cifar10", data_dir=tmp_path, download=True)
    assert tried
    assert sum(timeout for _, timeout in tried) < 10


def test_a_network_that_answers_is_enough(monkeypatch):
    monkeypatch.setattr(tfds.urllib.request, "getproxies", lambda: {"https": "http://proxy.example:3128"})
    monkeypatch.setattr(socket, "create_connection", lambda address, timeout: tried.append(address) or socket.socket())
    tried = []
    tfds.check_network("cifar10")
    assert tried == [("proxy.example", 3128)]


def test_a_set_that_is_there_needs_no_network(prepared, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", None)
    assert len(data.pictures("tfds:tiny", "test", data_dir=prepared, download=True)) == 50


def test_sets_without_pictures_are_refused(prepared):
    with pytest.raises(ValueError, match=r"with pictures, as a feature 'image'. Received: numbers, with \['label'\]"):
        data.pictures("tfds:numbers", data_dir=prepared)
    with pytest.raises(ValueError, match=r"the split 'val' of tiny. Found none: it has .*150 in 'train'"):
        data.pictures("tfds:tiny", "val", val=0, data_dir=prepared)
