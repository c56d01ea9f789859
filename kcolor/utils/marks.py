"""Marks of the files that commands write. What has one may be replaced unasked; all else may be somebody's photo."""

import json
import pathlib
import warnings
from collections.abc import Mapping
from typing import Any

from PIL import Image

from kcolor.utils.types import PathLike

CREATOR = "drawn by kcolor"  # in SVG and PDF
_SOFTWARE, _NAME = 0x0131, "kcolor"  # in EXIF
_KEY = "made_by"  # in JSON


def marked_exif() -> Image.Exif:
    """Returns EXIF data with the mark, for Pillow's `save`."""
    exif = Image.Exif()
    exif[_SOFTWARE] = _NAME
    return exif


def marked_json(content: Mapping[str, Any]) -> str:
    """Returns JSON with the mark.

    >>> marked_json({"psnr": 20})
    '{\\n "made_by": "kcolor",\\n "psnr": 20\\n}\\n'

    Args:
        content: Mapping of plain values.
    """
    return json.dumps({_KEY: _NAME, **content}, indent=1) + "\n"


def is_ours(path: PathLike) -> bool:
    """Returns whether a file has a mark.

    >>> _ = (tmp_path / "hints.json").write_text("{}")
    >>> is_ours(tmp_path / "hints.json")
    False

    Args:
        path: Path of a file.
    """
    path = pathlib.Path(path)
    suffix = path.suffix.lower()
    try:
        if suffix in (".svg", ".pdf"):
            return CREATOR.encode() in path.read_bytes()
        if suffix == ".json":
            return json.loads(path.read_text(encoding="utf-8")).get(_KEY) == _NAME
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged EXIF, or very many pixels
            with Image.open(path) as picture:
                return picture.getexif().get(_SOFTWARE) == _NAME
    except Exception:  # no file, another kind of file, a damaged one, or one of absurdly many pixels
        return False
