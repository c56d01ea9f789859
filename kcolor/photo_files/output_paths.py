"""Which photos are meant, and where the result of each one belongs. No photo is opened for it.

An album may have a million photos: folders are walked one after the other, and of what was walked nothing is kept.
"""

import dataclasses
import functools
import glob
import os
import pathlib
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator

from kcolor.images.file_names import SUFFIXES
from kcolor.images.walking import picture_folders
from kcolor.utils.files import from_home
from kcolor.utils.types import PathLike

MARK, COMPARISON = "-coloured", "-compare"
FORMATS = {"jpg": ".jpg", "png": ".png", "tiff": ".tif", "webp": ".webp"}  # what can be asked for, and its file names
_KEPT = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif"}  # formats that a result may share with its photo
_LOSSLESS = {".bmp", ".gif"}  # these hold a coloured picture badly: the result is PNG; for all others it is JPEG


@dataclasses.dataclass(frozen=True, slots=True)
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
    own = os.path.splitext(path)[1]
    if own.lower() in _KEPT:
        return own
    return ".png" if own.lower() in _LOSSLESS else ".jpg"


def taken(first: PathLike, file: PathLike, *, comparison: bool = False) -> str:
    """Returns why a photo is refused whose result another photo has already.

    >>> taken("a.jpg", "out/a.png")
    'a.jpg becomes out/a.png, too. Keep the formats (`format="keep"`), or colour them apart'

    Args:
        first: Path of the other photo.
        file: Path of the file that both would become.
        comparison: Boolean. Whether that is a before | after picture.
    """
    way = "Leave out the comparisons (`compare`)" if comparison else 'Keep the formats (`format="keep"`)'
    return f"{first} becomes {file}, too. {way}, or colour them apart"


