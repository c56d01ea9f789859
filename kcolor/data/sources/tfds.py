"""Published data sets, by TensorFlow Datasets: what is prepared on this disk, and only if asked for what is not.

Pictures are streamed as they are stored, and decoded where all others are; which split one belongs to is decided by its id
there, so that no list of them is needed in memory.
"""

import array
import heapq
import io
import socket
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence

from kcolor.data import hashing, splits
from kcolor.data.pictures import Streamed
from kcolor.images.decoding import decode

# Any of them answers where there is a network. TFDS itself would try for minutes to find out.
_HOSTS = (("storage.googleapis.com", 443), ("pypi.org", 443))
_PATIENCE = 3.0  # seconds for each


def tfds(
    name: str,
    split: str = "train",
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
    data_dir=None,
    download: bool = False,
) -> Streamed:
    """A data set of TensorFlow Datasets that has a feature "image".

    Args:
        name: as TFDS has it, with config and version if wanted: "imagenette/320px-v2".
        split: "train", "val", "test", or "all".
        classes: keep only these, for sets with a feature "label".
        val: share of the validation pictures, where the set has none.
        test: share of the test pictures, where the set has none.
        limit: keep so many: those with the lowest hash.
        data_dir: where TFDS keeps its sets; None for ``~/tensorflow_datasets`` or ``TFDS_DATA_DIR``.
        download: allow TFDS to use the network, if the set is not on this disk.

    Returns:
        `Pictures`.
    """
    splits.check_split(split)
    splits.check_shares(val, test)
    hashing.check_limit(limit)
    builder = _builder(name, data_dir, download)
    labels = _labels(builder, name, classes)
    own = {theirs: splits.SYNONYMS[theirs] for theirs in builder.info.splits if theirs in splits.SYNONYMS}
    wanted = _of_split(split, own, val, test)
    ids = (key for theirs in own for key in _ids(builder, theirs, labels) if wanted(theirs, key))
    digests = array.array("Q", map(hashing.digest, ids))
    if not digests:
        raise ValueError(f"Expected pictures for the split {split!r} of {name}. Found none: it has {_sizes(builder)}")
    highest = max(heapq.nsmallest(limit, digests)) if limit is not None else 2**64

    def stream(seed):
        for theirs in own:
            for key, payload in _examples(builder, theirs, labels, seed):
                if wanted(theirs, key) and hashing.digest(key) <= highest:
                    yield key, payload

    stamp = "-".join(map(str, (builder.info.full_name, builder.data_dir, split, val, test, limit, sorted(labels or ()))))
    return Streamed(f"{name}/{split}", sum(d <= highest for d in digests), stream, _decode, stamp)


def cifar10(split: str = "train", *, classes=None, val=0.1, test=0.1, limit=None, data_dir=None, download=False) -> Streamed:
    """CIFAR-10: 50,000 pictures to train (of which `val`) and 10,000 to test, 32×32; arguments as for `tfds`."""
    return tfds("cifar10", split, classes=classes, val=val, test=test, limit=limit, data_dir=data_dir, download=download)


def cifar100(split: str = "train", *, classes=None, val=0.1, test=0.1, limit=None, data_dir=None, download=False) -> Streamed:
    """CIFAR-100: as CIFAR-10, with 100 classes; arguments as for `tfds`."""
    return tfds("cifar100", split, classes=classes, val=val, test=test, limit=limit, data_dir=data_dir, download=download)


def _decode(payload, key, least):
    return decode(io.BytesIO(payload), key, least)


def _of_split(split, own, val, test):
    """Whether a picture of one of their splits, with this id, belongs to ours."""
    present = set(own.values())
    if split == "all":
        return lambda theirs, key: True
    return lambda theirs, key: splits.assign(key, own[theirs], present, val=val, test=test) == split


