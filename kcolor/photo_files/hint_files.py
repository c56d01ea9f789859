"""Which photo gets which hints. Keras is not imported for it."""

import os
import pathlib
from collections.abc import Iterable, Sequence

from kcolor.hints.files import PhotoHints, beside, read
from kcolor.hints.hint import AnyHint
from kcolor.utils.types import PathLike


def hints_of(
    photos: Sequence[pathlib.Path], hints: PathLike | Iterable[AnyHint] | None
) -> dict[pathlib.Path, PhotoHints | str]:
    """Returns the hints of each photo that has some: those that are given, or else those of the file beside it.

    >>> hints_of([tmp_path / "beach.jpg"], [kcolor.hints.Hint(3, 2, "red")])[tmp_path / "beach.jpg"].hints
    (Hint(x=3, y=2, color='red', radius=None, relative=False),)

    Args:
        photos: Paths of the photos.
        hints: Path of a file of hints; or hints, for one photo; or None.

    Returns:
        Dict from photos to their hints. For a file beside a photo that cannot be read it has what is wrong, as a text.

    Raises:
        ValueError: If what is given is wrong, or does not say for which of the photos it is.
        OSError: If the file that is given cannot be read.
    """
    found: dict[pathlib.Path, PhotoHints | str] = {}
    for photo in photos:
        file = beside(photo)
        given = isinstance(hints, (str, os.PathLike)) and file.resolve() == pathlib.Path(hints).resolve()
        if file.is_file() and not given:
            found[photo] = _read_beside(file)
    return found if hints is None else {**found, **_given(photos, hints)}


def _given(photos, hints):
    given = read(hints) if _is_path(hints) else hints if isinstance(hints, PhotoHints) else PhotoHints(tuple(hints))
    if isinstance(given, PhotoHints):
        if len(photos) != 1:
            raise ValueError(
                f"Expected one photo for `hints`. Received: {len(photos)} photos. For an album a file names its photos, or "
                "each photo has a file NAME.hints.json beside it"
            )
        return {photos[0]: given}
    by_name = {}
    for name, one in given.items():
        meant = [photo for photo in photos if photo.name == name or photo.as_posix().endswith(f"/{name}")]
        if len(meant) != 1:
            why = "There is no such photo among them" if not meant else f"{len(meant)} of them have this name"
            raise ValueError(f"{hints}: expected names of the photos that are coloured. Received: {name!r}. {why}")
        by_name[meant[0]] = one
    return by_name


def _read_beside(file):
    try:
        found = read(file)
    except (ValueError, OSError) as error:
        return str(error)
    return found if isinstance(found, PhotoHints) else f"{file}: expected the hints of one photo. Received those of an album"


def _is_path(hints):
    return isinstance(hints, (str, os.PathLike))
