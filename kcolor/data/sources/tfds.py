"""Published data sets, by TensorFlow Datasets (TFDS): those prepared on this disk, and others if a download is allowed.

Pictures are streamed as they are stored, and decoded where all others are. The split of a picture depends on its id in TFDS,
so no list of them is needed in memory.
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
from kcolor.utils.types import PathLike

# Hosts that can be reached wherever there is a network. TFDS itself would try for minutes to find out.
_HOSTS = (("storage.googleapis.com", 443), ("pypi.org", 443))
_PATIENCE = 3.0  # seconds to wait for each


def tfds(
    name: str,
    split: str = "train",
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
    data_dir: PathLike | None = None,
    download: bool = False,
) -> Streamed:
    """Returns the pictures of a data set of TensorFlow Datasets that has a feature "image".

    Args:
        name: Name of the data set in TFDS, with its config and version if wanted: "imagenette/320px-v2".
        split: "train", "val", "test", or "all".
        classes: Names of the classes to keep, for sets with a feature "label"; None keeps all.
        val: Number in [0, 1). Share of validation pictures, if the set has none.
        test: Number in [0, 1). Share of test pictures, if the set has none.
        limit: Integer. Number of pictures to keep: those with the lowest hashes. None keeps all.
        data_dir: Folder where TFDS keeps its sets; None is ``TFDS_DATA_DIR`` or ``~/tensorflow_datasets``.
        download: Whether TFDS may use the network if the set is not on this disk.

    Returns:
        `Pictures`.

    Raises:
        ValueError: For a wrong argument, a set without pictures, or one that is not on this disk.
        ConnectionError: If it may be downloaded, but there is no network.
    """
    splits.check_split(split)
    splits.check_shares(val, test)
    hashing.check_limit(limit)
    builder = _builder(name, data_dir, download)
    labels = _labels(builder, name, classes)
    own = {theirs: splits.SYNONYMS[theirs] for theirs in builder.info.splits if theirs in splits.SYNONYMS}
    wanted = _of_split(split, own, val, test)
    home = split if split in own.values() else "train"  # where it is, or what it is hashed out of
    searched = [theirs for theirs in own if split == "all" or own[theirs] == home]
    ids = (key for theirs in searched for key in _ids(builder, theirs, labels) if wanted(theirs, key))
    digests = array.array("Q", map(hashing.digest, ids))
    if not digests:
        raise ValueError(f"Expected pictures for the split {split!r} of {name}. Found none: it has {_sizes(builder)}")
    highest = max(heapq.nsmallest(limit, digests)) if limit is not None else 2**64

    def stream(seed):
        for theirs in searched:
            for key, payload in _examples(builder, theirs, labels, seed):
                if wanted(theirs, key) and hashing.digest(key) <= highest:
                    yield key, payload

    stamp = "-".join(map(str, (builder.info.full_name, builder.data_dir, split, val, test, limit, sorted(labels or ()))))
    return Streamed(f"{name}/{split}", sum(d <= highest for d in digests), stream, _decode, stamp)


def _decode(payload, key, least):
    return decode(io.BytesIO(payload), key, least)


def _of_split(split, own, val, test):
    """Returns a function ``(split, id) -> bool``: whether a picture of a split of TFDS belongs to a split of ours."""
    present = set(own.values())
    if split == "all":
        return lambda theirs, key: True
    return lambda theirs, key: splits.assign(key, own[theirs], present, val=val, test=test) == split


def _builder(name, data_dir, download):
    """Returns the TFDS builder of a set on this disk. The set is downloaded first if it is missing and that is allowed."""
    import tensorflow_datasets
    from tensorflow_datasets.core.utils import file_utils

    missing = tensorflow_datasets.core.DatasetNotFoundError
    folder = None if data_dir is None else str(data_dir)
    try:  # unlike `tfds.builder`, this looks at files only, whatever the name
        builder = tensorflow_datasets.core.read_only_builder.builder_from_files(name, data_dir=folder)
    except missing as error:
        if not download:
            where = ", ".join(str(place) for place in file_utils.list_data_dirs(given_data_dir=folder))
            raise ValueError(
                f"Expected the data set {name!r}, prepared by TensorFlow Datasets. Not found in {where}. Say where it is "
                "(`data_dir`), allow the download (`download=True`), or take a folder of pictures instead (`data`)"
            ) from error
        check_network(name)
        try:
            builder = tensorflow_datasets.builder(name, data_dir=folder)
        except missing as unknown:
            raise ValueError(
                f"Expected the name of a data set of TensorFlow Datasets. Received: {name!r}. Its catalogue has the names"
            ) from unknown
        builder.download_and_prepare()
    features = dict(builder.info.features.items())
    if not isinstance(features.get("image"), tensorflow_datasets.features.Image):
        raise ValueError(f"Expected a data set with pictures, as a feature 'image'. Received: {name}, with {list(features)}")
    return builder


def check_network(what: str) -> None:
    """Raises ConnectionError, within seconds, if there is no network.

    Args:
        what: Name of what should be downloaded, for the message.
    """
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
        "Datasets elsewhere and copy its folder (`data_dir`), or take a folder of pictures instead (`data`)"
    )


def _labels(builder, name, classes):
    """Returns the numbers of the wanted classes, or None for all."""
    if classes is None:
        return None
    known = getattr(dict(builder.info.features.items()).get("label"), "names", None)
    if not known:
        raise ValueError(f"Expected a data set with labels to choose `classes` from. Received: {name}")
    if isinstance(classes, str) or not classes or set(classes) - set(known):
        raise ValueError(f"Unknown classes of {name}. Expected some of {sorted(known)}. Received: {classes!r}")
    return {known.index(one) for one in classes}


def _ids(builder, theirs, labels) -> Iterator[str]:
    """Yields the ids of all pictures of a split of TFDS. Nothing is read for it, unless labels are wanted."""
    if labels is not None:
        yield from (key for key, _ in _examples(builder, theirs, labels, None, image=False))
        return
    info = builder.info.splits[theirs]
    for file, length in zip(info.filenames, info.shard_lengths, strict=True):
        yield from (f"{file}__{i}" for i in range(length))


def _examples(builder, theirs, labels, seed, *, image=True) -> Iterator[tuple[str, bytes]]:
    """Yields ids and files of the pictures in a split of TFDS. A seed shuffles the shards, not what is in them."""
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
