"""Makes large pictures small enough to be looked at as a whole, in no time."""

import numpy as np
from PIL import Image

_LARGE = 512  # pixels a side: of larger pictures only every so-many-th pixel is taken


def thin(picture: np.ndarray) -> Image.Image:
    """Returns a picture as an image of less than 1,024 pixels a side, by leaving rows and columns out.

    >>> from kcolor.images.thinning import thin
    >>> thin(np.zeros((2000, 600, 3), "uint8")).size
    (600, 667)

    Args:
        picture: uint8 array ``(height, width, 3)``, RGB.
    """
    rows, columns = (max(1, side // _LARGE) for side in picture.shape[:2])
    return Image.fromarray(np.ascontiguousarray(picture[::rows, ::columns]))
