"""Measures a colorizer on a film in colour: its light is coloured anew, frame by frame and steadily."""

import dataclasses
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from kcolor.utils.text import aligned
from kcolor.utils.types import PathLike
from kcolor.video import measures, scenes
from kcolor.video.coefficients import coefficients
from kcolor.video.encoding import own_chroma
from kcolor.video.film import Film, open_film
from kcolor.video.key_colors import KeyColors
from kcolor.video.layout import Layout, in_depth, nearest_layout
from kcolor.video.numbered import Numbered
from kcolor.video.pixels import light, rgb_of, small_light
from kcolor.video.plan import Plan, Scene, look_through
from kcolor.video.reading import Frame
from kcolor.video.run import one_thread
from kcolor.video.steady import Colored, Manner, Steady, carrying_size, reach_of

if TYPE_CHECKING:
    from kcolor.colorizer.colorizer import Colorizer

WAYS = ("truth", "grey", "frame by frame", "steady")
COLUMNS = {"flicker": 2, "cdc": 4, "cdc_constant": 4, "chroma": 1, "psnr": 2}  # and their digits
_HEADINGS = ("", "flicker", "CDC", "CDC, L 60", "chroma", "PSNR")


@dataclasses.dataclass(frozen=True, eq=False)
class VideoScores:
    """What was measured on a film.

    Args:
        film: String. Its path.
        frames: Integer. Its frames.
        scenes: Integer. Its scenes.
        looks: Dict. How often the network looked at a frame, for each way of colouring.
        scores: Dict from a way of colouring to a dict of numbers: ``flicker``, the mean ab distance from the frame before,
            carried; ``cdc`` and ``cdc_constant``, at L 60; ``chroma``, the mean distance from grey; ``psnr`` in dB.

    >>> from kcolor.video.evaluate_video import VideoScores
    >>> numbers = {"flicker": 0.5, "cdc": 0.01, "cdc_constant": 0.001, "chroma": 12.0, "psnr": 21.0}
    >>> print(VideoScores("film.mp4", 30, 1, {"steady": 4}, {"steady": numbers}).table())
                    flicker     CDC  CDC, L 60  chroma   PSNR
    steady             0.50  0.0100     0.0010    12.0  21.00
    """

    film: str
    frames: int
    scenes: int
    looks: dict[str, int]
    scores: dict[str, dict[str, float]]

    def table(self) -> str:
        """Returns a table for people."""
        rows = [list(_HEADINGS)]
        for way, numbers in self.scores.items():
            rows.append([way, *(f"{numbers[name]:.{digits}f}" for name, digits in COLUMNS.items())])
        return "\n".join(aligned(rows))

    def to_json(self) -> dict[str, Any]:
        """Returns all of it as JSON has it."""
        found = dataclasses.asdict(self)
        found["scores"] = {
            way: {name: number if math.isfinite(number) else None for name, number in numbers.items()}
            for way, numbers in self.scores.items()
        }
        return found


def evaluate_video(
    film: PathLike,
    model: "PathLike | Colorizer" = "photo",
    *,
    seconds: float | None = None,
    manner: Manner | None = None,
    see: Callable[[int, dict[str, np.ndarray]], object] | None = None,
) -> VideoScores:
    """Colours the light of a film in colour anew, and measures how true and how steady the colours are.

    Args:
        film: Path of a film in colour, or of a folder of pictures.
        model: As of `kcolor.colorize_files`.
        seconds: Float. How much of it; None for all.
        manner: `Manner` of colouring.
        see: Function that is called with each frame's number and its pictures, a dict from a way to uint8 RGB.

    Returns:
        `VideoScores`.
    """
    from kcolor.saving.load import as_colorizer

    opened, colorizer, manner = open_film(film), as_colorizer(model), manner or Manner()
    with one_thread():
        plan = look_through(opened, seconds, key_frames=manner.key_frames).for_all_scenes()
        return _Measuring(opened, plan, colorizer, manner).run(see)


