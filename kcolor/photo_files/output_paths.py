"""Which photos are meant, and where the result of each one belongs. No photo is opened for it."""

import collections
import dataclasses
import glob
import pathlib
from collections.abc import Iterable, Iterator, Mapping

from kcolor.images.file_names import SUFFIXES
from kcolor.images.walking import picture_files
from kcolor.utils.types import PathLike

MARK, COMPARISON = "-coloured", "-compare"
FORMATS = {"jpg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}  # what can be asked for, and its file names
_KEPT = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif"}  # formats that a result may share with its photo
_LOSSLESS = {".bmp", ".gif"}  # these hold a coloured picture badly: the result is PNG; for all others it is JPEG


@dataclasses.dataclass(frozen=True)
class Job:
    """One photo, and the files that are made of it.

    Args:
        photo: Path of the photo.
        result: Path of the coloured photo.
        comparison: Path of the before | after picture, or None if there is to be none.
        refused: String. Why the photo is left alone, if it is.
    """

    photo: pathlib.Path
    result: pathlib.Path
    comparison: pathlib.Path | None = None
    refused: str | None = None

    @property
    def files(self) -> list[pathlib.Path]:
        """All output files."""
        return [self.result, *([self.comparison] if self.comparison else [])]


def suffix_for(path: PathLike, wanted: str = "keep") -> str:
    """Returns the ending of a result's file name.

    >>> suffix_for("a.JPG"), suffix_for("scan.bmp"), suffix_for("phone.heic"), suffix_for("a.jpg", "tiff")
    ('.JPG', '.png', '.jpg', '.tif')

    Args:
        path: Path of the photo.
        wanted: String. One of `FORMATS`, or "keep" for the photo's own format, if that holds photographs well.
    """
    if wanted != "keep":
        return FORMATS[wanted]
    own = pathlib.Path(path).suffix
    if own.lower() in _KEPT:
        return own
    return ".png" if own.lower() in _LOSSLESS else ".jpg"


def plan(
    photos: Iterable[PathLike],
    out: PathLike | None = None,
    *,
    format: str = "keep",
    recursive: bool = False,
    compare: bool = False,
) -> list[Job]:
    """Plans the output files of some photos.

    Args:
        photos: Paths of files and folders, and patterns (``*.jpg``).
        out: Path of the folder for the results, in which folders keep their tree. By default a result lies beside its photo,
            as ``NAME-coloured.jpg``, and the results of a folder beside that, in ``FOLDER-coloured/``.
        format: String. "keep", or one of `FORMATS`.
        recursive: Boolean. Whether to look into the folders below a folder.
        compare: Boolean. Whether each photo gets a before | after picture, too.

    Returns:
        List with a `Job` for each photo, in order, none twice. Those that would replace a photo, or another one's result,
        are refused.

    Raises:
        ValueError: If a name means no photo at all, or if every photo is a result already.
    """
    out = None if out is None else pathlib.Path(out)
    found: dict[pathlib.Path, Job] = {}
    for photo, place, folder in _all_meant(photos, recursive):
        results = _results_folder(folder, out)
        if photo.resolve() in found or _is_result(photo, folder, results):
            continue
        result = (results / place if results else photo.with_stem(photo.stem + MARK)).with_suffix(suffix_for(photo, format))
        comparison = result.with_name(f"{result.stem}{COMPARISON}.jpg") if compare else None
        found[photo.resolve()] = Job(photo, result, comparison)
    if not found:
        raise ValueError(
            f"Nothing to colour: every input is already a result. It lies in the folder of results, or its name ends in {MARK}"
        )
    return _without_collisions(found)


def pictures(names: Iterable[PathLike], recursive: bool = False) -> list[tuple[pathlib.Path, pathlib.Path]]:
    """Returns all pictures that some names mean, in order.

    Args:
        names: Paths of files and folders, and patterns.
        recursive: Boolean. Whether to look into the folders below a folder.

    Returns:
        List of pairs: a picture's path, and its path below the folder that was named, or else its name.
    """
    return [(path, place) for path, place, _ in _all_meant(names, recursive)]


def _all_meant(names: Iterable[PathLike], recursive: bool) -> Iterator[tuple[pathlib.Path, pathlib.Path, pathlib.Path | None]]:
    """Yields the pictures that names mean: each with its place, and the folder that was named, or None."""
    for name in names:
        path = pathlib.Path(name).expanduser()
        if path.is_dir():
            yield from ((file, file.relative_to(path), path) for file in _of_folder(path, recursive))
            continue
        files = [path] if path.exists() else sorted(map(pathlib.Path, glob.glob(str(path), recursive=True)))
        files = [file for file in files if not file.is_dir()]
        if not files:
            missing = "No file matches the pattern" if glob.has_magic(str(name)) else "No such file or folder:"
            raise ValueError(f"Expected photos, folders or patterns. {missing} {str(name)!r}")
        yield from ((file, pathlib.Path(file.name), None) for file in files)


def _of_folder(folder: pathlib.Path, recursive: bool) -> list[pathlib.Path]:
    found = list(picture_files(folder, recursive=recursive))
    if not found:
        below = "" if recursive or not any(picture_files(folder)) else ". The folders below it have some: add `recursive=True`"
        raise ValueError(f"Expected pictures ({', '.join(SUFFIXES)}) in the folder. Found none in {folder}{below}")
    return found


def _results_folder(folder: pathlib.Path | None, out: pathlib.Path | None) -> pathlib.Path | None:
    """Returns the folder for the results; None if each one belongs beside its photo."""
    if out is not None or folder is None:
        return out
    base = folder.resolve()
    return base.with_name(f"{base.name}{MARK}")


def _is_result(photo: pathlib.Path, folder: pathlib.Path | None, results: pathlib.Path | None) -> bool:
    """Whether a photo is an earlier result: in a folder of results within the album, or marked beside its photo."""
    if results is None:
        return photo.stem.endswith((MARK, MARK + COMPARISON))
    within = folder is not None and folder.resolve() in results.resolve().parents
    return within and results.resolve() in photo.resolve().parents


def _without_collisions(found: Mapping[pathlib.Path, Job]) -> list[Job]:
    """Returns the jobs, those refused that would replace a photo or another job's file."""
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
                why = f"{file} is itself one of the photos. Choose another folder (`out`)"
            elif first != job.photo:
                why = f'{first} becomes {file}, too. Keep the formats (`format="keep"`), or colour them apart'
        checked.append(dataclasses.replace(job, refused=why))
    return checked
