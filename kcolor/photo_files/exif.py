"""What a photo's file says beside the picture: EXIF, with the orientation set to upright, and resolution."""

import struct

from PIL import Image

from kcolor.images.decoding import ORIENTATION

# Tags of a TIFF that are about the photograph: texts, and the folders of the camera and of the place.
_ABOUT = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
_FOLDERS = (0x8769, 0x8825)


def resolution(image: Image.Image) -> tuple[float, float] | None:
    """Returns the resolution that a picture's file states.

    Args:
        image: Pillow image, as it was opened.

    Returns:
        Pair of floats, dots per inch across and down; None if the file states none, or nonsense.
    """
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError):
        return None
    return (across, down) if across > 0 and down > 0 else None


def upright_exif(image: Image.Image) -> bytes:
    """Returns a picture's EXIF with the orientation set to upright, and without the small copy of the picture that it may have.

    The small copy would show the photo as it was, without colours. Nothing else is changed.

    Args:
        image: Pillow image, as it was opened.

    Returns:
        Bytes. Empty if there is no EXIF, or if it is damaged.
    """
    raw = image.info.get("exif")
    if isinstance(raw, bytes):
        return _with_upright_orientation(raw)
    try:
        found, kept = image.getexif(), Image.Exif()
        kept.update({tag: found[tag] for tag in _ABOUT if tag in found})
        for folder in _FOLDERS:
            kept.get_ifd(folder).update(found.get_ifd(folder))
        return kept.tobytes() if len(kept) or any(kept.get_ifd(folder) for folder in _FOLDERS) else b""
    except Exception:  # the EXIF is damaged, the picture may be fine
        return b""


def _with_upright_orientation(raw):
    """Sets the orientation in EXIF bytes to 1, in place: writing them anew would lose the camera maker's notes.

    The first folder ends with the address of the second, which is about the small copy: 0 says that there is none.
    """
    start = 6 if raw.startswith(b"Exif\0\0") else 0
    order = {b"II": "<", b"MM": ">"}.get(raw[start : start + 2])
    if order is None:
        return b""
    try:
        (folder,) = struct.unpack_from(f"{order}I", raw, start + 4)
        (count,) = struct.unpack_from(f"{order}H", raw, start + folder)
        upright, end = bytearray(raw), start + folder + 2 + 12 * count
        for entry in range(start + folder + 2, end, 12):
            if struct.unpack_from(f"{order}H", raw, entry) == (ORIENTATION,):
                struct.pack_into(f"{order}H", upright, entry + 8, 1)
        upright[end : end + 4] = bytes(len(upright[end : end + 4]))
        return bytes(upright)
    except struct.error:
        return b""
