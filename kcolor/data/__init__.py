"""Pictures to train on: from folders, zips, published data sets, or drawn; one at a time or in batches.

>>> faces = kcolor.data.pictures("faces.zip", "train")
>>> batches = kcolor.data.batches(faces, 32, 128, fit="random", shuffle=True)
"""

from kcolor.data.collection import Pictures
from kcolor.data.decoding import BrokenPicture
from kcolor.data.expansion import EXPANSIONS
from kcolor.data.fitting import FITS
from kcolor.data.grayness import is_gray
from kcolor.data.pipeline import batches, encoded
from kcolor.data.reading import each
from kcolor.data.sources import SOURCES, pictures
from kcolor.data.tally import Tally

__all__ = [
    "EXPANSIONS",
    "FITS",
    "SOURCES",
    "BrokenPicture",
    "Pictures",
    "Tally",
    "batches",
    "each",
    "encoded",
    "is_gray",
    "pictures",
]
