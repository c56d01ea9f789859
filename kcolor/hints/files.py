"""Files of hints: JSON for one photo, or for an album. See docs/hints.md for the format."""

import dataclasses
import json
import pathlib
from typing import Any

from kcolor.hints.hint import AnyHint, Everywhere, Hint, Placement, Stroke, place
from kcolor.utils.types import PathLike

ENDING = ".hints.json"  # a file of this name beside a photo has its hints
# By the key that says which kind a hint is: the kind, what it needs, and what it may have.
_KINDS = {
    "everywhere": (Everywhere, ("color",), {"everywhere", "color"}),
    "points": (Stroke, ("points", "color"), {"points", "color", "radius", "relative"}),
    "x": (Hint, ("x", "y", "color"), {"x", "y", "color", "radius", "relative", "exact"}),
}


@dataclasses.dataclass(frozen=True)
class PhotoHints:
    """The hints of one photo, as a file has them.

    Args:
        hints: Tuple of `Hint`, `Stroke` and `Everywhere`.
        size: Pair (width, height) of the photo that they were made for, or None if the file does not say it.
        source: String. Where they come from, for messages.

    >>> kcolor.hints.PhotoHints((kcolor.hints.Hint(3, 2, "red"),), size=(640, 480)).size
    (640, 480)
    """

    hints: tuple[AnyHint, ...]
    size: tuple[int, int] | None = None
    source: str = "hints"

    def __iter__(self):
        return iter(self.hints)

    def placed(self, height: int, width: int) -> Placement:
        """Places the hints in a photo. Raises ValueError if they were made for one of another size, or lie outside.

        Args:
            height: Integer. Rows of the upright photo.
            width: Integer. Columns of the upright photo.
        """
        if self.size not in (None, (width, height)):
            made = " × ".join(map(str, self.size))
            raise ValueError(f"{self.source}: these hints are for a photo of {made} pixels. This one has {width} × {height}")
        try:
            return place(self.hints, height, width)
        except ValueError as error:
            raise ValueError(f"{self.source}: {error}") from None


def read(path: PathLike) -> "PhotoHints | dict[str, PhotoHints]":
    """Reads a file of hints.

    >>> _ = (tmp_path / "coat.json").write_text('{"hints": [{"x": 320, "y": 200, "color": "#7a5c3e"}]}')
    >>> kcolor.hints.read(tmp_path / "coat.json").hints
    (Hint(x=320, y=200, color='#7a5c3e', radius=None, relative=False, exact=True),)

    Args:
        path: Path of a JSON file: ``{"size": [width, height], "hints": […]}``, where the size may be left out; or, for an
            album, ``{"photos": {"NAME.jpg": {"hints": […]}}}``.

    Returns:
        `PhotoHints`; or, for an album, a dict of them by the photos' names.

    Raises:
        ValueError: If anything in the file is wrong, with the place of the mistake.
        OSError: If there is no such file.
    """
    content = read_json(path)
    if isinstance(content, dict) and "photos" in content:
        _check_keys(content, {"photos"}, str(path))
        if not isinstance(content["photos"], dict):
            raise ValueError(f'{path}: expected "photos" as names and their hints. Received: {content["photos"]!r}')
        return {name: photo_hints(found, f"{path}: {name}") for name, found in content["photos"].items()}
    return photo_hints(content, str(path))


def read_json(path: PathLike) -> Any:
    """Reads a JSON file.

    >>> _ = (tmp_path / "a.json").write_text("[1, 2]")
    >>> read_json(tmp_path / "a.json")
    [1, 2]

    Args:
        path: Path of the file.

    Raises:
        ValueError: If it is not one.
        OSError: If there is no such file.
    """
    try:
        return json.loads(pathlib.Path(path).read_text(encoding="utf-8-sig"))  # editors on Windows begin it with a mark
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: not a JSON file: {error}") from None


def beside(photo: PathLike) -> pathlib.Path:
    """Returns where the hints of a photo would lie: ``NAME.hints.json`` beside it.

    >>> beside("album/beach.jpg").name
    'beach.hints.json'

    Args:
        photo: Path of the photo.
    """
    photo = pathlib.Path(photo)
    return photo.with_name(photo.stem + ENDING)


def photo_hints(content: Any, source: str = "hints") -> PhotoHints:
    """Returns the hints of one photo from what a file has of it.

    >>> photo_hints({"hints": [{"everywhere": True, "color": "wheat"}]}).hints
    (Everywhere(color='wheat'),)

    Args:
        content: Dict with ``"hints"``, a list of dicts, and perhaps ``"size"``; or that list alone.
        source: String. Where it comes from, for messages.

    Raises:
        ValueError: If anything in it is wrong.
    """
    if isinstance(content, list):
        content = {"hints": content}
    if not isinstance(content, dict) or not isinstance(content.get("hints"), list):
        raise ValueError(f'{source}: expected {{"hints": [...]}}. Received: {str(content)[:80]}')
    _check_keys(content, {"hints", "size"}, source)
    found = [_hint(one, f"{source}: hint {number}") for number, one in enumerate(content["hints"], 1)]
    return PhotoHints(tuple(found), _size(content.get("size"), source), source)


def _hint(one, where):
    if not isinstance(one, dict):
        raise ValueError(f'{where}: expected {{"x": ..., "y": ..., "color": ...}}. Received: {one!r}')
    kind, needed, known = _KINDS[next((key for key in _KINDS if key in one), "x")]
    _check_keys(one, known, where)
    options = {name: value for name, value in one.items() if name != "everywhere"}
    if one.get("everywhere", True) is not True:
        raise ValueError(f'{where}: expected "everywhere" as true, or left out. Received: {one["everywhere"]!r}')
    for name in ("relative", "exact"):
        if not isinstance(one.get(name, False), bool):
            raise ValueError(f'{where}: expected "{name}" as true or false. Received: {one[name]!r}')
    if missing := [name for name in needed if name not in one]:
        raise ValueError(f"{where}: expected {', '.join(needed)}. Missing: {', '.join(missing)}")
    try:
        return kind(**options)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _size(size, source):
    if size is None:
        return None
    if not (isinstance(size, list) and len(size) == 2 and all(isinstance(side, int) and side > 0 for side in size)):
        raise ValueError(f'{source}: expected "size" as [width, height] in pixels. Received: {size!r}')
    return size[0], size[1]


def _check_keys(found, known, where):
    if unknown := sorted(set(found) - known):
        raise ValueError(f"{where}: unknown {', '.join(map(repr, unknown))}. Expected some of {', '.join(sorted(known))}")
