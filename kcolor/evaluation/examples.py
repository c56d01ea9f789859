"""The pictures that an evaluation shows: the best, median and worst ones, found in one pass and bounded memory."""

import dataclasses

import numpy as np
from PIL import Image

from kcolor.images import arrays
from kcolor.images.contact_sheet import contact_sheet

EACH = 4  # pictures of each kind
SAMPLE = 100  # pictures among which the median ones are looked for
HEIGHT = 160  # thumbnails are no higher

_SHOWN = {"photo": "photo", "grey": "grey", "model": "result", "oracle": "oracle"}
_PAIR = 2  # pictures side by side in a row of the sheet
_NARROWEST = 0.85  # of its height: a caption is as wide


@dataclasses.dataclass
class Shown:
    """One picture that may be shown.

    Args:
        number: Integer. Its place in the set.
        scores: Dict from a way to a dict of metrics.
        chance: Float. Random number that decides whether it is in the sample.
        thumbnails: Dict from a way to a small picture.
    """

    number: int
    scores: dict[str, dict[str, float]]
    chance: float
    thumbnails: dict[str, np.ndarray] = dataclasses.field(default_factory=dict, repr=False)

    @property
    def psnr(self) -> float:
        """PSNR of the model's picture."""
        return self.scores["model"]["psnr"]


class Gallery:
    """Keeps thumbnails of the pictures with the best and the worst PSNR, and of `SAMPLE` others drawn at random.

    The median pictures are those of the sample nearest to its median. Up to `SAMPLE` pictures that is exact; beyond that it is
    near enough to look at, and memory (about 30 MB) does not grow with the set. The same pictures give the same sheet.
    """

    def __init__(self):
        self._shown, self._count = [], 0
        self._rng = np.random.default_rng(0)

    def add(self, batch: np.ndarray, pictures: dict[str, np.ndarray], scores: dict[str, dict[str, np.ndarray]]) -> None:
        """Adds a batch.

        Args:
            batch: Photos ``(batch, height, width, 3)``, uint8 or floats in [0, 1].
            pictures: Dict from a way to uint8 pictures of the same shape.
            scores: Dict from a way to a dict with "psnr" and "ab_distance", each ``(batch,)``.
        """
        new = []
        for i in range(len(batch)):
            own = {way: {n: float(scores[way][n][i]) for n in ("psnr", "ab_distance")} for way in _SHOWN if way in pictures}
            new.append(Shown(self._count, own, self._rng.random()))
            self._count += 1
        self._shown = _kept(self._shown + new)
        first = self._count - len(batch)
        for shown in self._shown:
            if shown.number >= first:
                i = shown.number - first
                whole = {"photo": arrays.to_uint8(arrays.to_float(batch[i])), **pictures}
                shown.thumbnails = {way: _thumbnail(p if way == "photo" else p[i]) for way, p in whole.items() if way in _SHOWN}

    def chosen(self) -> dict[str, list[Shown]]:
        """Returns the pictures to show by kind ("best", "median", "worst"): `EACH` of each, or fewer if there are too few."""
        ranked = sorted(self._shown, key=lambda shown: -shown.psnr)
        each = min(EACH, -(-len(ranked) // 3))
        rest = ranked[each:]
        worst = rest[-each:] if rest else []
        sample = sorted(self._shown, key=lambda shown: shown.chance)[:SAMPLE]
        median = np.median([shown.psnr for shown in sample]) if sample else 0.0
        others = sorted(rest[: len(rest) - len(worst)], key=lambda shown: abs(shown.psnr - median))[:each]
        return {"best": ranked[:each], "median": sorted(others, key=lambda shown: -shown.psnr), "worst": worst}

    def sheet(self, height: int = 128) -> Image.Image:
        """Draws the chosen pictures, two in a row: photo, grey, result, oracle; below each its PSNR and ab distance.

        Args:
            height: Integer. Height of a picture in the sheet.

        Returns:
            A Pillow image.
        """
        rows, captions = [], []
        for kind, chosen in self.chosen().items():
            for start in range(0, len(chosen), _PAIR):
                part = chosen[start : start + _PAIR]
                rows.append([_padded(shown.thumbnails[way]) for shown in part for way in _SHOWN])
                captions.append([_caption(shown, way, kind) for shown in part for way in _SHOWN])
        if not rows:
            raise ValueError("Expected at least one picture in the gallery. It is empty")
        return contact_sheet(rows, list(_SHOWN.values()) * (max(map(len, rows)) // len(_SHOWN)), captions, height)


def _kept(shown):
    """The pictures with the best and the worst PSNR, and the sample."""
    ranked = sorted(shown, key=lambda one: one.psnr)
    drawn = sorted(shown, key=lambda one: one.chance)[:SAMPLE]
    kept = {one.number: one for one in [*ranked[:EACH], *ranked[-EACH:], *drawn]}
    return list(kept.values())


def _thumbnail(picture):
    image = Image.fromarray(picture)
    if image.height > HEIGHT:
        size = (max(1, round(image.width * HEIGHT / image.height)), HEIGHT)
        image = image.resize(size, Image.Resampling.LANCZOS)
    return np.asarray(image)


def _padded(picture):
    height, width = picture.shape[:2]
    missing = max(0, round(_NARROWEST * height) - width)
    return np.pad(picture, ((0, 0), (missing // 2, missing - missing // 2), (0, 0)), constant_values=255)


def _caption(shown, way, kind):
    if way == "photo":
        return f"{kind}, no. {shown.number + 1}"
    psnr, distance = shown.scores[way]["psnr"], shown.scores[way]["ab_distance"]
    return f"{psnr:.1f} dB, ab {distance:.1f}" if psnr < 90 else "exact"
