"""Pictures to train on: from folders, zips, published data sets, or drawn; one at a time or in batches.

>>> toys = kcolor.data.pictures("shapes", "train", count=20)
>>> batches = kcolor.data.batches(toys, 8, 32, crop="random", shuffle=True)
>>> [len(batch) for batch in batches]
[8, 8, 4]
"""

from kcolor.data.batches import batches, encoded
from kcolor.data.cropping import CROPS
from kcolor.data.fixed_copies import COPIES
from kcolor.data.loader import each
from kcolor.data.photo_kinds import is_gray, photo_kind
from kcolor.data.pictures import Pictures
from kcolor.data.read_counts import ReadCounts
from kcolor.data.sources import SOURCES, pictures
from kcolor.data.weights import weighed
from kcolor.images.decoding import BrokenPicture

__all__ = [
    "COPIES",
    "CROPS",
    "SOURCES",
    "BrokenPicture",
    "Pictures",
    "ReadCounts",
    "batches",
    "each",
    "encoded",
    "is_gray",
    "photo_kind",
    "pictures",
    "weighed",
]