class Plan:
    """The output files of some photos. Each iteration over it looks for the photos anew.

    >>> _ = (tmp_path / "beach.jpg").write_bytes(b"")
    >>> plan = Plan([tmp_path], tmp_path / "out")
    >>> [(job.photo.name, job.result.parent.name) for job in plan], plan.count
    ([('beach.jpg', 'out')], 1)

    Args:
        photos: Paths of files and folders, and patterns (``*.jpg``).
        out: Path of the folder for the results, in which folders keep their tree. By default a result lies beside its photo,
            as ``NAME-coloured.jpg``, and the results of a folder beside that, in ``FOLDER-coloured/``.
        format: String. "keep", or one of `FORMATS`.
        recursive: Boolean. Whether to look into the folders below a folder.
        compare: Boolean. Whether each photo gets a before | after picture, too.

    Attributes:
        count: Integer. How many photos there are.

    Yields:
        A `Job` for each photo, in order, none twice. Those that would replace a photo, or another one's result, are refused.

    Raises:
        ValueError: If a name means no photo at all, or if every photo is a result already.
    """

    def __init__(
        self,
        photos: Iterable[PathLike],
        out: PathLike | None = None,
        *,
        format: str = "keep",
        recursive: bool = False,
        compare: bool = False,
    ):
        self._out = None if out is None else from_home(out)
        self._format, self._recursive, self._compare = format, recursive, compare
        self._sources = [_source(name, self._out) for name in photos]
        self._albums = [source for source in self._sources if isinstance(source, _Folder)]
        self._files = _Names(source for source in self._sources if isinstance(source, _Files))
        if self._out is None and (disks := [album.path for album in self._albums if album.is_disk]):
            raise ValueError(f"Expected `out` for the photos of a whole disk. Received: {str(disks[0])!r} alone")
        self.count = sum(len(names) for _, _, names in self._photos())
        if not self.count:
            raise ValueError(
                "Nothing to colour: every input is already a result. It lies in the folder of results, or its name ends in "
                + MARK
            )

    def __iter__(self) -> Iterator[Job]:
        """Yields the jobs."""
        made: dict[str, pathlib.Path] = {}  # what becomes a file, by the file
        alike: dict[str, pathlib.Path] = {}  # the same, by what some disks take for the same name
        for source, folder, names in self._photos():
            if len(self._sources) == 1 and self._albums:
                made.clear()  # a folder keeps its tree: only photos of one folder can become one file
                alike.clear()
            place = source.results_of(folder)
            where = place or pathlib.Path(folder)
            real = os.path.realpath(where)
            holds_photos = self._is_album(real) or real in self._files.folders
            for name in names:
                photo = pathlib.Path(folder, name)
                stem = os.path.splitext(name)[0] + ("" if place else MARK)
                result = where / (stem + suffix_for(name, self._format))
                job = Job(photo, result, where / f"{stem}{COMPARISON}.jpg" if self._compare else None)
                refused = None
                for file in job.files:
                    first = made.setdefault(os.path.join(real, file.name), photo)
                    like = alike.setdefault(os.path.join(real, folded(file.name)), photo)
                    if like is not first and first is photo and folds_names(real):
                        first = like
                    if holds_photos and self._is_photo(real, file.name):
                        refused = f"{file} is itself one of the photos. Choose another folder (`out`)"
                    elif holds_photos and place and self._is_album(real):
                        refused = f"{file} would lie among the photos, and be one itself. Choose another folder (`out`)"
                    elif first is not photo:
                        refused = taken(first, file, comparison=file is job.comparison)
                yield dataclasses.replace(job, refused=refused) if refused else job

    def _photos(self) -> Iterator[tuple["_Folder | _Files", str, list[str]]]:
        """Yields the photos folder by folder, without those that are results already, and none twice."""
        seen: set[str] = set()
        for source in self._sources:
            for folder, names in source.folders(self._recursive):
                found = source.without_results(folder, names)
                if len(self._sources) > 1 or not self._albums:
                    real = os.path.realpath(folder)
                    files = [os.path.realpath(os.path.join(real, name)) for name in found]
                    found = [name for name, file in zip(found, files, strict=True) if file not in seen]
                    seen.update(files)
                yield source, folder, found

    def _is_album(self, folder: str) -> bool:
        """Whether all pictures of a folder are photos to colour."""
        return any(album.covers(folder, self._recursive) for album in self._albums)

    def _is_photo(self, folder: str, name: str) -> bool:
        """Whether a file that lies where photos are is one of them."""
        file = os.path.join(folder, name)
        return self._files.has(file) or (self._is_album(folder) and os.path.exists(file))


def pictures(names: Iterable[PathLike], recursive: bool = False) -> Iterator[tuple[pathlib.Path, pathlib.Path]]:
    """Yields all pictures that some names mean, in order.

    Args:
        names: Paths of files and folders, and patterns.
        recursive: Boolean. Whether to look into the folders below a folder.

    Yields:
        Pairs: a picture's path, and its path below the folder that was named, or else its name.

    Raises:
        ValueError: If a name means no picture at all.
    """
    for source in [_source(name, None) for name in names]:
        for folder, found in source.folders(recursive):
            yield from ((pathlib.Path(folder, name), source.below(folder) / name) for name in found)


class _Folder:
    """All pictures of a folder."""

    def __init__(self, path: pathlib.Path, out: pathlib.Path | None):
        base = path.resolve()
        self.path, self._real = path, str(base)
        self.is_disk = not base.name  # beside which there is nothing
        self._results = out if out is not None else base.parent / f"{base.name}{MARK}"
        self._real_results = os.path.realpath(self._results)
        self._results_within = _is_below(self._real_results, self._real)

    def folders(self, recursive: bool) -> Iterator[tuple[str, list[str]]]:
        empty = True
        for folder, names in picture_folders(self.path, recursive=recursive):
            empty = False
            yield folder, names
        if empty:
            deeper = not recursive and any(picture_folders(self.path))
            below = ". The folders below it have some: add `recursive=True`" if deeper else ""
            raise ValueError(f"Expected pictures ({', '.join(SUFFIXES)}) in the folder. Found none in {self.path}{below}")

    def below(self, folder: str) -> pathlib.Path:
        return pathlib.Path(folder).relative_to(self.path)

    def results_of(self, folder: str) -> pathlib.Path:
        return self._results / os.path.relpath(folder, self.path)

    def without_results(self, folder: str, names: list[str]) -> list[str]:
        return [] if self._is_of_results(os.path.realpath(folder)) else names

    def covers(self, folder: str, recursive: bool) -> bool:
        """Whether pictures of a folder, given by its real path, are among the photos."""
        if self._is_of_results(folder):
            return False
        return folder == self._real or (recursive and _is_below(folder, self._real))

    def _is_of_results(self, folder):
        return self._results_within and _is_within(folder, self._real_results)


