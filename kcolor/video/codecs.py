"""The codecs in which films are written, and the files that hold them. Nothing is imported for it."""

import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class Codec:
    """A codec.

    Args:
        encoder: String. FFmpeg's name of the encoder.
        layouts: Tuple of FFmpeg's names of the pixel formats that it takes.
        suffixes: Tuple of endings of files that hold it. The first is taken if the film's own kind of file cannot hold it.
        options: Tuple of pairs of strings, for the encoder.
        crf: Integer. Its usual quality, or None if it has no such number.
        tag: String. Four letters that MP4 files name it by, where FFmpeg's are not understood everywhere.
        blocks: Boolean. Whether it takes only sizes that are whole blocks of its pixel format's colour.
        least: Integer. The shortest side that it takes.
    """

    encoder: str
    layouts: tuple[str, ...]
    suffixes: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    crf: int | None = None
    tag: str = ""
    blocks: bool = False
    least: int = 1


_ALL_8 = ("yuv420p", "yuv422p", "yuv444p")
_ALL_10 = ("yuv420p10le", "yuv422p10le", "yuv444p10le")
_ALL_12 = ("yuv420p12le", "yuv422p12le", "yuv444p12le")
_FILMS = (".mkv", ".mp4", ".m4v", ".mov")

CODECS = {
    # With mbtree, x264 (of PyAV 18) makes one of two files of the same frames: a killed run would end with another one.
    "h264": Codec("libx264", _ALL_8 + _ALL_10, _FILMS, (("preset", "fast"), ("mbtree", "0")), 18, blocks=True),
    "hevc": Codec(
        "libx265",
        _ALL_8 + _ALL_10 + _ALL_12,
        _FILMS,
        (("preset", "fast"), ("x265-params", "log-level=error")),
        20,
        "hvc1",
        blocks=True,
        least=48,  # it breaks, or breaks the process, at some below
    ),
    "av1": Codec("libsvtav1", ("yuv420p", "yuv420p10le"), (".mkv", ".mp4", ".webm"), (("preset", "8"),), 28, least=16),
    "prores": Codec("prores_ks", ("yuv422p10le", "yuv444p10le"), (".mov", ".mkv")),
    "ffv1": Codec("ffv1", _ALL_8 + _ALL_10 + _ALL_12, (".mkv", ".mov"), (("level", "3"), ("slicecrc", "1"))),
    # A folder of pictures. Until the end they are kept as FFV1, so that a run can be continued as any other.
    "png": Codec("ffv1", _ALL_8, ("",), (("level", "3"), ("slicecrc", "1"))),
}
SUFFIXES = (".mkv", ".mp4", ".m4v", ".mov", ".webm")  # of files that can be written


def find(name: str) -> Codec:
    """Returns a codec by name.

    >>> from kcolor.video import codecs
    >>> codecs.find("ffv1").suffixes[0]
    '.mkv'

    Args:
        name: String, one of `CODECS`.

    Raises:
        ValueError: If it is no such name.
    """
    if name not in CODECS:
        raise ValueError(f"Unknown `codec`. Expected one of {', '.join(sorted(CODECS))}. Received: {name!r}")
    return CODECS[name]


def suffix_for(codec: Codec, film: pathlib.Path) -> str:
    """Returns the ending of the file that a film is written to: its own if that holds the codec.

    >>> from pathlib import Path
    >>> from kcolor.video import codecs
    >>> [codecs.suffix_for(codecs.find("h264"), Path(name)) for name in ("a.mp4", "a.avi", "a.MOV")]
    ['.mp4', '.mkv', '.mov']

    Args:
        codec: `Codec`.
        film: Path of the film.
    """
    own = film.suffix.lower()
    return own if own in codec.suffixes else codec.suffixes[0]


def check_suffix(codec: Codec, out: pathlib.Path) -> None:
    """Raises ValueError unless a file of that name can hold a codec.

    Args:
        codec: `Codec`.
        out: Path of the file that is to be written.
    """
    if out.suffix.lower() not in codec.suffixes:
        names = next(name for name, known in CODECS.items() if known is codec)
        if codec.suffixes == ("",):
            raise ValueError(f"Expected `out` as a folder for {names}. Received: {str(out)!r}")
        raise ValueError(f"Expected `out` as a file ending in {', '.join(codec.suffixes)} for {names}. Received: {str(out)!r}")