class _Measuring:
    def __init__(self, film: Film, plan: Plan, colorizer: "Colorizer", manner: Manner):
        self.film, self.plan = film, plan
        self.written = nearest_layout(film.layout, ("yuv444p", "yuv420p"))
        size = carrying_size(film.size)
        both = [KeyColors(colorizer, film.layout, size, film.turns) for _ in range(2)]
        self.steady = Steady(both[0], film.layout, self.written, film.size, manner)
        self.alone = FrameByFrame(both[1], self.steady, film.layout)
        self.motion = measures.Motion()
        self.sums = {way: _Sums() for way in WAYS}

    def run(self, see) -> VideoScores:
        numbered, state = Numbered(self.film, self.plan), None
        starts = {scene.first for scene in self.plan.scenes}
        try:
            for segment in self.plan.segments:
                numbered.begin(segment.first, segment.check)
                for one in self.steady.segment(segment, self.plan.scenes, numbered, state):
                    if isinstance(one, Colored):
                        self._measure(one, one.number in starts, see)
                    else:
                        state = one
        finally:
            numbered.close()
            self.steady.close()
        looks = {"frame by frame": self.alone.colors.calls, "steady": self.steady.colors.calls}
        scores = {way: sums.means() for way, sums in self.sums.items()}
        return VideoScores(str(self.film.path), len(self.plan.pts), len(self.plan.scenes), looks, scores)

    def _measure(self, one, begins, see):
        pictures = self._pictures(one)
        moved = self.motion(measures.reduced(light(one.frame.luma, self.film.layout)))
        for way, picture in pictures.items():
            self.sums[way].add(picture, pictures["truth"], None if begins else moved)
        if see is not None:
            see(one.number, pictures)

    def _pictures(self, one):
        frame, size = one.frame, self.film.size
        own = own_chroma(frame.chroma, self.film.layout, self.written, size)
        chroma = {"truth": own, "grey": None, "frame by frame": self.alone(frame), "steady": one.chroma}
        luma = in_depth(frame.luma, self.film.layout, self.written)
        return {way: rgb_of(luma, chroma[way], self.written) for way in WAYS}


class FrameByFrame:
    """Colours each frame by itself, as a photo, with the same painting as a steady film has.

    Args:
        colors: `KeyColors`.
        steady: `Steady`, whose size and painter are used.
        layout: `Layout` of the frames.
    """

    def __init__(self, colors: KeyColors, steady: Steady, layout: Layout):
        self.colors, self._paint, self._size, self._layout = colors, steady.paint, steady.size, layout

    def __call__(self, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
        """Returns a frame's planes of colour."""
        look = scenes.look_of(frame, self._layout)
        chroma = self.colors(frame.luma, Scene(0, 1, False, look.low, look.high))
        lightness = self._paint.lightness(small_light(frame.luma, self._layout, self._size))
        fitted = coefficients(chroma, lightness, np.ones(self._size, "float32"), reach_of(self._size))
        return self._paint(fitted, self._paint.light_of(frame.luma, self._layout))


class _Sums:
    """One way of colouring: what its frames were like so far."""

    def __init__(self) -> None:
        self.parts: dict[str, list[float]] = {"flicker": [], "chroma": [], "error": []}
        self.shots: list[tuple[list, list]] = []
        self.before = None

    def add(self, rgb, truth, moved):
        ab = measures.ab_of(rgb)
        if moved is None:
            self.shots.append(([], []))
        elif self.before is not None:
            self.parts["flicker"].append(measures.flicker(ab, self.before, *moved))
        self.before = ab
        self.shots[-1][0].append(measures.histograms(rgb))
        self.shots[-1][1].append(measures.histograms(measures.at_constant_light(ab)))
        self.parts["chroma"].append(float(np.linalg.norm(ab, axis=-1).mean()))
        error = float(((rgb.astype("float32") - truth) ** 2).mean())
        self.parts["error"].append(10 * math.log10(255**2 / error) if error else math.inf)

    def means(self) -> dict[str, float]:
        # Over a cut nothing is compared: CDC is that of each scene, weighted by its frames.
        shots = [shot for shot in self.shots if len(shot[0]) > 1]
        weights = [len(shot[0]) for shot in shots]
        cdc = [np.average([measures.cdc(shot[i]) for shot in shots], weights=weights) if shots else math.nan for i in (0, 1)]
        return {
            "flicker": float(np.nanmean(self.parts["flicker"])) if self.parts["flicker"] else math.nan,
            "cdc": float(cdc[0]),
            "cdc_constant": float(cdc[1]),
            "chroma": float(np.mean(self.parts["chroma"])),
            "psnr": float(np.mean(self.parts["error"])),
        }
