"""The formats of an export, and what their files are called. Nothing is imported for it."""

import pathlib

from kcolor.utils.types import PathLike

# By name: what a file of the format is called after the model.
SUFFIXES = {"savedmodel": "-savedmodel", "onnx": ".onnx", "litert": ".tflite", "keras": ".keras"}


def destination(
    model: PathLike, format: str = "savedmodel", out: PathLike | None = None, overwrite: bool = False, hints: bool = False
) -> pathlib.Path:
    """Returns where an export goes.

    >>> destination("photo", "onnx").name
    'photo.onnx'

    Args:
        model: String or path. Name of a colorizer, its file, or the folder of a run.
        format: String. One of `SUFFIXES`.
        out: Path. By default a file or folder named after the model, in the current folder.
        overwrite: Boolean. Whether what is there may be replaced.
        hints: Boolean. Whether it takes hints.

    Returns:
        Path.

    Raises:
        ValueError: If there is no such format, or there is a folder that is no earlier export: what is in it would be lost.
        FileExistsError: If something is there and must not be replaced.
    """
    if format not in SUFFIXES:
        raise ValueError(f"Unknown `format`. Expected one of {sorted(SUFFIXES)}. Received: {format!r}")
    out = pathlib.Path(out if out is not None else f"{_name(pathlib.Path(model))}{SUFFIXES[format]}")
    for path in written(out, format, hints):
        _check_folder(path, format)
    if format == "keras" and out.suffix != ".keras":
        raise ValueError(f"Expected `out` with the ending .keras, by which Keras knows the format. Received: {str(out)!r}")
    there = [str(path) for path in written(out, format, hints) if path.exists()]
    if there and not overwrite:
        raise FileExistsError(
            f"{' and '.join(there)} is there already. Choose another place (`out`), or replace it (`overwrite=True`)"
        )
    return out


def written(path: PathLike, format: str, hints: bool = False) -> list[pathlib.Path]:
    """Returns everything that an export to a path writes.

    >>> [path.name for path in written("photo.onnx", "onnx")]
    ['photo.onnx', 'photo-network.onnx']

    Args:
        path: Path of the export.
        format: String. One of `SUFFIXES`.
        hints: Boolean. Whether it takes hints.

    Returns:
        List of paths.
    """
    path = pathlib.Path(path)
    parts = ["network", "hinted"] if hints else ["network"]
    return [path, *(beside(path, part) for part in parts)] if format == "onnx" else [path]


def network_beside(path: pathlib.Path) -> pathlib.Path:
    """Returns where the network alone goes, for formats with one graph a file.

    Args:
        path: Path of the file that does the whole job.
    """
    return beside(path, "network")


def beside(path: pathlib.Path, part: str) -> pathlib.Path:
    """Returns where a part goes, for formats with one graph a file.

    >>> beside(pathlib.Path("photo.onnx"), "hinted").name
    'photo-hinted.onnx'

    Args:
        path: Path of the file that does the whole job.
        part: String. Name of the part.
    """
    return path.with_stem(f"{path.stem}-{part}")


def size_on_disk(path: PathLike) -> int:
    """Returns the bytes of a file, or of all files in a folder.

    Args:
        path: Path of the file or folder.
    """
    path = pathlib.Path(path)
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())


def _check_folder(path, format):
    """Raises ValueError for a folder that must not be replaced."""
    if not path.is_dir():
        return
    if format != "savedmodel":
        raise ValueError(f"Expected `out` as a file. Received a folder: {str(path)!r}")
    if any(path.iterdir()) and not (path / "saved_model.pb").is_file():
        raise ValueError(
            f"Expected `out` as a new folder, or that of an earlier export. Received: {str(path)!r}, which holds other things"
        )


def _name(model):
    return model.resolve().name if model.is_dir() else model.stem
