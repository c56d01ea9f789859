"""Colours films. Everything that can be decided without Keras and FFmpeg is decided here."""

import contextlib
import pathlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from kcolor.colorizer.options import Options
from kcolor.images.walking import picture_files
from kcolor.saving import presets
from kcolor.utils.files import from_home
from kcolor.utils.types import PathLike
from kcolor.video import codecs, film_hints, needs
from kcolor.video.film_hints import FilmHints
from kcolor.video.outcome import VideoOutcome, VideoProgress

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

MARK = "-coloured"


def colorize_video(
    film: PathLike,
    out: PathLike | None = None,
    model: "PathLike | Colorizer" = "photo",
    *,
    codec: str | None = None,
    crf: int | None = None,
    key_frames: int = 10,
    saturation: float = 1.0,
    temperature: float | None = None,
    hints: PathLike | None = None,
    reference: PathLike | None = None,
    preview: float | None = None,
    deinterlace: bool = False,
    recolor: bool = False,
    overwrite: bool = False,
    progress: Callable[[VideoProgress], object] | None = None,
) -> VideoOutcome:
    """Colours a film, in colours that hold still. A run that was killed goes on when it is called again.

    The film's light is written as it was, and so are all of its timestamps. Sound, subtitles, chapters and texts are copied.
    Scenes that are in colour already stay as they are. It needs ``pip install av opencv-python-headless``: PyAV and OpenCV.

    >>> kcolor.colorize_video(tmp_path / "film.mp4", crf=99)
    Traceback (most recent call last):
    ...
    ValueError: Expected `crf` in 0 to 51. Received: 99

    Args:
        film: Path of a film, or of a folder of still pictures, in the order of their names.
        out: Path of the result: a film, or a folder for pictures. By default it lies beside the film, as
            ``NAME-coloured.mp4``; MKV if the film's own kind of file cannot hold it.
        model: As of `kcolor.colorize_files`.
        codec: String. "h264" (the default), "hevc", "av1", "prores", "ffv1" (nothing is lost), or "png" for a folder of
            pictures (the default for one).
        crf: Integer from 0 to 51. Quality of h264, hevc and av1: the lower, the better and the larger.
        key_frames: Integer. The network looks at every so-many-th frame; between them colours are carried.
        saturation: Float in [0, 10]. Factor on the colours.
        temperature: Float in [0, 1]. As of `Colorizer.colorize`.
        hints: Path of a file of hints, each with its ``"frame"`` or ``"time"``: see docs/video.md. They are followed through
            their scene.
        reference: Path of a photo in colour: what looks like it gets its colours.
        preview: Float. Colours only the first so many seconds.
        deinterlace: Boolean. Whether to make whole pictures of frames that are two half pictures, woven into each other.
        recolor: Boolean. Whether to colour also scenes that are in colour already, as if they were grey.
        overwrite: Boolean. Whether to replace a result that is there. The film itself is never replaced.
        progress: Function that is called with a `VideoProgress` now and then.

    Returns:
        A `VideoOutcome`. Its status is "damaged" if not all of the film could be read.

    Raises:
        ValueError: If an argument is wrong, or it is no film.
        ImportError: If PyAV or OpenCV is not installed.
        OSError: If the result cannot be written.
    """
    Options(temperature=temperature, saturation=saturation)  # raises for wrong ones
    if crf is not None and not 0 <= crf <= 51:
        raise ValueError(f"Expected `crf` in 0 to 51. Received: {crf!r}")
    if key_frames < 1:
        raise ValueError(f"Expected `key_frames` as at least 1. Received: {key_frames!r}")
    if preview is not None and not preview > 0:
        raise ValueError(f"Expected `preview` as seconds, more than 0. Received: {preview!r}")
    given = FilmHints() if hints is None else film_hints.read(hints)
    path = named(from_home(film))
    if not path.exists():
        raise ValueError(f"Expected a film, or a folder of pictures. There is no {path}")
    chosen = codecs.find(codec or _usual_codec(path, out))
    result = result_of(path, out, chosen)
    if isinstance(model, (str, pathlib.Path)):
        model = presets.find(model)
    _check_folder(result, path)
    if path.is_dir() and chosen.suffixes == ("",):
        _check_names(path)
    if _is_there(result) and not overwrite:
        _remove_parts(result)
        return VideoOutcome(path, "skipped", result)
    from kcolor.photo_files.hint_files import read_reference

    photo = None if reference is None else read_reference(reference)
    needs.check()
    from kcolor.video.film import open_film
    from kcolor.video.run import Job, color_film
    from kcolor.video.steady import Manner

    job = Job(
        open_film(path),
        result,
        chosen,
        crf=crf,
        manner=Manner(key_frames=key_frames),
        temperature=temperature,
        saturation=saturation,
        hints=given,
        reference=photo,
        preview=preview,
        deinterlace=deinterlace,
        recolor=recolor,
    )
    from kcolor.saving.load import as_colorizer

    return color_film(job, as_colorizer(model), progress)


