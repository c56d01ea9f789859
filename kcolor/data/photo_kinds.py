"""Tells three kinds of photos apart: grey, toned, and in colour.

*Grey* ones have nearly no colour; they would teach a network to leave things grey. *Toned* ones (sepia, cyanotypes, yellowed
paper) have one colour for every lightness: they want to be coloured as grey ones do. All others are *in colour*: of pixels that
are equally light, some are red and some are blue.
"""

import numpy as np

from kcolor.images.thinning import thin

KINDS = ("gray", "toned", "color")

_SIDE = 64  # about the size that a picture is shrunk to, which averages the noise of JPEG's chroma away

# Grey. Chosen by eye: below it are black-and-white photographs, slightly toned perhaps; above it begin snow and fog, in colour.
_CHROMA = 8  # grey levels between a pixel's highest channel and its lowest
_SHARE = 0.02  # of the picture may have more: a stamp, or a speck of dirt

# Toned. Distances in levels of 8-bit Cb and Cr from the photo's own tone, which 95 % of its pixels keep. Chosen so that hardly
# any toned photo counts as in colour, stained and faded ones included: those want to be coloured.
_COUNTED = 95
_SPREAD = 8.5  # in any direction: stains, and prints that have faded in parts, lie along one line
_ACROSS = 2.8  # across that line
_COLD_SPREAD = 4.0  # of greenish and bluish ones with neutral shadows: rather snow, sea and mist than a toned print
_COLD_SHADOWS = 12.0  # as far from neutral are the shadows of a cyanotype
_WARM = (30.0, 200.0)  # degrees in the plane of Cb and Cr: from purple over brown to yellow
_BANDS = 12  # of lightness, in each of which a toned photo has one colour
_MARGIN = 20  # a 20th at each edge does not count: mounts, borders of scans


def photo_kind(picture: np.ndarray) -> str:
    """Returns whether a photo is grey, toned or in colour.

    >>> ramp = np.linspace(0, 1, 64)[:, None, None] * np.ones((1, 64, 1))
    >>> sepia = (ramp * [240, 220, 190]).astype("uint8")
    >>> half_blue = np.where(np.arange(64)[:, None] < 32, sepia, sepia[..., ::-1])
    >>> [kcolor.data.photo_kind(picture) for picture in ((ramp * [255, 255, 255]).astype("uint8"), sepia, half_blue)]
    ['gray', 'toned', 'color']

    Args:
        picture: uint8 array ``(height, width, 3)``, RGB.

    Returns:
        One of `KINDS`. Hand-coloured prints are in colour, and so are faded colour prints, of any cast.
    """
    small = _small(picture)
    if _is_gray(small):
        return "gray"
    height, width = small.height, small.width
    inside = np.asarray(small.convert("YCbCr"), "float32")
    inside = inside[height // _MARGIN : height - height // _MARGIN, width // _MARGIN : width - width // _MARGIN]
    return "toned" if _has_one_tone(inside.reshape(-1, 3)) else "color"


def is_gray(picture: np.ndarray) -> bool:
    """Returns whether a picture has nearly no colour anywhere. A clear, even tone, as in sepia, is colour.

    >>> kcolor.data.is_gray(np.full((8, 8, 3), 100, "uint8"))
    True

    Args:
        picture: uint8 array ``(height, width, 3)``, RGB.

    Returns:
        True for a grey picture.
    """
    return _is_gray(_small(picture))


def _small(picture):
    image = thin(picture)
    return image.reduce((max(1, image.width // _SIDE), max(1, image.height // _SIDE)))


def _is_gray(small):
    red, green, blue = np.moveaxis(np.asarray(small), -1, 0)
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return bool((spread >= _CHROMA).mean() <= _SHARE)


def _has_one_tone(pixels):
    """Whether pixels of Y, Cb and Cr are all near one curve, from the shadows' colour to the highlights'."""
    light, chroma = pixels[:, 0], pixels[:, 1:] - 128
    bands = np.array_split(np.argsort(light, kind="stable"), _BANDS)
    bands = [band for band in bands if len(band)]
    lights, tones = (np.array([np.median(values[band], axis=0) for band in bands]) for values in (light, chroma))
    off = chroma - np.stack([np.interp(light, lights, tones[:, i]) for i in range(2)], axis=-1)
    distance = np.hypot(*off.T)
    spread = np.percentile(distance, _COUNTED)
    counted = off[distance <= spread]
    narrow = np.linalg.eigh(counted.T @ counted)[1][:, 0]  # across the line along which most of them lie
    across = np.percentile(np.abs(off @ narrow), _COUNTED)
    return bool(spread <= _allowed_spread(chroma.mean(axis=0), tones) and across <= _ACROSS)


def _allowed_spread(mean, tones):
    hue = np.degrees(np.arctan2(mean[1], mean[0])) % 360
    shadows = np.hypot(*tones[: _BANDS // 3].mean(axis=0))
    return _SPREAD if _WARM[0] <= hue <= _WARM[1] or shadows >= _COLD_SHADOWS else _COLD_SPREAD
