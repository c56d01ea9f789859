"""Reads what was sent: is it a photo, how large, and of what kind. Makes the small pictures that the page shows of it."""

import pathlib
import warnings
from typing import TYPE_CHECKING, Any

from kcolor.page.entries import Entries, Entry
from kcolor.page.limits import Limits

if TYPE_CHECKING:
    import numpy as np

    from kcolor.photo_files.read_write import Photo

# Of Pillow's many formats those of photographs. Others have seldom been looked at for safety; EPS starts another program.
FORMATS = ("AVIF", "BMP", "GIF", "HEIF", "JPEG", "MPO", "PNG", "TIFF", "WEBP")
BEFORE, AFTER = "before.jpg", "after.jpg"
_SMALL = 480  # pixels of the longer side of a picture in a tile
_LONGEST = 8192  # pixels: of a strip
_QUALITY = 92


def look_at(entries: Entries, id: str, limits: Limits) -> Entry | None:
    """Reads a photo that was sent, and writes small copies of it.

    Args:
        entries: `Entries` that it belongs to.
        id: String. Its id.
        limits: `Limits`.

    Returns:
        The `Entry` if it is to be coloured; None if it is in colour already, is no photo, or was removed.
    """
    from kcolor.data.photo_kinds import photo_kind
    from kcolor.images.decoding import BrokenPicture
    from kcolor.page.messages import Refused
    from kcolor.photo_files.sideways import seems_sideways

    try:
        entry = entries.get(id)
        photo = read(entry.file, limits)
        height, width = photo.rgb.shape[:2]
        facts: dict[str, Any] = {"width": width, "height": height, "kind": photo_kind(photo.rgb)}
        facts["sideways"] = seems_sideways(photo.rgb)
        write_pictures(entry.folder, BEFORE, photo.rgb, photo.alpha, limits)
    except BrokenPicture as error:
        entries.change(id, status="failed", reason=error.reason)
    except MemoryError:
        entries.change(id, status="failed", reason="too large for this machine's memory")
    except OSError as error:  # the disk is full, or the photo was removed
        entries.change(id, status="failed", reason=error.strerror or str(error))
    except Refused:
        pass
    else:
        left_alone = facts["kind"] == "color" and not entry.recolor
        changed = entries.change(id, **facts, status="in color" if left_alone else "waiting")
        return None if left_alone else changed
    return None


def read(file: pathlib.Path, limits: Limits) -> "Photo":
    """Reads a photo, as `kcolor.photo_files.read_write.read` does, within limits.

    Args:
        file: Path of what was sent.
        limits: `Limits`.

    Raises:
        BrokenPicture: If it is no photo, or has too many pixels.
    """
    from PIL import Image

    from kcolor.images.decoding import BrokenPicture, reason
    from kcolor.photo_files import read_write

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file) as image:  # the head of the file only
                format, pixels = image.format, image.width * image.height
    except Exception as error:  # a dozen decoders: a damaged file makes them raise anything
        if file.exists() and file.stat().st_size == 0:
            raise BrokenPicture(file.name, "the file is empty") from None
        raise BrokenPicture(file.name, reason(error, file)) from error
    if format not in FORMATS:
        raise BrokenPicture(file.name, f"{format} files are not taken here")
    if pixels > limits.pixels:
        most = f"{limits.pixels / 1e6:,.0f}"
        raise BrokenPicture(file.name, f"too large: it has {pixels / 1e6:,.0f} million pixels; at most {most} are taken here")
    return read_write.read(file)


def write_reference(folder: pathlib.Path, name: str, file: pathlib.Path, limits: Limits) -> None:
    """Writes two small copies of a reference photograph.

    Args:
        folder: Path of the photo's folder.
        name: String. As of `write_pictures`.
        file: Path of what was sent.
        limits: `Limits`.

    Raises:
        BrokenPicture: If it is no photo in colour.
    """
    from kcolor.data.photo_kinds import photo_kind
    from kcolor.images.decoding import BrokenPicture

    photo = read(file, limits)
    if photo_kind(photo.rgb) != "color":
        raise BrokenPicture(file.name, "it has no colours to take: a reference is a photo in colour")
    write_pictures(folder, name, photo.rgb, photo.alpha, limits)


def write_pictures(folder: pathlib.Path, name: str, rgb: "np.ndarray", alpha: "np.ndarray | None", limits: Limits) -> None:
    """Writes two small copies of a picture: of the size of the large view, and of a tile.

    Args:
        folder: Path of the folder.
        name: String. Name of the file; that of the tile has ``small-`` before it.
        rgb: Array ``(height, width, 3)`` of uint8.
        alpha: Array ``(height, width)`` of uint8, or None.
        limits: `Limits`.
    """
    import numpy as np
    from PIL import Image

    from kcolor.images.decoding import to_rgb
    from kcolor.photo_files import read_write

    image = Image.fromarray(rgb)
    longest = longest_side(image.width, image.height, limits.preview_pixels)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if alpha is not None:
        image.putalpha(Image.fromarray(alpha).resize(image.size, Image.Resampling.BOX))
        image = to_rgb(image)
    plain = read_write.Photo(np.asarray(image))
    read_write.write(folder / name, plain.rgb, plain, _QUALITY)
    image.thumbnail((_SMALL, _SMALL), Image.Resampling.LANCZOS)
    read_write.write(folder / f"small-{name}", np.asarray(image), plain, _QUALITY)


def longest_side(width: int, height: int, pixels: int) -> int:
    """Returns the longer side of the largest picture of the same shape with so many pixels, or the picture's own.

    >>> longest_side(4000, 3000, 1_000_000), longest_side(40, 30, 1_000_000)
    (1154, 40)

    Args:
        width: Integer.
        height: Integer.
        pixels: Integer.
    """
    return min(_LONGEST, max(1, int(max(width, height) * min(1.0, (pixels / (width * height)) ** 0.5))))
