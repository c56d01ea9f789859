"""Which of many file names are wanted: splits by folder or by hash, classes by folder. No file is touched here."""

from collections.abc import Collection, Sequence

from kcolor.data import hashing
from kcolor.images.file_names import SUFFIXES, is_picture


def is_wanted(name: str) -> bool:
    """Whether a name, with "/" between folders, is that of a picture, and nothing of it is hidden or macOS's own."""
    return is_picture(name) and not any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def select(
    names: Sequence[str],
    where,
    split: str,
    *,
    classes: Sequence[str] | None = None,
    val: float = 0.1,
    test: float = 0.1,
    limit: int | None = None,
) -> list[str]:
    """The names of one split and of the classes wanted.

    Args:
        names: of all pictures there are, with "/" between folders.
        where: they are from, for the messages.
        split: "train", "val", "test", or "all".
        classes: keep what lies in folders of these names.
        val: share of the validation pictures, where they have no folder.
        test: share of the test pictures, where they have no folder.
        limit: keep so many: those with the lowest hash.

    Returns:
        Some of the names, in the same order; never none of them.
    """
    check_split(split)
    check_shares(val, test)
    hashing.check_limit(limit)
    depth = _wrapping(names)
    own = {name: _own_split(name, depth) for name in names}
    present = set(own.values()) - {None}
    if present and "train" not in present:  # what lies beside val and test is for training
        own = {name: found or "train" for name, found in own.items()}
    elif present:
        names = [name for name in names if own[name]]
    if split != "all":
        names = [n for n in names if assign(n, own[n] or "train", present, val=val, test=test) == split]
    if not names:
        raise ValueError(_nothing(where, split, own))
    return hashing.lowest(_of_classes(names, classes, depth), limit)


def _wrapping(names):
    """How many folders wrap all of it, as in ``photos.zip/photos/train``. A split's own folder is no wrapping."""
    depth = 0
    while names:
        tops = {parts[depth] if len(parts) > depth + 1 else None for parts in (name.split("/") for name in names)}
        if len(tops) > 1 or None in tops or tops.pop().lower() in SYNONYMS:
            break
        depth += 1
    return depth


def _own_split(name, depth):
    """The split that a picture's folder says, or None."""
    parts = name.split("/")
    return SYNONYMS.get(parts[depth].lower()) if len(parts) > depth + 1 else None


def _of_classes(names, classes, depth):
    if classes is None:
        return names
    if isinstance(classes, str) or not classes:
        raise ValueError(f"Expected `classes` as a list of names. Received: {classes!r}")
    there = {name: _class(name, depth) for name in names}
    known = sorted(set(there.values()) - {None})
    if unknown := sorted(set(classes) - set(known)):
        raise ValueError(f"Unknown classes. Expected some of {known or 'none: there are no folders'}. Received: {unknown}")
    return [name for name in names if there[name] in classes]


def _class(name, depth):
    """The name of the folder a picture lies in, unless that is a split."""
    parts = name.split("/")
    return None if len(parts) < 2 or (len(parts) == depth + 2 and _own_split(name, depth)) else parts[-2]


def _nothing(where, split, own):
    looked = f"{where}, with all folders below it, for {', '.join(SUFFIXES)}"
    if not own:
        return f"Expected pictures. Found none: looked through {looked}"
    counts = ", ".join(
        f"{list(own.values()).count(found):,} in {found or 'no split'}" for found in sorted(set(own.values()), key=str)
    )
    return f"Expected pictures for the split {split!r}. Found none of it: looked through {looked}, and found {counts}"


SPLITS = ("train", "val", "test")

# What folders and published data sets call them.
SYNONYMS = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}


def check_split(split: str) -> None:
    """Refuses a split that there cannot be."""
    if split not in (*SPLITS, "all"):
        raise ValueError(f"Expected `split` as one of {[*SPLITS, 'all']}. Received: {split!r}")


def check_shares(val: float, test: float) -> None:
    """Refuses shares of validation and test pictures that leave nothing to train on."""
    if not (0 <= val < 1 and 0 <= test < 1 and val + test < 1):
        raise ValueError(f"Expected `val` and `test` as shares in [0, 1), less than 1 together. Received: {val!r} and {test!r}")


def hashed(name: str, *, val: float = 0.0, test: float = 0.0) -> str:
    """The split of a name, by its hash: "test" with the share `test`, "val" with the share `val`, else "train".

    It depends on the name, not on its place in a listing: adding pictures never moves others. A share of 0 is a split that
    is to be had elsewhere.
    """
    place = hashing.share(name)
    if place < test:
        return "test"
    return "val" if place < test + val else "train"


def assign(name: str, own: str, present: Collection[str], *, val: float, test: float) -> str:
    """The split of a picture whose source puts it into `own`, where the source has only the splits `present`.

    The missing ones are hashed out of train.
    """
    if own != "train":
        return own
    return hashed(name, val=0.0 if "val" in present else val, test=0.0 if "test" in present else test)
