"""How a film's pixels are laid out: light and two planes of colour, their depth, size, range and matrix."""

import dataclasses
import re
from collections.abc import Iterable

import numpy as np

# Kr and Kb of each matrix: what red and blue have of the light. Green has the rest.
MATRICES = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}
_MATRIX_OF_TAG = {1: "bt709", 5: "bt601", 6: "bt601", 4: "bt601", 7: "bt709", 9: "bt2020", 10: "bt2020"}  # FFmpeg's numbers
TAG_OF_MATRIX = {"bt709": 1, "bt601": 6, "bt2020": 9}
_STEPS = {"420": (2, 2), "422": (1, 2), "444": (1, 1), "440": (2, 1), "411": (1, 4), "410": (4, 4)}
_PLANAR = re.compile(r"yuv(j?)(\d{3})p(?:(\d+)le)?")
_GRAY = re.compile(r"gray(?:(\d+)le)?")
_HD = 720  # rows from which a film without a tag is taken to be BT.709; below it is BT.601


@dataclasses.dataclass(frozen=True)
class Layout:
    """The layout of a film's pixels.

    Args:
        name: String. FFmpeg's name of the pixel format.
        depth: Integer. Bits of a sample.
        steps: Pair of integers. Rows and columns of light for one sample of colour; (0, 0) if there is no colour.
        full_range: Boolean. Whether black is 0 and white the largest number; else they are 16 and 235 of 255.
        matrix: String. One of `MATRICES`.

    >>> from kcolor.video.layout import Layout
    >>> layout = Layout("yuv420p", 8, (2, 2), False, "bt601")
    >>> layout.chroma_size(481, 640), layout.black, layout.white
    ((241, 320), 16.0, 235.0)
    """

    name: str
    depth: int
    steps: tuple[int, int]
    full_range: bool
    matrix: str

    @property
    def dtype(self) -> type:
        """The type of a sample."""
        return np.uint8 if self.depth == 8 else np.uint16

    @property
    def black(self) -> float:
        """The number of black."""
        return 0.0 if self.full_range else 16.0 * (1 << (self.depth - 8))

    @property
    def white(self) -> float:
        """The number of white."""
        return float((1 << self.depth) - 1) if self.full_range else 235.0 * (1 << (self.depth - 8))

    @property
    def neutral(self) -> int:
        """The number of no colour."""
        return 1 << (self.depth - 1)

    @property
    def chroma_extent(self) -> float:
        """From the lowest number of a colour difference to its highest."""
        return float((1 << self.depth) - 1) if self.full_range else 224.0 * (1 << (self.depth - 8))

    def chroma_size(self, height: int, width: int) -> tuple[int, int]:
        """Returns the (height, width) of the planes of colour."""
        down, along = self.steps
        return -(-height // down), -(-width // along)


def layout_of(name: str, matrix_tag: int, range_tag: int, height: int) -> Layout | None:
    """Returns the layout of a film's frames, or None if its pixels are not laid out in planes of light and colour.

    Args:
        name: String. FFmpeg's name of the pixel format.
        matrix_tag: Integer. FFmpeg's number of the matrix; 2 says nothing.
        range_tag: Integer. 1 for limited, 2 for full range; 0 says nothing.
        height: Integer. Rows of the film: it decides about the matrix if there is no tag.
    """
    matrix = _MATRIX_OF_TAG.get(matrix_tag) or ("bt709" if height >= _HD else "bt601")
    if gray := _GRAY.fullmatch(name):
        return Layout(name, int(gray[1] or 8), (0, 0), range_tag != 1, matrix)
    found = _PLANAR.fullmatch(name)
    if not found or found[2] not in _STEPS or int(found[3] or 8) > 12:
        return None
    return Layout(name, int(found[3] or 8), _STEPS[found[2]], range_tag == 2 or bool(found[1]), matrix)


def nearest_layout(source: Layout, names: Iterable[str], size: tuple[int, int] | None = None) -> Layout:
    """Returns the layout among those an encoder takes in which a film loses least; range and matrix stay as they are.

    >>> from kcolor.video.layout import Layout, nearest_layout
    >>> nearest_layout(Layout("gray", 8, (0, 0), True, "bt601"), ["yuv422p10le", "yuv420p"]).name
    'yuv420p'

    Args:
        source: `Layout` of the film.
        names: FFmpeg's names of pixel formats.
        size: Pair of integers (height, width) of the film, if the encoder takes only layouts of whole blocks of it.
    """
    steps = source.steps if source.steps[0] else (2, 2)

    def loss(name):
        layout = layout_of(name, 2, 0, 0)
        if layout is None or not layout.steps[0]:
            return (99,)
        coarser = sum(max(0, new - old) for new, old in zip(layout.steps, steps, strict=True))
        finer = sum(max(0, old - new) for new, old in zip(layout.steps, steps, strict=True))
        fits = size is None or not any(side % step for side, step in zip(size, layout.steps, strict=True))
        return (not fits, max(0, source.depth - layout.depth), coarser, layout.depth, finer)

    best = layout_of(min(names, key=loss), 2, 0, 0)
    assert best is not None
    return dataclasses.replace(best, full_range=source.full_range, matrix=source.matrix)


def in_depth(luma: np.ndarray, source: Layout, layout: Layout) -> np.ndarray:
    """Returns light as another layout writes it. Where that has as many bits or more, nothing is lost.

    Args:
        luma: Array ``(height, width)``.
        source: `Layout` of the array.
        layout: `Layout` that it is wanted in, of the same range.
    """
    if source.depth == layout.depth:
        return luma
    if source.full_range:  # white stays white
        scaled = luma.astype("float32") * (layout.white / source.white)
        return (scaled + 0.5).astype(layout.dtype)
    up = layout.depth - source.depth
    if up > 0:
        return luma.astype(layout.dtype) << up
    half = 1 << (-up - 1)
    return np.minimum((luma.astype("uint32") + half) >> -up, (1 << layout.depth) - 1).astype(layout.dtype)