def _builder(name, data_dir, download):
    """The set as it is on this disk; prepared first if that is allowed."""
    import tensorflow_datasets
    from tensorflow_datasets.core.utils import file_utils

    missing = tensorflow_datasets.core.DatasetNotFoundError
    folder = None if data_dir is None else str(data_dir)
    try:  # unlike `tfds.builder`, this looks at files alone, whatever the name
        builder = tensorflow_datasets.core.read_only_builder.builder_from_files(name, data_dir=folder)
    except missing as error:
        if not download:
            where = ", ".join(str(place) for place in file_utils.list_data_dirs(given_data_dir=folder))
            raise ValueError(
                f"Expected the data set {name!r}, prepared by TensorFlow Datasets. Not found in {where}. Allow the download "
                "with `download=True` (--set data.download=true), or give a folder of pictures (--data)"
            ) from error
        check_network(name)
        try:
            builder = tensorflow_datasets.builder(name, data_dir=folder)
        except missing as unknown:
            raise ValueError(
                f"Unknown data set: TensorFlow Datasets has no {name!r}. See its catalogue for the names"
            ) from unknown
        builder.download_and_prepare()
    features = dict(builder.info.features.items())
    if not isinstance(features.get("image"), tensorflow_datasets.features.Image):
        raise ValueError(f"Expected a data set with pictures, as a feature 'image'. Received: {name}, with {list(features)}")
    return builder


def check_network(what: str) -> None:
    """Raises `ConnectionError` within seconds if there is no network to download `what` over."""
    proxies = [urllib.parse.urlsplit(address) for address in urllib.request.getproxies().values()]
    hosts = [(proxy.hostname, proxy.port or 80) for proxy in proxies if proxy.hostname] or _HOSTS
    for host in hosts:
        try:
            socket.create_connection(host, timeout=_PATIENCE).close()
            return
        except OSError:
            continue
    tried = ", ".join(f"{host}:{port}" for host, port in hosts)
    raise ConnectionError(
        f"Expected a network to download {what!r} over. There is none: tried {tried}. Prepare it with TensorFlow "
        "Datasets elsewhere and copy its folder (`data_dir`), or give a folder of pictures (--data)"
    )


def _labels(builder, name, classes):
    """The numbers of the classes wanted, or None for all."""
    if classes is None:
        return None
    known = getattr(dict(builder.info.features.items()).get("label"), "names", None)
    if not known:
        raise ValueError(f"Expected a data set with labels to choose `classes` from. Received: {name}")
    if isinstance(classes, str) or not classes or set(classes) - set(known):
        raise ValueError(f"Unknown classes of {name}. Expected some of {sorted(known)}. Received: {classes!r}")
    return {known.index(one) for one in classes}


def _ids(builder, theirs, labels) -> Iterator[str]:
    """The ids of all pictures of a split. They need no reading, unless labels are wanted."""
    if labels is not None:
        yield from (key for key, _ in _examples(builder, theirs, labels, None, image=False))
        return
    info = builder.info.splits[theirs]
    for file, length in zip(info.filenames, info.shard_lengths, strict=True):
        yield from (f"{file}__{i}" for i in range(length))


def _examples(builder, theirs, labels, seed, *, image=True) -> Iterator[tuple[str, bytes]]:
    """Ids and files of the pictures in one of their splits. A seed shuffles the shards, not what is in them."""
    import tensorflow as tf
    import tensorflow_datasets

    options = tf.data.Options()
    options.deterministic = True
    config = tensorflow_datasets.ReadConfig(
        options=options, add_tfds_id=True, try_autocache=False, shuffle_seed=None if seed is None else seed % 2**31
    )
    features = {"image": True} if image else {}
    if labels is not None:
        features["label"] = True
    decoders = tensorflow_datasets.decode.PartialDecoding(
        features, decoders={"image": tensorflow_datasets.decode.SkipDecoding()} if image else None
    )
    data = builder.as_dataset(split=theirs, decoders=decoders, read_config=config, shuffle_files=seed is not None)
    for example in data.as_numpy_iterator():
        if labels is None or int(example["label"]) in labels:
            yield example["tfds_id"].decode(), example.get("image", b"")


def _sizes(builder):
    return ", ".join(f"{info.num_examples:,} in {name!r}" for name, info in builder.info.splits.items())
