"""What a photo's file says about it: EXIF and resolution, kept, with the orientation set to upright."""

import struct

from PIL import Image

from kcolor.images.decoding import ORIENTATION

# Of a TIFF's own tags those that are about the photograph: text, and the folders of camera and place.
_ABOUT = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
_FOLDERS = (0x8769, 0x8825)


def resolution(image):
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError):
        return None
    return (across, down) if across > 0 and down > 0 else None


def upright_exif(image):
    """EXIF as bytes that say "upright", because the picture will be; nothing else in them is touched."""
    raw = image.info.get("exif")
    if isinstance(raw, bytes):
        return _turned(raw)
    try:
        found, kept = image.getexif(), Image.Exif()
        kept.update({tag: found[tag] for tag in _ABOUT if tag in found})
        for folder in _FOLDERS:
            kept.get_ifd(folder).update(found.get_ifd(folder))
        return kept.tobytes() if len(kept) or any(kept.get_ifd(folder) for folder in _FOLDERS) else b""
    except Exception:  # damaged: the picture is still one
        return b""


def _turned(raw):
    """EXIF bytes with the orientation of their first folder set to 1, in place: rewriting all of it loses makers' notes."""
    start = 6 if raw.startswith(b"Exif\0\0") else 0
    order = {b"II": "<", b"MM": ">"}.get(raw[start : start + 2])
    if order is None:
        return b""
    try:
        (folder,) = struct.unpack_from(f"{order}I", raw, start + 4)
        (count,) = struct.unpack_from(f"{order}H", raw, start + folder)
        for entry in range(start + folder + 2, start + folder + 2 + 12 * count, 12):
            if struct.unpack_from(f"{order}H", raw, entry) == (ORIENTATION,):
                turned = bytearray(raw)
                struct.pack_into(f"{order}H", turned, entry + 8, 1)
                return bytes(turned)
    except struct.error:
        return b""
    return raw
