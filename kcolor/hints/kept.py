"""What became of hints in a picture: the colours that were wanted, that exist at the place's lightness, and that are there."""

import dataclasses

import numpy as np

from kcolor import color
from kcolor.hints.colors import KEEP
from kcolor.hints.hint import Placement
from kcolor.hints.patches import patches_in, wanted_ab
from kcolor.images import arrays
from kcolor.targets import ColorTarget

NOTICED = 2.0  # in the ab plane: what a colour may be off before it is said


@dataclasses.dataclass(frozen=True)
class Kept:
    """A patch of a hint in a painted picture. Colours are (a, b).

    Args:
        number: Integer. Place of the hint among all of its photo, from 1.
        wanted: Pair of floats. The hint's colour.
        possible: Pair of floats. The nearest colour that exists at the patch's lightness.
        there: Pair of floats. The mean colour of the patch.
        asked: String. The hint's colour as it was given, for the message; "a, b = …" if it is empty.
        shown: String. The mean colour of the patch as ``"#7a5c3e"``.

    >>> kept = Kept(1, (80.1, 67.2), (23.0, 19.0), (22.6, 19.1))
    >>> round(kept.missed, 1)
    0.4
    >>> print(kept)
    hint 1: a, b = 80, 67 does not exist at this lightness; the nearest is 23, 19
    """

    number: int
    wanted: tuple[float, float]
    possible: tuple[float, float]
    there: tuple[float, float]
    asked: str = ""
    shown: str = ""

    @property
    def missed(self) -> float:
        """How far the patch is from the nearest colour that exists there."""
        return float(np.hypot(*np.subtract(self.there, self.possible)))

    @property
    def moved(self) -> bool:
        """Whether the colour that was wanted does not exist there."""
        return float(np.hypot(*np.subtract(self.wanted, self.possible))) > NOTICED

    def __str__(self) -> str:
        """Returns a line for people; empty if all is as it was wanted."""
        asked = self.asked or f"a, b = {_pair(self.wanted)}"
        nearest = self.shown if self.asked and self.missed <= NOTICED else _pair(self.possible)
        said = [f"{asked} does not exist at this lightness; the nearest is {nearest}"] if self.moved else []
        if self.missed > NOTICED:
            said.append(f"the place has {_pair(self.there)}, since others over it want other colours, or it is light and dark")
        return f"hint {self.number}: {'; '.join(said)}" if said else ""


def kept(picture: np.ndarray, placement: Placement, target: ColorTarget) -> list[Kept]:
    """Returns what became of the hints in a painted picture.

    Hints that keep what is there, and guesses, are left out.

    >>> from kcolor.hints.hint import place
    >>> placed = place([kcolor.hints.Hint(3, 2, (0, 0))], 8, 8)
    >>> [one.there for one in kept(np.full((8, 8, 3), 128, "uint8"), placed, kcolor.targets.get("lab"))]
    [(0.0, 0.0)]

    Args:
        picture: Array ``(height, width, 3)``, uint8 or floats in [0, 1].
        placement: `Placement` of the hints.
        target: `ColorTarget` with which it was painted: it says which lightness was kept.
    """
    given = tuple(patch for patch in placement.patches if patch.color != KEEP and patch.exact)
    if not given:
        return []
    patches = patches_in(picture, given)
    wanted, possible = wanted_ab([patch.color for patch in given], patches.lumas(target), target)
    there = patches.mean(color.rgb_to_lab(arrays.to_float(patches.rgb))[..., 1:])
    pairs = ([(float(a), float(b)) for a, b in np.round(part, 2) + 0.0] for part in (wanted, possible, there))
    asked = [patch.color if isinstance(patch.color, str) else "" for patch in given]
    shown = ["#{:02x}{:02x}{:02x}".format(*arrays.to_uint8(rgb)) for rgb in patches.mean(arrays.to_float(patches.rgb))]
    return [Kept(*row) for row in zip([patch.number for patch in given], *pairs, asked, shown, strict=True)]


def _pair(ab):
    return f"{ab[0]:.0f}, {ab[1]:.0f}"
