"""Names of photos as the browser sends them, made safe for archives, headers and disks."""

import pathlib
import re
import urllib.parse
from collections.abc import Iterable, Iterator

from kcolor.images.file_names import SUFFIXES
from kcolor.photo_files.output_paths import MARK, folded, suffix_for

_BYTES = 180  # of one part of a name: disks take 255, and results have longer names
_DEPTH = 8  # folders
_FORBIDDEN = set('<>:"|?*')  # on some systems


def clean(name: str) -> str:
    r"""Returns a name that leads nowhere but down: folders and a file, without what cannot be seen.

    >>> clean("../../etc/passwd"), clean("C:\\album\\Oma.jpg"), clean("\x00"), clean("ä/\u202egpj.exe")
    ('etc/passwd', 'C/album/Oma.jpg', 'photo', 'ä/gpj.exe')

    Args:
        name: String. Whatever was sent.
    """
    parts = [_part(part) for part in re.split(r"[\\/]", name)]
    return "/".join([part for part in parts if part][-_DEPTH:]) or "photo"


def suffix_on_disk(name: str) -> str:
    """Returns the ending under which an upload is kept: that of its name if it is a picture's, else none.

    >>> suffix_on_disk("Scan.TIF"), suffix_on_disk("scan.exe")
    ('.tif', '')

    Args:
        name: String. Name of the photo.
    """
    suffix = pathlib.PurePosixPath(name).suffix.lower()
    return suffix if suffix in SUFFIXES else ""


def result_name(name: str) -> str:
    """Returns the name of a photo's result, as `kcolor colorize` calls it.

    >>> result_name("1912/Oma.jpg"), result_name("phone.heic"), result_name("scan")
    ('1912/Oma-coloured.jpg', 'phone-coloured.jpg', 'scan-coloured.jpg')

    Args:
        name: String. Name of the photo.
    """
    path = pathlib.PurePosixPath(name)
    return str(path.with_name(f"{path.stem}{MARK}{suffix_for(name)}"))


def hints_name(name: str) -> str:
    """Returns the name of a photo's file of hints, which `kcolor colorize` finds beside the photo.

    >>> hints_name("1912/Oma.jpg")
    'Oma.hints.json'

    Args:
        name: String. Name of the photo.
    """
    return f"{pathlib.PurePosixPath(name).stem}.hints.json"


def unique(names: Iterable[str]) -> Iterator[str]:
    """Yields names, those that were there before with a number.

    >>> list(unique(["a.jpg", "a.jpg", "A.jpg"]))
    ['a.jpg', 'a (2).jpg', 'A (3).jpg']

    Args:
        names: Strings.
    """
    used: set[str] = set()
    for name in names:
        path, number, found = pathlib.PurePosixPath(name), 1, name
        while folded(found) in used:  # some disks know no difference between a and A
            number += 1
            found = str(path.with_stem(f"{path.stem} ({number})"))
        used.add(folded(found))
        yield found


def attachment(name: str) -> str:
    """Returns the value of a header that makes a browser save a file under a name.

    >>> attachment("Großmutter.jpg")
    "attachment; filename=Gro_mutter.jpg; filename*=UTF-8''Gro%C3%9Fmutter.jpg"

    Args:
        name: String. A `clean` name; of one with folders the last part.
    """
    name = name.rpartition("/")[2]
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"attachment; filename={plain}; filename*=UTF-8''{urllib.parse.quote(name, safe='')}"


def _part(text):
    text = "".join(sign for sign in text if sign.isprintable() and sign not in _FORBIDDEN).strip(" .")
    if len(text.encode()) <= _BYTES:
        return text
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = text, ""
    room = _BYTES - len((dot + suffix).encode()) if suffix else _BYTES
    return stem.encode()[:room].decode(errors="ignore") + (dot + suffix if suffix else "")


def reference_name(key: str) -> str:
    """Returns the name of the file of a reference photograph.

    >>> reference_name("0123456789abcdef")
    'reference-0123456789abcdef.jpg'

    Args:
        key: String. Its key.
    """
    return f"reference-{key}.jpg"
