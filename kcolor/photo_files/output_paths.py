"""Albums: which photos are meant, and where the result of each belongs."""

import collections
import dataclasses
import glob
import pathlib
from collections.abc import Iterable

from kcolor.images.decoding import SUFFIXES
from kcolor.images.walking import picture_files
from kcolor.photo_files.read_write import suffix_for

MARK, COMPARISON = "-coloured", "-compare"


@dataclasses.dataclass(frozen=True)
class Job:
    """One photo, and the files that it becomes.

    Args:
        photo: where it lies.
        result: where the coloured one belongs.
        comparison: where the before | after picture belongs, if there is to be one.
        refused: why nothing is done with it, if that is so.
    """

    photo: pathlib.Path
    result: pathlib.Path
    comparison: pathlib.Path | None = None
    refused: str | None = None

    @property
    def files(self) -> list[pathlib.Path]:
        """All that it becomes."""
        return [self.result, *([self.comparison] if self.comparison else [])]


def jobs(photos: Iterable, out=None, *, format: str = "keep", recursive: bool = False, compare: bool = False) -> list[Job]:
    """What is to be done.

    Args:
        photos: files, folders and patterns (``*.jpg``).
        out: the folder of the results, where folders keep their tree. None: beside a photo, as ``NAME-coloured.jpg``; for a
            folder beside that, as ``FOLDER-coloured/``.
        format: "keep", or one of `kcolor.picture_files.FORMATS`.
        recursive: whether to look into the folders below a folder.
        compare: whether each gets a before | after picture too.

    Returns:
        A `Job` for each photo, in order, none twice. Those that would replace a photo, or another's result, are refused.

    Raises:
        ValueError: if a name means nothing at all.
    """
    out = None if out is None else pathlib.Path(out)
    found = {}
    for photo, place, folder in _all_meant(photos, recursive):
        target = _target(folder, out)
        if photo.resolve() in found or _is_result(photo, folder, target):
            continue
        result = (target / place if target else photo.with_stem(photo.stem + MARK)).with_suffix(suffix_for(photo, format))
        comparison = result.with_name(f"{result.stem}{COMPARISON}.jpg") if compare else None
        found[photo.resolve()] = Job(photo, result, comparison)
    if not found:
        raise ValueError("There is nothing to colour: all of it are results already (-o, or names that end in -coloured)")
    return _without_collisions(found)


def pictures(names: Iterable, recursive: bool = False) -> list[tuple[pathlib.Path, pathlib.Path]]:
    """All pictures that some names mean, in order.

    Args:
        names: files, folders and patterns.
        recursive: whether to look into the folders below a folder.

    Returns:
        Each with its place: its name, below the folder that was named if there was one.
    """
    return [(path, place) for path, place, _ in _all_meant(names, recursive)]


def _all_meant(names, recursive):
    """The pictures that names mean: each with its place, and the folder that was named, or None."""
    for name in names:
        path = pathlib.Path(name).expanduser()
        if path.is_dir():
            yield from ((file, file.relative_to(path), path) for file in _of_folder(path, recursive))
            continue
        files = [path] if path.exists() else sorted(map(pathlib.Path, glob.glob(str(path), recursive=True)))
        files = [file for file in files if not file.is_dir()]
        if not files:
            pattern = "matches the pattern" if glob.has_magic(str(name)) else "is there called"
            raise ValueError(f"Expected photos, folders or patterns. No file or folder {pattern} {str(name)!r}")
        yield from ((file, pathlib.Path(file.name), None) for file in files)


def _of_folder(folder, recursive):
    found = list(picture_files(folder, recursive=recursive))
    if not found:
        some_below = not recursive and any(picture_files(folder))
        below = ". There are some in the folders below it: add --recursive" if some_below else ""
        raise ValueError(f"Expected pictures ({', '.join(SUFFIXES)}) in the folder. Found none in {folder}{below}")
    return found


def _target(folder, out):
    """The folder of the results; None if each belongs beside its photo."""
    if out is not None or folder is None:
        return out
    base = folder.resolve()
    return base.with_name(f"{base.name}{MARK}")


def _is_result(photo, folder, target):
    """Whether a photo is the result of an earlier run: in a folder of results within the album, or marked beside its photo."""
    if target is None:
        return photo.stem.endswith((MARK, MARK + COMPARISON))
    within = folder is not None and folder.resolve() in target.resolve().parents
    return within and target.resolve() in photo.resolve().parents


def _without_collisions(found):
    """The jobs, those refused that would replace one of the photos or what another becomes."""
    wanted = collections.defaultdict(list)
    for job in found.values():
        for file in job.files:
            wanted[file.resolve()].append(job.photo)
    checked = []
    for job in found.values():
        why = None
        for file in job.files:
            first = wanted[file.resolve()][0]
            if file.resolve() in found:
                why = f"{file} is itself one of the photos: choose another folder (-o)"
            elif first != job.photo:
                why = f"{first} becomes {file} too: choose --format keep, or colour them apart"
        checked.append(dataclasses.replace(job, refused=why))
    return checked
