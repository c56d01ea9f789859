"""Which picture belongs to which split: by the folder it lies in, or by a hash of its name."""

from collections.abc import Collection

from kcolor.data import hashing

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
