"""Published data sets: read from disk as they are, split by their ids, and never downloaded unasked."""

import socket
import sys
import time
import urllib.request

import keras
import numpy as np
import pytest
from helpers.picture_files import arrays, keys, same

from kcolor import data
from kcolor.cli import main
from kcolor.data.sources.tfds import check_network

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="tf.data and TFDS need TensorFlow")


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


@pytest.mark.slow
def test_published_sets_are_read_from_disk_as_they_are(prepared, originals):
    everything = data.pictures("tfds:tiny", "all", data_dir=prepared)
    assert everything.description == "tiny/all: 200 pictures"
    found = {picture.tobytes() for picture in data.each(everything)}
    assert found == {picture.tobytes() for _, picture in originals}
    assert len(list(everything.items())) == 200


@pytest.mark.slow
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


@pytest.mark.slow
def test_only_the_split_that_is_wanted_is_read(prepared, monkeypatch):
    read = []
    examples = sys.modules["kcolor.data.sources.tfds"]._examples  # `sources.tfds` is the function
    monkeypatch.setattr(
        sys.modules["kcolor.data.sources.tfds"],
        "_examples",
        lambda builder, theirs, *rest, **options: read.append(theirs) or examples(builder, theirs, *rest, **options),
    )
    for split, theirs in {"train": ["train"], "val": ["validation"], "test": ["train"], "all": ["train", "validation"]}.items():
        list(data.pictures("tfds:split", split, test=0.4, data_dir=prepared).items())
        assert sorted(set(read)) == theirs
        read.clear()


@pytest.mark.slow
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


@pytest.mark.slow
def test_published_sets_are_shuffled_by_seed_and_epoch(prepared):
    train = data.pictures("tfds:tiny", data_dir=prepared)
    orders = {order: tuple(keys(train, *order)) for order in [(0, 0), (0, 1), (1, 0)]}
    assert len({*orders.values(), tuple(keys(train))}) == 4
    assert all(sorted(order) == sorted(keys(train)) for order in orders.values())
    assert tuple(keys(data.pictures("tfds:tiny", data_dir=prepared), 0, 1)) == orders[0, 1]


@pytest.mark.slow
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
    wanted = rf"Expected the data set '{name.removeprefix('tfds:')}'.*Not found in .*`data_dir`.*`download=True`.*`data`"
    with pytest.raises(ValueError, match=wanted):
        data.pictures(name, data_dir=tmp_path)
    assert time.monotonic() - start < 10


def test_no_network_to_download_over_is_said_within_seconds(tmp_path, monkeypatch):
    tried = []

    def unreachable(address, timeout):
        tried.append((address, timeout))
        raise OSError("unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    wanted = r"a network to download 'cifar10' over. There is none: tried .*`data_dir`.*`data`"
    with pytest.raises(ConnectionError, match=wanted):
        data.pictures("cifar10", data_dir=tmp_path, download=True)
    assert tried
    assert sum(timeout for _, timeout in tried) < 10


def test_a_network_that_answers_is_enough(monkeypatch):
    monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": "http://proxy.example:3128"})
    monkeypatch.setattr(socket, "create_connection", lambda address, timeout: tried.append(address) or socket.socket())
    tried = []
    check_network("cifar10")
    assert tried == [("proxy.example", 3128)]


def test_a_set_that_is_there_needs_no_network(prepared, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", None)
    assert len(data.pictures("tfds:tiny", "test", data_dir=prepared, download=True)) == 50


def test_sets_without_pictures_are_refused(prepared):
    with pytest.raises(ValueError, match=r"with pictures, as a feature 'image'. Received: numbers, with \['label'\]"):
        data.pictures("tfds:numbers", data_dir=prepared)
    with pytest.raises(ValueError, match=r"the split 'val' of tiny. Found none: it has .*150 in 'train'"):
        data.pictures("tfds:tiny", "val", val=0, data_dir=prepared)
