"""Which pictures belong to a split: by their folders, or by a hash of their names. No file is touched here, only names.

A hash depends on one name alone, so new pictures never move an old one from training to validation.
"""

from collections.abc import Collection, Sequence

from kcolor.data import hashing
from kcolor.images.file_names import SUFFIXES, is_picture

SPLITS = ("train", "val", "test")

# What folders and published data sets call them.
SYNONYMS = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}


def check_split(split: str) -> None:
    """Raises ValueError unless `split` is "train", "val", "test" or "all"."""
    if split not in (*SPLITS, "all"):
        raise ValueError(f"Expected `split` as one of {[*SPLITS, 'all']}. Received: {split!r}")


def check_shares(val: float, test: float) -> None:
    """Raises ValueError unless the shares of validation and test pictures leave something to train on."""
    if not (0 <= val < 1 and 0 <= test < 1 and val + test < 1):
        raise ValueError(f"Expected `val` and `test` as shares in [0, 1), less than 1 together. Received: {val!r} and {test!r}")


def hashed(name: str, *, val: float = 0.0, test: float = 0.0) -> str:
    """Returns the split of a picture by the hash of its name.

    >>> [kcolor.data.splits.hashed(f"{i}.jpg", val=0.3, test=0.3) for i in range(3)]
    ['test', 'test', 'val']

    Args:
        name: Name of the picture.
        val: Number in [0, 1). Share of pictures whose split is "val"; 0 where those come from elsewhere.
        test: Number in [0, 1). Share of pictures whose split is "test".

    Returns:
        "train", "val" or "test".
    """
    place = hashing.share(name)
    if place < test:
        return "test"
    return "val" if place < test + val else "train"


def assign(name: str, own: str, present: Collection[str], *, val: float, test: float) -> str:
    """Returns the split of a picture that its source puts into a split of its own.

    Pictures for validation and test are hashed out of the training pictures where the source has none.

    Args:
        name: Name of the picture.
        own: Split that the source puts it into.
        present: Splits that the source has.
        val: Number in [0, 1). Share of validation pictures, if the source has none.
        test: Number in [0, 1). Share of test pictures, if the source has none.

    Returns:
        "train", "val" or "test".
    """
    if own != "train":
        return own
    return hashed(name, val=0.0 if "val" in present else val, test=0.0 if "test" in present else test)


def is_wanted(name: str) -> bool:
    """Returns whether a name is a picture's, and no part of it is hidden or of macOS's own making.

    >>> [kcolor.data.splits.is_wanted(name) for name in ("sea/1.jpg", "sea/.1.jpg", "__MACOSX/1.jpg", "notes.txt")]
    [True, False, False, False]

    Args:
        name: Name of a file, with "/" between folders.
    """
    return is_picture(name) and not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def select(
    names: Sequence[str],
    where: object,
    split: str,
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
) -> list[str]:
    """Returns the names of the pictures that belong to one split, and to some classes.

    Folders ``train``, ``val`` (``valid``, ``validation``) and ``test`` are splits; the folder that a picture lies in is its
    class.

    >>> names = ["test/sea/1.jpg", "train/forest/2.jpg", "train/sea/3.jpg"]
    >>> kcolor.data.splits.select(names, "here", "train", classes=["sea"], val=0)
    ['train/sea/3.jpg']

    Args:
        names: Names of all pictures, with "/" between folders.
        where: Place they come from, for messages.
        split: "train", "val", "test", or "all".
        classes: Names of the classes to keep; None keeps all.
        val: Number in [0, 1). Share of validation pictures, if they have no folder.
        test: Number in [0, 1). Share of test pictures, if they have no folder.
        limit: Integer. Number of pictures to keep: those with the lowest hashes. None keeps all.

    Returns:
        List of names in the same order, at least one.

    Raises:
        ValueError: For a wrong argument, or if there is no such picture.
    """
    check_split(split)
    check_shares(val, test)
    hashing.check_limit(limit)
    depth = wrapping(names)
    own = {name: own_split(name, depth) for name in names}
    present = {found for found in own.values() if found}
    if present and "train" not in present:  # what lies beside val and test is for training
        own = {name: found or "train" for name, found in own.items()}
    elif present:
        names = [name for name in names if own[name]]
    _check_classes(classes, names, depth)
    if split != "all":
        names = [n for n in names if assign(n, own[n] or "train", present, val=val, test=test) == split]
    if not names:
        raise ValueError(_nothing(where, split, own))
    if classes is not None:
        names = [name for name in names if _class(name, depth) in classes]
        if not names:
            raise ValueError(f"Expected pictures of {list(classes)} for the split {split!r}. All of them are of other splits")
    return hashing.lowest(names, limit)


def wrapping(names: Sequence[str]) -> int:
    """Returns how many folders lie around everything, as in ``photos.zip/photos/train``. A split's folder is not counted.

    >>> kcolor.data.splits.wrapping(["photos/train/1.jpg", "photos/test/2.jpg"])
    1

    Args:
        names: Names of all pictures, with "/" between folders.
    """
    depth = 0
    while names:
        tops = {parts[depth] if len(parts) > depth + 1 else "" for parts in (name.split("/") for name in names)}
        if len(tops) > 1 or "" in tops or tops.pop().lower() in SYNONYMS:
            break
        depth += 1
    return depth


def own_split(name: str, depth: int) -> str | None:
    """Returns the split that a picture's folder says, or None.

    >>> kcolor.data.splits.own_split("photos/valid/1.jpg", depth=1)
    'val'

    Args:
        name: Name of the picture, with "/" between folders.
        depth: Integer. How many folders lie around the splits, as of `wrapping`.
    """
    parts = name.split("/")
    return SYNONYMS.get(parts[depth].lower()) if len(parts) > depth + 1 else None


def _check_classes(classes, names, depth):
    """Raises ValueError for a class that no picture is of. One split alone may lack a small class."""
    if classes is None:
        return
    if isinstance(classes, str) or not classes:
        raise ValueError(f"Expected `classes` as a list of names. Received: {classes!r}")
    known = sorted({_class(name, depth) for name in names} - {None})
    if unknown := sorted(set(classes) - set(known)):
        raise ValueError(f"Unknown classes. Expected some of {known or 'none: there are no folders'}. Received: {unknown}")


def _class(name, depth):
    """Returns the name of the folder that a picture lies in, or None if that is a split's or there is none."""
    parts = name.split("/")
    return None if len(parts) < 2 or (len(parts) == depth + 2 and own_split(name, depth)) else parts[-2]


def _nothing(where, split, own):
    looked = f"{where}, with all folders below it, for {', '.join(SUFFIXES)}"
    if not own:
        return f"Expected pictures. Found none: looked through {looked}"
    counts = ", ".join(
        f"{list(own.values()).count(found):,} in {found or 'no split'}" for found in sorted(set(own.values()), key=str)
    )
    return (
        f"Expected pictures for the split {split!r}. Found none of it: looked through {looked}, and found {counts}. To take "
        'all of them: `split="all"`'
    )
