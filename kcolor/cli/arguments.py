"""Checks of arguments that several commands share. They import nothing heavy, so a mistake is answered at once."""

import argparse
import errno
import os
import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kcolor.hints.colors import check_color
from kcolor.hints.hint import Hint, place_one
from kcolor.images.file_names import is_picture
from kcolor.utils.files import from_home

if TYPE_CHECKING:
    from kcolor.photo_files.read_write import Photo

SPLITS = ("train", "val", "test", "all")
SIZES = (32, 2048)  # at which a network may see photos
PUBLISHED = ("shapes", "cifar10", "cifar100")  # sources of pictures that are no file; a test holds them against kcolor.data


def add_data(parser: argparse.ArgumentParser, default: str) -> None:
    """Adds --data and --data-dir.

    Args:
        parser: Parser of the command.
        default: String. What happens without --data.
    """
    parser.add_argument("--data", metavar="PATH", help=f"a folder of pictures, a zip of one, or tfds:NAME (default: {default})")
    parser.add_argument("--data-dir", metavar="DIR", help="where TensorFlow Datasets keeps its data sets")


def size(text: str) -> tuple[int, int] | None:
    """Returns a size of photos: None for "any", else (height, width).

    >>> size("512"), size("480x640"), size("any")
    ((512, 512), (480, 640), None)

    Args:
        text: String. "any", a number of pixels, or HEIGHTxWIDTH.

    Raises:
        argparse.ArgumentTypeError: For anything else.
    """
    if text == "any":
        return None
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) > 2 or not all(side.isdecimal() and int(side) for side in sides):
        raise argparse.ArgumentTypeError(f"expected any, 512, or 480x640 (height × width); received {text!r}")
    return int(sides[0]), int(sides[-1])


def number(text: str) -> float:
    """Returns a number.

    >>> number("0.8")
    0.8

    Args:
        text: String.

    Raises:
        argparse.ArgumentTypeError: For anything else, as a decimal comma.
    """
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number, as 0.8 with a point; received {text!r}") from None


def working_size(text: str) -> int:
    """Returns a size at which the network sees photos.

    >>> working_size("384")
    384

    Args:
        text: String. A number of pixels.

    Raises:
        argparse.ArgumentTypeError: For what is no such number, or at which nothing can be recognised, or for which no memory is
            large enough.
    """
    smallest, largest = SIZES
    if not text.isdecimal() or not smallest <= int(text) <= largest:
        raise argparse.ArgumentTypeError(f"expected a number of pixels from {smallest} to {largest}; received {text!r}")
    return int(text)


