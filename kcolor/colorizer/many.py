"""Colours one photo, a batch of photos of one size, or a list of photos of any sizes."""

from collections.abc import Iterable, Sequence

import numpy as np

from kcolor.colorizer.inference import Inference
from kcolor.images import arrays
from kcolor.utils.types import Tensor


def color_photos(
    inference: Inference,
    photos: Tensor | Sequence[Tensor],
    hints: Iterable | None = None,
    batch_size: int = 8,
    reference: Tensor | None = None,
) -> np.ndarray | list[np.ndarray]:
    """Colours photos, as `kcolor.Colorizer.colorize` takes them.

    Args:
        inference: `Inference`.
        photos: One photo, a batch of them, or a list.
        hints: Hints; for several photos a sequence of them for each.
        batch_size: Integer. How many photos of a batch the network sees at once.
        reference: Photo in colour, or None.

    Returns:
        uint8 RGB: an array, or a list of them.
    """
    if batch_size < 1:
        raise ValueError(f"Expected `batch_size` as 1 or more. Received: {batch_size!r}")
    reference = None if reference is None else arrays.check_photo(reference)
    if isinstance(photos, (list, tuple)):
        if not photos:
            raise ValueError("Expected at least one photo. Received an empty list")
        pairs = zip(photos, _for_each(hints, len(photos)), strict=True)
        return [inference.hinted(arrays.check_photo(photo)[None], one, reference)[0] for photo, one in pairs]
    if np.ndim(photos) != 4:
        return inference.hinted(arrays.check_photo(photos)[None], hints, reference)[0]
    batch = arrays.check_batch(photos, "photos")
    if hints is not None or reference is not None:
        pairs = zip(batch, _for_each(hints, len(batch)), strict=True)
        return np.stack([inference.hinted(photo[None], one, reference)[0] for photo, one in pairs])
    return np.concatenate([inference(batch[i : i + batch_size]) for i in range(0, len(batch), batch_size)])


def _for_each(hints, count):
    """The hints of each photo."""
    given = [None] * count if hints is None else list(hints)
    if len(given) != count:
        raise ValueError(f"Expected `hints` with one sequence for each of {count} photos. Received: {len(given)}")
    return given
