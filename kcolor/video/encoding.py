"""Writes a segment: its frames alone, numbered, without the film's time. `kcolor.video.joining` gives them that."""

import dataclasses
import os
import pathlib
import tempfile
from fractions import Fraction

import av
import cv2
import numpy as np

from kcolor.video.codecs import Codec
from kcolor.video.film import Film
from kcolor.video.layout import TAG_OF_MATRIX, Layout, in_depth, nearest_layout
from kcolor.video.pixels import frame_of

RATE = Fraction(25)  # frames a second of a segment's file, whatever the film's
# A fixed number, so that the file does not depend on the number of processors.
_THREADS = 2


class SegmentFile:
    """A segment's file, which is being written.

    Args:
        path: Path of the file.
        film: `Film`.
        layout: `Layout` to write.
        codec: `Codec`.
        crf: Integer. Quality: the lower, the better; None for the codec's own.
    """

    def __init__(self, path: pathlib.Path, film: Film, layout: Layout, codec: Codec, crf: int | None = None):
        self._film, self._layout, self._count = film, layout, 0
        os.environ.setdefault("SVT_LOG", "0")  # this encoder prints what it is, for every segment
        self._container = av.open(str(path), "w", format="matroska")
        options = dict(codec.options)
        if codec.crf is not None:
            options["crf"] = str(codec.crf if crf is None else crf)
        if film.interlaced and marks_fields(film, layout, codec):
            options["x264-params"] = f"{film.field_order}=1"
        self._stream = self._container.add_stream(codec.encoder, rate=RATE, options=options)
        _set_up(self._stream, film, layout)

    def open(self) -> None:
        """Starts the encoder; else the first frame does."""
        self._stream.codec_context.open()

    def write(self, luma: np.ndarray, chroma: tuple[np.ndarray, np.ndarray]) -> None:
        """Writes a frame.

        Args:
            luma: Its light, in the layout of the film.
            chroma: Its planes of colour, in the layout that is written.
        """
        frame = frame_of(self._layout, in_depth(luma, self._film.layout, self._layout), chroma)
        frame.pts, frame.time_base = self._count, 1 / RATE
        frame.color_primaries, frame.color_trc = self._film.tags
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def close(self, complete: bool = True) -> None:
        """Ends the file."""
        if complete:
            self._container.mux(self._stream.encode())
        self._container.close()


def layout_to_write(film: Film, codec: Codec) -> Layout:
    """Returns the layout in which a film is written.

    Args:
        film: `Film`.
        codec: `Codec`.
    """
    return nearest_layout(film.layout, codec.layouts, film.size if codec.blocks else None)


def marks_fields(film: Film, layout: Layout, codec: Codec) -> bool:
    """Returns whether a file can say that its frames are two half pictures, so that players show them as such.

    Args:
        film: `Film`.
        layout: `Layout` that is written.
        codec: `Codec`.
    """
    return codec.encoder == "libx264" and film.size[0] % (2 * layout.steps[0]) == 0


def check_encoder(film: Film, codec: Codec, crf: int | None = None) -> None:
    """Raises ValueError unless a codec takes films of this size, before hours are spent on it.

    Args:
        film: `Film`.
        codec: `Codec`.
        crf: Integer. As of `SegmentFile`.
    """
    layout, (height, width) = layout_to_write(film, codec), film.size
    refusal = ValueError(
        f"Expected a size that {codec.encoder} can write. Received: {width} × {height} pixels ({layout.name}). Choose another "
        "`codec`: ffv1 takes all sizes"
    )
    if min(film.size) < codec.least:  # some do not survive to be asked
        raise refusal
    with tempfile.TemporaryDirectory() as folder:
        file = SegmentFile(pathlib.Path(folder, "try.mkv"), film, layout, codec, crf)
        try:
            file.open()
        except av.error.FFmpegError as error:
            raise refusal from error
        finally:
            file.close(complete=False)


def _set_up(stream, film, layout):
    context = stream.codec_context
    stream.height, stream.width = film.size
    stream.pix_fmt = layout.name
    context.time_base = 1 / RATE
    context.color_range = 2 if layout.full_range else 1
    context.colorspace = TAG_OF_MATRIX[layout.matrix]
    context.color_primaries, context.color_trc = film.tags
    context.sample_aspect_ratio = film.pixel_aspect
    context.thread_count = _THREADS
    context.flags |= av.codec.context.Flags.bitexact


def own_chroma(
    chroma: tuple[np.ndarray, np.ndarray] | None, read: Layout, written: Layout, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Returns a frame's own planes of colour in the layout that is written.

    Args:
        chroma: The planes, or None for grey.
        read: `Layout` of the planes.
        written: `Layout` that is wanted.
        size: Pair of integers (height, width) of the frame.
    """
    rows, columns = written.chroma_size(*size)
    if chroma is None:
        plane: np.ndarray = np.full((rows, columns), written.neutral, written.dtype)
        return plane, plane
    planes = chroma
    if planes[0].shape != (rows, columns):
        smaller = planes[0].shape[0] > rows
        planes = tuple(
            cv2.resize(plane, (columns, rows), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
            for plane in planes
        )
    shifted = dataclasses.replace(read, full_range=False)  # the middle stays the middle, in full range, too
    return in_depth(planes[0], shifted, written), in_depth(planes[1], shifted, written)