def hint_of(text: str) -> Hint:
    """Returns a hint: X,Y,COLOR or X,Y,COLOR,RADIUS; in pixels, or as shares where numbers end in %.

    >>> hint_of("320,200,#7a5c3e,6")
    Hint(x=320.0, y=200.0, color='#7a5c3e', radius=6.0, relative=False, exact=True)
    >>> hint_of("50%,25%,navy")
    Hint(x=0.5, y=0.25, color='navy', radius=None, relative=True, exact=True)

    Args:
        text: String.

    Raises:
        argparse.ArgumentTypeError: For anything else.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (3, 4):
        raise argparse.ArgumentTypeError(f"expected X,Y,COLOR or X,Y,COLOR,RADIUS; received {text!r}")
    numbers = [*parts[:2], *parts[3:]]
    relative = [number.endswith("%") for number in numbers]
    if any(relative) != all(relative):
        raise argparse.ArgumentTypeError(f"expected all numbers in pixels, or all in %; received {text!r}")
    try:
        values = [float(number.rstrip("%")) / (100 if relative[0] else 1) for number in numbers]
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected X,Y,COLOR or X,Y,COLOR,RADIUS; received {text!r}") from None
    try:
        check_color(parts[2])
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected the colour as #7a5c3e, as a CSS name (navy), or as keep; received {parts[2]!r} in {text!r}"
        ) from None
    if relative[0] and not all(0 <= value <= 1 for value in values):
        raise argparse.ArgumentTypeError(f"expected numbers from 0% to 100%; received {text!r}")
    try:
        return Hint(values[0], values[1], parts[2], values[2] if len(values) == 3 else None, relative[0])
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def check_positive(option: str, value: int | None) -> None:
    """Raises ValueError unless a number is None or at least 1.

    Args:
        option: String. The option, for the message.
        value: Integer or None.
    """
    if value is not None and value < 1:
        raise ValueError(f"Expected {option} as at least 1. Received: {value}")


def check_files(paths: Iterable[str | os.PathLike[str]]) -> None:
    """Raises FileNotFoundError for the first path at which there is nothing.

    Args:
        paths: Paths of files.
    """
    for path in paths:
        if not pathlib.Path(path).exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))


def check_data(where: str | None, data_dir: str | None = None) -> None:
    """Raises ValueError for a --data at which there are no pictures, or beside which --data-dir makes no sense.

    Args:
        where: String or None. What was given as --data.
        data_dir: String or None. What was given as --data-dir.
    """
    if where is None:
        return
    is_set = where in PUBLISHED or where.startswith("tfds:")
    if data_dir is not None and (where == "shapes" or not is_set):
        raise ValueError(
            "Expected --data-dir with data sets of TensorFlow Datasets, as --data cifar10 or tfds:NAME. "
            f"Received it with --data {where}"
        )
    if is_set:
        return
    path = from_home(where)
    if not (path.is_dir() or (path.is_file() and path.suffix.lower() == ".zip")):
        what = "It is a file, but no .zip" if path.exists() else "There is no such file or folder"
        known = ", ".join([*PUBLISHED, "tfds:NAME"])
        raise ValueError(f"Expected --data as a folder, a .zip, or one of {known}. Received: {where!r}. {what}")


def check_picture(option: str, path: pathlib.Path | None) -> None:
    """Raises ValueError unless a file's name is that of a picture which Pillow can write.

    Args:
        option: String. The option, for the message.
        path: Path of the file that is to be written, or None.
    """
    from PIL import Image

    if path is not None and Image.registered_extensions().get(path.suffix.lower()) not in Image.SAVE:
        raise ValueError(f"Expected {option} as a picture, for instance demo.png. Received: {str(path)!r}")


def check_parent(option: str, path: pathlib.Path | None) -> None:
    """Raises ValueError unless the folder of a file that is to be written is there.

    Args:
        option: String. The option, for the message.
        path: Path of the file, or None.
    """
    if path is not None and not path.parent.is_dir():
        raise ValueError(f"Expected {option} in a folder that is there. Received: {str(path)!r}")


def check_ours(option: str, path: pathlib.Path | None, overwrite: bool = False) -> None:
    """Raises FileExistsError for a file that is there and that kcolor did not make, unless it may be replaced.

    (``kcolor sheet -o album/*.jpg`` names the album's first photo as the place of the sheet.)

    Args:
        option: String. The option, for the message.
        path: Path of the file that is to be written, or None.
        overwrite: Boolean. Whether it may be replaced.
    """
    from kcolor.utils.marks import is_ours

    if path is not None and path.exists() and not overwrite and not is_ours(path):
        raise FileExistsError(
            errno.EEXIST,
            f"Expected {option} as another file. {path} is there already, and kcolor did not make it: --overwrite replaces it",
        )


def check_results_folder(path: str | None) -> None:
    """Raises ValueError for a folder of results that has the name of a picture.

    Args:
        path: String or None. What was given.
    """
    if path is not None and is_picture(path) and not pathlib.Path(path).is_dir():
        raise ValueError(f"Expected --out as a folder, for instance coloured/. Received: {path!r}, the name of a picture")


def check_folder(path: str | None) -> None:
    """Raises FileExistsError if there is a file where a folder is to be.

    Args:
        path: String or None. Path of the folder.
    """
    if path is not None and pathlib.Path(path).is_file():
        raise FileExistsError(errno.EEXIST, f"Expected a folder to write to. Received a file: {path}")


def check_figure(option: str, path: pathlib.Path | None) -> None:
    """Raises ValueError unless a file's name is that of a figure which can be written, in a folder that is there.

    Args:
        option: String. The option, for the message.
        path: Path of the file, or None.
    """
    from kcolor.utils.figures import SUFFIXES

    if path is not None and path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"Expected {option} to end in one of {', '.join(SUFFIXES)}. Received: {str(path)!r}")
    check_parent(option, path)


def read_photo(path: str | os.PathLike[str], x: float | None = None, y: float | None = None) -> "Photo":
    """Reads the one photo that a command is about.

    Args:
        path: Path of the file.
        x: Number or None. Column of a place that is asked about.
        y: Number or None. Its row.

    Raises:
        ValueError: If it cannot be read, or the place lies outside. The message names it and says why.
    """
    from kcolor.images.decoding import BrokenPicture
    from kcolor.photo_files import read_write

    try:
        photo = read_write.read(path)
    except BrokenPicture as error:
        raise ValueError(f"{path}: {error.reason}") from None
    if x is not None and y is not None:
        place_one(x, y, *photo.rgb.shape[:2])
    return photo
