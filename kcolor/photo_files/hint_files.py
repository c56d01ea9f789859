"""Which photo gets which hints. Keras is not imported for it."""

import errno
import os
import pathlib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from kcolor.data.photo_kinds import photo_kind
from kcolor.hints.files import PhotoHints, beside, read
from kcolor.hints.hint import AnyHint
from kcolor.images.decoding import BrokenPicture
from kcolor.photo_files import read_write
from kcolor.utils.figures import save_picture
from kcolor.utils.types import PathLike


def hints_beside(
    photos: Iterable[pathlib.Path], given: PathLike | Iterable[AnyHint] | None = None
) -> dict[pathlib.Path, PhotoHints | str]:
    """Returns the hints of each photo that has a file of them beside it.

    >>> _ = (tmp_path / "beach.hints.json").write_text('[{"everywhere": true, "color": "wheat"}]')
    >>> [hints.hints for hints in hints_beside([tmp_path / "beach.jpg"]).values()]
    [(Everywhere(color='wheat'),)]

    Args:
        photos: Paths of the photos.
        given: Hints that are given, as of `given_hints`. Their file is not one that lies beside a photo.

    Returns:
        Dict from photos to their hints. For a file that cannot be read it has what is wrong, as a text.
    """
    found: dict[pathlib.Path, PhotoHints | str] = {}
    for photo in photos:
        file = beside(photo)
        # `os.path` takes names that are too long for a file for names of files that are not there
        if os.path.isfile(file) and not (
            isinstance(given, (str, os.PathLike)) and file.resolve() == pathlib.Path(given).resolve()
        ):
            found[photo] = _read_beside(file)
    return found


def read_reference(path: PathLike) -> np.ndarray:
    """Returns a photo in colour: uint8 ``(height, width, 3)``.

    >>> read_reference(tmp_path / "missing.jpg")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: ...

    Args:
        path: Path of its file.

    Raises:
        ValueError: If it cannot be read, or is not in colour.
        OSError: If there is no such file.
    """
    if not pathlib.Path(path).exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    try:
        rgb = read_write.read(path).rgb
    except BrokenPicture as error:
        raise ValueError(f"Expected `reference` as a photo. Received: {path}: {error.reason}") from None
    if (kind := photo_kind(rgb)) != "color":
        raise ValueError(f"Expected `reference` as a photo in colour. Received: {path}, which is {kind}")
    return rgb


def draw_matches(photo: PathLike, reference: PathLike, model: Any, file: PathLike, **options: Any) -> None:
    """Draws which places of a photo were matched with which of a reference.

    Args:
        photo: Path of the photo.
        reference: Path of a photo in colour.
        model: As of `kcolor.load`.
        file: Path of the picture that is written.
        options: Options of `Colorizer.inference`.
    """
    from kcolor.hints.match_picture import match_picture
    from kcolor.saving.load import as_colorizer

    rgb, colors = read_write.read(photo).rgb, read_reference(reference)
    inference = as_colorizer(model).inference(**options)
    found = inference.referring(colors).matches(inference.predict(rgb[None], features=True))
    save_picture(match_picture(rgb, colors, found), file)


def given_hints(photos: Sequence[pathlib.Path], hints: PathLike | Iterable[AnyHint]) -> dict[pathlib.Path, PhotoHints]:
    """Returns which hints that are given are of which photo.

    >>> given_hints([tmp_path / "beach.jpg"], [kcolor.hints.Hint(3, 2, "red")])[tmp_path / "beach.jpg"].hints
    (Hint(x=3, y=2, color='red', radius=None, relative=False, exact=True),)

    Args:
        photos: Paths of the photos.
        hints: Path of a file of hints; or hints, for one photo.

    Raises:
        ValueError: If what is given is wrong, or does not say for which of the photos it is.
        OSError: If the file cannot be read.
    """
    if isinstance(hints, (str, os.PathLike)):
        given = read(hints)
    else:
        given = hints if isinstance(hints, PhotoHints) else PhotoHints(tuple(hints))
    if isinstance(given, PhotoHints):
        if len(photos) != 1:
            raise ValueError(
                f"Expected one photo for hints of its places. Received: {len(photos)} photos. For an album a file names its "
                "photos, or each photo has a file NAME.hints.json beside it"
            )
        return {photos[0]: given}
    by_name = {}
    for name, one in given.items():
        wanted = f"/{_composed(name)}"  # a Mac writes é as two letters
        meant = [photo for photo in photos if f"/{_composed(photo.as_posix())}".endswith(wanted)]
        if len(meant) != 1:
            why = "There is no such photo among them" if not meant else f"{len(meant)} of them have this name"
            raise ValueError(f"{hints}: expected names of the photos that are coloured. Received: {name!r}. {why}")
        by_name[meant[0]] = one
    return by_name


def _composed(name):
    return unicodedata.normalize("NFC", name)


def _read_beside(file):
    try:
        found = read(file)
    except (ValueError, OSError) as error:
        return str(error)
    return found if isinstance(found, PhotoHints) else f"{file}: expected the hints of one photo. Received those of an album"
