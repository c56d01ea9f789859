"""Where pictures come from: sources by name, folders and zips by path."""

import functools
from collections.abc import Callable
from typing import Any

from kcolor.data.pictures import Pictures
from kcolor.data.sources.folder import folder, zipped
from kcolor.data.sources.tfds import tfds
from kcolor.data.sources.toy_shapes import shapes
from kcolor.utils import registry
from kcolor.utils.files import from_home
from kcolor.utils.types import PathLike

SOURCES: dict[str, Callable[..., Pictures]] = {
    "shapes": shapes,
    "cifar10": functools.partial(tfds, "cifar10"),  # 32×32: 50,000 pictures to train on, 10,000 to test
    "cifar100": functools.partial(tfds, "cifar100"),
    "tfds": tfds,
    "folder": folder,
    "zip": zipped,
}

# The sources whose name says everything; the others need a path or a data set's name.
_NAMED = ("shapes", "cifar10", "cifar100")


def is_name(where: PathLike) -> bool:
    """Returns whether this is the name of a source, and no path.

    >>> from kcolor.data.sources import is_name
    >>> is_name("cifar10"), is_name("tfds:imagenette/320px-v2"), is_name("photos/")
    (True, True, False)

    Args:
        where: What `pictures` takes.
    """
    return str(where) in _NAMED or str(where).startswith("tfds:")


def pictures(where: PathLike, split: str = "train", **options: Any) -> Pictures:
    """Returns the pictures of one split of a source.

    >>> kcolor.data.pictures("shapes", "val", count=5).description
    'shapes/val: 5 pictures'
    >>> from PIL import Image
    >>> Image.new("RGB", (40, 30)).save(tmp_path / "black.png")
    >>> len(kcolor.data.pictures(tmp_path, "all"))
    1

    Args:
        where: "shapes", "cifar10", "cifar100", "tfds:NAME" for a data set of TensorFlow Datasets, or the path of a folder or
            of a .zip.
        split: "train", "val", "test", or "all".
        options: Options of the source, such as `limit`, `val` and `classes`; see the functions in `SOURCES`.

    Returns:
        `Pictures`, to go through with `each` or `batches`.

    Raises:
        ValueError: For an unknown source or option, or if there are no such pictures.
    """
    name = str(where)
    if name in _NAMED:
        return registry.build(SOURCES, "source", name, split, **options)
    if name.startswith("tfds:"):
        return registry.build(SOURCES, "source", "tfds", name.removeprefix("tfds:"), split, **options)
    path = from_home(where)
    if path.is_dir():
        return registry.build(SOURCES, "source", "folder", path, split, **options)
    if path.is_file() and path.suffix.lower() == ".zip":
        return registry.build(SOURCES, "source", "zip", path, split, **options)
    what = "which is a file, but no .zip" if path.exists() else "and there is no such file or folder"
    raise ValueError(
        f"Unknown source of pictures. Expected one of {[*_NAMED, 'tfds:NAME']}, a folder, or a .zip. Received: {name!r}, {what}"
    )
