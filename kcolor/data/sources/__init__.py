"""Where pictures come from, by one word or path."""

import pathlib

from kcolor.data.pictures import Pictures
from kcolor.data.sources.folder import folder, zipped
from kcolor.data.sources.tfds import cifar10, cifar100, tfds
from kcolor.data.sources.toy_shapes import shapes
from kcolor.utils import registry

SOURCES = {
    "shapes": shapes,
    "cifar10": cifar10,
    "cifar100": cifar100,
    "tfds": tfds,
    "folder": folder,
    "zip": zipped,
}

# Those whose name is all that there is to say.
_NAMED = ("shapes", "cifar10", "cifar100")


def pictures(where, split: str = "train", **options) -> Pictures:
    """Pictures of one split.

    Args:
        where: "shapes", "cifar10", "cifar100", "tfds:NAME", or the path of a folder or of a .zip.
        split: "train", "val", "test", or "all".
        options: of the source, see the functions in `SOURCES`.

    Returns:
        `Pictures`, to go through with `each` or `batches`.
    """
    name = str(where)
    if name in _NAMED:
        return registry.build(SOURCES, "source", name, split, **options)
    if name.startswith("tfds:"):
        return registry.build(SOURCES, "source", "tfds", name.removeprefix("tfds:"), split, **options)
    path = pathlib.Path(where).expanduser()
    if path.is_dir():
        return registry.build(SOURCES, "source", "folder", path, split, **options)
    if path.is_file() and path.suffix.lower() == ".zip":
        return registry.build(SOURCES, "source", "zip", path, split, **options)
    what = "which is a file, but no .zip" if path.exists() else "and there is no such file or folder"
    raise ValueError(
        f"Unknown source of pictures. Expected one of {[*_NAMED, 'tfds:NAME']}, a folder, or a .zip. Received: {name!r}, {what}"
    )
