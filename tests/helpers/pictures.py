"""Picture files of a grey ramp, with what cameras write into them."""

import numpy as np
from PIL import ExifTags, Image

GRAY = np.linspace(0, 255, 48 * 64).reshape(48, 64).astype("uint8")


def picture(mode="L"):
    """A grey ramp of 64×48 pixels as a Pillow image."""
    return Image.fromarray(GRAY).convert(mode)


def exif_of(camera="Kodak Brownie", orientation=6):
    """EXIF with a camera, an orientation, a date and a place."""
    exif = Image.Exif()
    exif[ExifTags.Base.Model], exif[ExifTags.Base.Orientation] = camera, orientation
    exif[ExifTags.Base.DateTime] = "1912:04:14 23:40:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 43.0, 57.0)
    return exif
