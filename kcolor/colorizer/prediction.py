"""What the network makes of photos, before it is painted."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from kcolor.hints.files import PhotoHints
from kcolor.hints.hint import MAX_PATCHES, Placement, place
from kcolor.utils.types import Tensor


@dataclasses.dataclass(frozen=True, eq=False)
class Prediction:
    """What the network makes of photos of one size. A small thing: h × w is the size at which the network saw them.

    Args:
        seen: Floats ``(batch, h, w, 3)`` in [0, 1]. The photos as the network saw them.
        chroma: Floats ``(batch, h, w, channels)``, or ``(batch, 1, 1, channels)`` if the target is pooled.
        raw: The network's raw output, if it was asked for.
        features: Floats ``(batch, h, w, maps)``: the network's last feature maps, if they were asked for.
        descriptors: Floats ``(batch, h, w, d)`` that say which pixels look alike to the network, if features were asked for.
        trunk: What a network that has learnt to use hints goes on from, if features were asked for; else empty.
        hints: Tuple with a `kcolor.hints.hint.Placement` for each photo, or empty. See `with_hints`.
        known: Dict of what was computed from these, see `once`.
    """

    seen: Tensor
    chroma: Tensor
    raw: Tensor | None = None
    features: Tensor | None = None
    descriptors: Tensor | None = None
    trunk: tuple[Tensor, ...] = ()
    hints: tuple[Placement, ...] = ()
    known: dict[str, tuple] = dataclasses.field(default_factory=dict, repr=False)

    def with_hints(self, hints: Iterable, size: tuple[int, int]) -> "Prediction":
        """Returns the same prediction with hints, to be painted. The network does not run again.

        Args:
            hints: Hints of `kcolor.hints`, instead of those before; for several photos a sequence of them for each photo.
            size: Pair (height, width) of the photo whose pixels the hints count.

        Raises:
            ValueError: If a hint lies outside the photo.
        """
        given = list(hints) if self.seen.shape[0] > 1 else [hints]
        if len(given) != self.seen.shape[0]:
            raise ValueError(f"Expected hints for each of {self.seen.shape[0]} photos. Received: {len(given)}")
        placed = [
            one.placed(*size) if isinstance(one, PhotoHints) else place(one, *size) for one in (one or () for one in given)
        ]
        return dataclasses.replace(self, hints=tuple(placed))

    def with_guesses(self, guesses: Iterable, size: tuple[int, int]) -> "Prediction":
        """Returns the same prediction of one photo with more hints beside those that it has.

        Args:
            guesses: Sequence of `kcolor.hints.Hint`.
            size: Pair (height, width) of the photo.
        """
        (before,), more = self.hints or (Placement(),), place(guesses, *size)
        joined = dataclasses.replace(before, patches=(*before.patches, *more.patches[: MAX_PATCHES - len(before.patches)]))
        return dataclasses.replace(self, hints=(joined,))

    def once(self, name: str, given: tuple, make: Callable[[], Any]) -> Any:
        """Returns what `make` returns, and makes it again only if it was made of something else.

        It is kept for this prediction and for the same one with other hints.

        Args:
            name: String. What is made.
            given: Tuple of what it is made of: compared by identity, numbers by value.
            make: Function without arguments.
        """
        before = self.known.get(name)
        if before is None or not all(map(_same, before[0], given)):
            before = self.known[name] = (given, make())
        return before[1]


def _same(one, other):
    return one is other or (isinstance(one, (bool, int, float)) and isinstance(other, (bool, int, float)) and one == other)
