"""What is known of a film before a frame of it is decoded."""

import dataclasses
import pathlib
import re
from fractions import Fraction

import av

from kcolor.images.decoding import decode
from kcolor.images.walking import picture_files
from kcolor.utils.types import PathLike
from kcolor.video.layout import Layout, layout_of

STILLS_RATE = Fraction(24)  # frames a second of pictures in a folder: nothing says it
# RGB formats, which have no range of their own.
_RGB = {"rgb24", "bgr24", "gbrp", "rgb0", "bgr0", "0rgb", "0bgr", "pal8", "rgba", "bgra", "argb", "abgr", "gbrap"}


@dataclasses.dataclass(frozen=True)
class Film:
    """A film, or a folder of still pictures.

    Args:
        path: Path of the file or folder.
        size: Pair of integers (height, width).
        layout: `Layout` in which frames are read.
        native: Boolean. Whether frames have that layout by themselves; else they are converted.
        time_base: Fraction. Seconds of one unit of its timestamps.
        rate: Fraction. Frames a second, about.
        stated_frames: Integer. How many frames the file says it has; 0 if it does not say.
        stated_end: Float. Seconds at which it says that it ends; 0 if it does not say.
        rotation: Integer. Degrees, to the left, by which players turn the picture.
        pixel_aspect: Fraction. Width of a pixel, divided by its height.
        interlaced: Boolean. Whether its frames are two half pictures, woven into each other.
        field_order: String. "tff" or "bff": which half comes first.
        tags: Pair of integers. FFmpeg's numbers of its primaries and its curve; 2 says nothing.
        stills: Tuple of paths of pictures, if it is a folder.
        counts_gaps: Boolean. Whether `stated_frames` counts also frames that were left out, as AVI does.
    """

    path: pathlib.Path
    size: tuple[int, int]
    layout: Layout
    native: bool
    time_base: Fraction
    rate: Fraction
    stated_frames: int = 0
    stated_end: float = 0.0
    rotation: int = 0
    pixel_aspect: Fraction = Fraction(1)
    interlaced: bool = False
    field_order: str = "tff"
    tags: tuple[int, int] = (2, 2)
    stills: tuple[pathlib.Path, ...] = ()
    counts_gaps: bool = False

    @property
    def turns(self) -> int:
        """Quarter turns to the left by which players turn the picture."""
        return round(self.rotation / 90) % 4


def open_film(path: PathLike) -> Film:
    """Looks at a film's file, or at a folder of still pictures.

    Args:
        path: Path of it.

    Returns:
        A `Film`.

    Raises:
        ValueError: If it is no film, has no picture track, or one that this FFmpeg cannot decode.
        OSError: If it cannot be read.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        return _open_stills(path)
    if not path.exists():
        raise ValueError(f"Expected a film, or a folder of pictures. There is no {path}")
    if path.stat().st_size == 0:
        raise ValueError(f"Expected a film. {path} is empty")
    try:
        container = av.open(str(path))
    except (av.error.InvalidDataError, av.error.EOFError, av.error.LookupError) as error:
        raise ValueError(
            f"Expected a film. {path} is none that FFmpeg knows, or its beginning or its table of frames is missing "
            f"({error.strerror})"
        ) from error
    with container:
        return _described(path, container)


def picture_track(container: av.container.InputContainer) -> av.VideoStream | None:
    """Returns the track of a film with its pictures: the first that is no cover; None if there is none."""
    tracks = [track for track in container.streams.video if not track.disposition & av.stream.Disposition.attached_pic]
    return tracks[0] if tracks else None


def _described(path, container):
    track = picture_track(container)
    if track is None:
        what = "sound alone" if container.streams.audio else "no picture track"
        raise ValueError(f"Expected a film. {path} has {what}")
    if track.codec_context is None:
        raise ValueError(f"Expected a film in a format that this FFmpeg decodes. {path} is in an unknown one")
    context = track.codec_context
    if container.format.name.endswith("_pipe") or container.format.name == "image2":
        raise ValueError(f"Expected a film, or a folder of pictures. {path} is one picture: `kcolor colorize` colours it")
    first = _first_frame(path, track)
    height, width = first.height, first.width
    layout = layout_of(first.format.name, first.colorspace, first.color_range, height)
    native = layout is not None
    if layout is None:
        name = _converted(first.format)
        full = first.color_range == 2 and first.format.name not in _RGB
        layout = layout_of(name, first.colorspace if first.colorspace else 2, 2 if full else 1, height)
        assert layout is not None
    end = (container.duration or 0) / av.time_base
    start = (container.start_time or 0) / av.time_base
    return Film(
        path,
        (height, width),
        layout,
        native=native,
        time_base=track.time_base or Fraction(1, 1000),
        rate=track.average_rate or track.guessed_rate or Fraction(25),
        stated_frames=track.frames or 0,
        stated_end=start + end if end else 0.0,
        rotation=first.rotation,
        pixel_aspect=track.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1),  # the file's own comes first
        interlaced=bool(first.interlaced_frame),
        field_order="bff" if context.field_order in (3, 5) else "tff",
        tags=(first.color_primaries, first.color_trc),
        counts_gaps=container.format.name == "avi",
    )


def _first_frame(path, track):
    """The first frame that can be decoded. If more than 500 packets before it cannot, the file counts as no film."""
    container = track.container
    try:
        for count, packet in enumerate(container.demux(track)):
            try:
                for frame in packet.decode():
                    return frame
            except av.error.InvalidDataError:
                if count > 500:
                    break
    except av.error.FFmpegError as error:
        raise ValueError(f"Expected a film. {path} cannot be decoded: {error.strerror}") from error
    raise ValueError(f"Expected a film. Not one frame of {path} can be decoded")


def _converted(pixel_format):
    """The pixel format for what is not laid out in planes of light and colour: RGB, or planes that are interleaved."""
    deep = max((component.bits for component in pixel_format.components), default=8) > 8
    return "yuv420p10le" if deep else "yuv420p"


def _open_stills(path):
    stills = sorted(picture_files(path, recursive=False), key=lambda file: _by_number(file.name))
    if not stills:
        raise ValueError(f"Expected a film, or a folder of pictures. There is no picture in {path}")
    width, height = decode(stills[0], str(stills[0])).size
    layout = Layout("yuvj444p", 8, (1, 1), True, "bt601")
    return Film(
        path,
        (height, width),
        layout,
        native=True,
        time_base=1 / STILLS_RATE,
        rate=STILLS_RATE,
        stated_frames=len(stills),
        stills=tuple(stills),
    )


def _by_number(name):
    """Frame 9 comes before frame 10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name.lower())]
