"""What can be asked of the colours of a photo. Checked here, without Keras, so that wrong values are named at once."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Options:
    """How photos are coloured.

    Args:
        size: Integer. Shorter side of what the network sees, instead of the colorizer's own.
        temperature: Float in [0, 1], for a distribution over bins: 0 takes the likeliest colours, 1 the mean of all. None
            takes the target's own.
        saturation: Float in [0, 10]. Factor on the chroma; 0 is grey.
        ensemble: Boolean. Averages over the photo and its mirror image, at two sizes: calmer colours, four times the work.
        keep_tone: Boolean. Keeps the tone of a toned photo (sepia) below the new colours; it is removed otherwise. A colorizer
            with one colour for a whole photo (`mean_ab`) always removes it.

    >>> from kcolor.colorizer.options import Options
    >>> Options(temperature=0.5).saturation
    1.0
    """

    size: int | None = None
    temperature: float | None = None
    saturation: float = 1.0
    ensemble: bool = False
    keep_tone: bool = False

    def __post_init__(self):
        object.__setattr__(self, "size", whole_size(self.size))
        if self.temperature is not None and not 0 <= self.temperature <= 1:
            raise ValueError(f"Expected `temperature` in [0, 1]. Received: {self.temperature!r}")
        check_saturation(self.saturation)


def whole_size(value: int | None) -> int | None:
    """Returns a working size as Python's own integer, and None for None.

    >>> whole_size(256.0)
    256

    Args:
        value: Integer or None. It may be NumPy's.

    Raises:
        ValueError: If it is no whole number from 1.
    """
    if value is None:
        return None
    if value != int(value) or value < 1:
        raise ValueError(f"Expected `size` as a number of pixels. Received: {value!r}")
    return int(value)


def check_saturation(value: float) -> None:
    """Raises ValueError unless 0 ≤ `value` ≤ 10."""
    if not 0 <= value <= 10:
        raise ValueError(f"Expected `saturation` in [0, 10], 1 for the colours as they are. Received: {value!r}")


def check_tint(value: float) -> None:
    """Raises ValueError unless 0 ≤ `value` ≤ 1."""
    if not 0 <= value <= 1:
        raise ValueError(f"Expected `tint` in [0, 1], 1 for the colours as they are. Received: {value!r}")
