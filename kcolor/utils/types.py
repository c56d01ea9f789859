"""Types that many signatures share."""

import os
from typing import Any, TypeAlias

# A NumPy array, or a tensor of whatever backend Keras runs on: no type of Python's covers them all.
Tensor: TypeAlias = Any
# A file or folder, as people write it.
PathLike: TypeAlias = str | os.PathLike[str]
