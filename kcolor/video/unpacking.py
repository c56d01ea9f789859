"""Makes a folder of pictures of segments."""

import pathlib
from collections.abc import Sequence

import av
from PIL import Image

from kcolor.video.codecs import Codec
from kcolor.video.film import Film
from kcolor.video.layout import nearest_layout
from kcolor.video.pixels import planes_of, rgb_of
from kcolor.video.plan import Plan


def unpack(parts: Sequence[pathlib.Path], plan: Plan, film: Film, codec: Codec, folder: pathlib.Path) -> None:
    """Writes each frame as a PNG: with the name of the picture that it was, or with its number.

    Args:
        parts: Paths of the segments' files.
        plan: `Plan` of the film.
        film: `Film`.
        codec: `Codec` of the segments.
        folder: Path of an empty folder.
    """
    layout = nearest_layout(film.layout, codec.layouts)
    names = [path.stem for path in film.stills] or [f"{number:06}" for number in range(1, len(plan.pts) + 1)]
    number = 0
    for part in parts:
        with av.open(str(part)) as container:
            for frame in container.decode(video=0):
                luma, *chroma = planes_of(frame, layout)
                place = int(plan.pts[number]) if film.stills else number  # of pictures that were broken there is none
                Image.fromarray(rgb_of(luma, (chroma[0], chroma[1]), layout)).save(folder / f"{names[place]}.png")
                number += 1