class _Files:
    """Files that were named one by one, or by a pattern."""

    def __init__(self, path: pathlib.Path, name: PathLike, out: pathlib.Path | None):
        self._out = out
        found = [str(path)] if path.exists() else _matching(path)
        self._given = [file for file in found if not os.path.isdir(file)]
        if not self._given:
            missing = "No file matches the pattern" if glob.has_magic(str(name)) else "No such file or folder:"
            raise ValueError(f"Expected photos, folders or patterns. {missing} {str(name)!r}")

    def folders(self, recursive: bool) -> Iterator[tuple[str, list[str]]]:
        yield from (((os.path.dirname(file) or "."), [os.path.basename(file)]) for file in self._given)

    def below(self, folder: str) -> pathlib.Path:
        return pathlib.Path()

    def results_of(self, folder: str) -> pathlib.Path | None:
        return self._out

    def without_results(self, folder: str, names: list[str]) -> list[str]:
        marks = () if self._out else (MARK, MARK + COMPARISON)
        return [name for name in names if not os.path.splitext(name)[0].endswith(marks)]


def _source(name: PathLike, out: pathlib.Path | None) -> _Folder | _Files:
    """What a name means. Both classes answer alike:

    - `folders` yields pairs of a folder and the names of those of its files that are meant;
    - `below` returns a folder's path below the one that was named;
    - `results_of` returns the folder for the results of a folder's photos, None if each belongs beside its photo;
    - `without_results` returns names without those of earlier results.
    """
    path = from_home(name)
    return _Folder(path, out) if path.is_dir() else _Files(path, name, out)


class _Names:
    """The files that were named one by one, by their real paths: of a whole album, if a shell has listed it."""

    def __init__(self, sources: Iterable[_Files]):
        self._files = set()
        for source in sources:
            for folder, names in source.folders(False):
                self._files |= {os.path.realpath(os.path.join(folder, name)) for name in source.without_results(folder, names)}
        self._folded = {folded(file): file for file in self._files}
        self.folders = {os.path.dirname(file) for file in self._files}

    def has(self, file: str) -> bool:
        """Whether a file was named, be it by another spelling that this disk takes for the same."""
        if file in self._files:
            return True
        other = self._folded.get(folded(file))
        return other is not None and os.path.exists(file) and os.path.samefile(file, other)


def folded(name: str) -> str:
    """Returns what a disk that knows no difference between a and A, or between two ways to write é, knows a name by.

    >>> folded("IMG_1.JPG") == folded("img_1.jpg")
    True
    """
    return unicodedata.normalize("NFC", name).casefold()


@functools.lru_cache(maxsize=64)
def folds_names(folder: str) -> bool:
    """Returns whether a folder's disk takes a and A for the same name: macOS, Windows and memory cards do.

    Args:
        folder: String. Path of the folder. Of one that is not there yet, the one above it is asked.
    """
    while not os.path.isdir(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".kcolor-a-") as file:
            return os.path.exists(os.path.join(folder, os.path.basename(file.name).upper()))
    except OSError:  # nothing can be written there
        return False


def _matching(pattern):
    """The files that match a pattern. Where no shell has looked, a folder's own name may look like one: ``album [1920]``."""
    parent = pattern.parent
    text = os.path.join(glob.escape(str(parent)), pattern.name) if parent.is_dir() else str(pattern)
    return sorted(glob.glob(text, recursive=True))


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))


def _is_within(path: str, folder: str) -> bool:
    return path == folder or _is_below(path, folder)
