"""Contact sheets: rows of pictures with headings, as one picture to look at."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_GAP, _LINE = 6, 15
_WIDEST = 4  # times the height


def contact_sheet(
    rows: Sequence[Sequence[np.ndarray]],
    headings: Sequence[str] = (),
    captions: Sequence[Sequence[str]] = (),
    height: int = 128,
) -> Image.Image:
    """Lays out rows of pictures.

    >>> gray = np.full((10, 20, 3), 128, "uint8")
    >>> contact_sheet([[gray, gray], [gray]], headings=["before", "after"], height=10).size
    (58, 53)

    Args:
        rows: Lists of uint8 RGB arrays ``(height, width, 3)``. Every picture is scaled to the same height; one that is more
            than four times as wide as high lies in the middle of that height instead.
        headings: Texts above the columns, or nothing.
        captions: For each row the texts below its pictures, or nothing.
        height: Integer. Height of a picture in the sheet, in pixels.

    Returns:
        A Pillow image of mode RGB.
    """
    scaled = [[_scaled(picture, height) for picture in row] for row in rows]
    widths = [max(row[i].width for row in scaled if i < len(row)) for i in range(max(map(len, scaled)))]
    lefts = np.cumsum([_GAP] + [width + _GAP for width in widths])
    below = _LINE if captions else 0
    top = _GAP + (_LINE if headings else 0)
    sheet = Image.new("RGB", (int(lefts[-1]), top + len(rows) * (height + below + _GAP)), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    for left, width, heading in zip(lefts, widths, headings, strict=False):
        draw.text((left + width / 2, _GAP), heading, "black", font, anchor="ma")
    for r, row in enumerate(scaled):
        y = top + r * (height + below + _GAP)
        for i, picture in enumerate(row):
            x = int(lefts[i]) + (widths[i] - picture.width) // 2
            sheet.paste(picture, (x, y))
            if captions:
                draw.text((x + picture.width / 2, y + height + 2), captions[r][i], "#555555", font, anchor="ma")
    return sheet


def _scaled(picture, height):
    image = Image.fromarray(picture)
    factor = min(height / image.height, _WIDEST * height / image.width)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    image = image.resize(size, Image.Resampling.LANCZOS)
    ground = Image.new("RGB", (image.width, height), "white")
    ground.paste(image, (0, (height - image.height) // 2))
    return ground
