"""What a photo's file says beside the picture: EXIF, as of an upright picture, and resolution."""

import struct

from PIL import Image

from kcolor.images.decoding import ORIENTATION, is_turned

# Tags of a TIFF that are about the photograph: texts, and the folders of the camera and of the place.
_ABOUT = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
_FOLDERS = (0x8769, 0x8825)
_ACROSS = 0x011A  # the TIFF tag of the resolution across
_START = b"Exif\0\0"


def resolution(image: Image.Image) -> tuple[float, float] | None:
    """Returns the resolution that a picture's file states.

    Args:
        image: Pillow image, as it was opened.

    Returns:
        Pair of floats, dots per inch across and down the upright picture; None if the file states none, or nonsense.
    """
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError):
        return None
    if image.format == "TIFF" and _ACROSS not in getattr(image, "tag_v2", {}):
        return None  # Pillow says 1 then
    if not (across > 0 and down > 0):
        return None
    return (down, across) if is_turned(image) else (across, down)


def upright_exif(image: Image.Image) -> bytes:
    """Returns a picture's EXIF without the orientation, as that of an upright picture, and without the small copy.

    The small copy of the picture that EXIF may have would show the photo as it was, without colours. All else stays.

    Args:
        image: Pillow image, as it was opened.

    Returns:
        Bytes. Empty if there is no EXIF, or if it is damaged.
    """
    raw = image.info.get("exif")
    if isinstance(raw, bytes):
        return _without_orientation(raw)
    try:
        kept = _about_the_photo(image.getexif())
        return kept.tobytes() if len(kept) else b""
    except Exception:  # the EXIF is damaged, the picture may be fine
        return b""


def about_the_photo(exif: bytes) -> Image.Exif:
    """Returns those parts of EXIF that are about the photograph: texts, the camera, the place.

    The rest is about how the file is stored. A TIFF stores its own in the same place, and cannot be read if it has another
    file's there.

    Args:
        exif: Bytes, as of `upright_exif`.
    """
    found = Image.Exif()
    try:
        found.load(exif)
        return _about_the_photo(found)
    except Exception:  # it is damaged
        return Image.Exif()


def _about_the_photo(found):
    kept = Image.Exif()
    for tag in _ABOUT:
        if tag in found:  # Pillow reads bytes as Latin-1, and would write "?" for all that is not ASCII
            kept[tag] = found[tag].encode("latin-1") if isinstance(found[tag], str) else found[tag]
    for folder in _FOLDERS:
        if inner := found.get_ifd(folder):
            kept.get_ifd(folder).update(inner)
            kept[folder] = dict(inner)  # where TIFF looks for it
    return kept


def _without_orientation(raw):
    """Takes the orientation out of EXIF bytes: writing them anew would lose the camera maker's notes, and texts beyond ASCII.

    The first folder ends with the address of the second, which is about the small copy: 0 says that there is none.
    """
    start = 6 if raw.startswith(_START) else 0
    order = {b"II": "<", b"MM": ">"}.get(raw[start : start + 2])
    if order is None:
        return b""
    try:
        (folder,) = struct.unpack_from(f"{order}I", raw, start + 4)
        (count,) = struct.unpack_from(f"{order}H", raw, start + folder)
        first, end = start + folder + 2, start + folder + 2 + 12 * count
        entries = [raw[place : place + 12] for place in range(first, end, 12)]
        kept = [entry for entry in entries if struct.unpack_from(f"{order}H", entry) != (ORIENTATION,)]
        room = len(raw[first : end + 4])  # all else keeps its place: entries tell places by number
        folder_now = struct.pack(f"{order}H", len(kept)) + b"".join(kept).ljust(room, b"\0")[:room]
        upright = raw[: first - 2] + folder_now + raw[end + 4 :]
        return (b"" if start else _START) + upright  # in WebP it stands without, in JPEG nobody reads it without
    except struct.error:
        return b""