def named(film: pathlib.Path) -> pathlib.Path:
    """Returns the path of a film, by which its result can be called: ``.`` and ``..`` are no names.

    >>> from pathlib import Path
    >>> from kcolor.video.colorize_video import named
    >>> named(Path("scans")).name, named(Path(".")).name == Path.cwd().name
    ('scans', True)

    Args:
        film: Path of a film, or of a folder of still pictures.
    """
    return film.resolve() if film.name in ("", "..") else film


def result_of(film: pathlib.Path, out: PathLike | None, codec: codecs.Codec) -> pathlib.Path:
    """Returns where the result of a film belongs.

    >>> from pathlib import Path
    >>> from kcolor.video import codecs
    >>> from kcolor.video.colorize_video import result_of
    >>> result_of(Path("old/film.avi"), None, codecs.find("h264")).as_posix()
    'old/film-coloured.mkv'

    Args:
        film: Path of the film.
        out: Path of the result, or None.
        codec: `Codec`.

    Raises:
        ValueError: If such a file cannot hold the codec, or is the film itself.
    """
    if out is None:
        film = named(film)
        stem = film.name if film.is_dir() else film.stem
        return film.with_name(stem + MARK + codecs.suffix_for(codec, film))
    result = named(from_home(out))
    codecs.check_suffix(codec, result)
    if result.resolve() == film.resolve():
        raise ValueError(f"Expected `out` as another file than the film. Received: {str(out)!r}")
    if result.is_dir() and codec.suffixes != ("",):
        raise ValueError(f"Expected `out` as a file. Received a folder: {str(out)!r}")
    return result


def _remove_parts(result):
    """Removes what a run has left that was killed when its film was there already."""
    folder = result.with_name(f"{result.name}.parts")
    if folder.is_dir():
        with contextlib.suppress(ImportError):  # of what films need: then nothing is coloured here either
            from kcolor.video.journal import remove_if_finished

            remove_if_finished(folder)


def _is_there(result):
    return any(not entry.name.startswith(".") for entry in result.iterdir()) if result.is_dir() else result.exists()


def _check_folder(result, film):
    """Raises ValueError if a folder holds anything but an earlier result: it is replaced as a whole."""
    if not result.is_dir():
        return
    stems = {path.stem for path in picture_files(film, recursive=False)} if film.is_dir() else None
    for entry in sorted(result.iterdir()):
        is_number = stems is None and re.fullmatch(r"\d{6,}", entry.stem)
        is_own = entry.is_file() and entry.suffix == ".png" and (is_number or (stems is not None and entry.stem in stems))
        if not (is_own or entry.name.startswith(".")):
            raise ValueError(
                "Expected `out` as a new folder, or one with an earlier result alone, since it is replaced as a whole. "
                f"Received: {str(result)!r}, which also holds {entry.name}"
            )


def _check_names(film):
    """Raises ValueError if two still pictures would become one PNG."""
    seen: dict[str, pathlib.Path] = {}
    for path in sorted(picture_files(film, recursive=False)):
        first = seen.setdefault(path.stem.casefold(), path)
        if first is not path:
            raise ValueError(
                "Expected still pictures whose names differ before the ending, since their results are all PNG. "
                f"Received: {first.name} and {path.name} in {film}. Rename one of them, or take it out of the folder"
            )


def _usual_codec(film, out):
    is_film = out is not None and pathlib.Path(out).suffix.lower() in codecs.SUFFIXES
    return "png" if film.is_dir() and not is_film else "h264"
