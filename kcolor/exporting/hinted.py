"""Photos and hints to coloured photos, as one graph: what `kcolor.hints` does, of operations that TensorFlow and ONNX have.

There are differences. The branch that a network has learnt for hints is not in it. The number of hints is fixed: a row that is
not used has a 0 in its last column. There are no guesses, and no places to keep. Colours that do not exist are brought into the
gamut by painting alone. And what is missing at a hint is found at the size that the network sees.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops

from kcolor import color
from kcolor.colorizer.coefficients import fitted_coefficients, no_larger_than, resize_like
from kcolor.colorizer.inference import Inference
from kcolor.hints.blobs import PIN_LIGHTNESS, PIN_REACH
from kcolor.hints.possible import rgb_function
from kcolor.hints.spread import NUGGET, boldness, descriptors, halves, kernel, narrow
from kcolor.images import arrays
from kcolor.images.resizing import reduced
from kcolor.utils.types import Tensor

EXPORTED_COLUMNS = ("x", "y", "radius", "a", "b", "used")
_ROUNDS = 3  # of pinning
_STEPS = 24  # of conjugate gradients


def check_hints(hints: int | None, format: str, colorizer: Any) -> None:
    """Raises ValueError unless a colorizer can be exported with so many hints.

    >>> check_hints(None, "litert", None)

    Args:
        hints: Integer, or None for no hints.
        format: String. Name of the format.
        colorizer: `kcolor.Colorizer`.
    """
    if hints is None:
        return
    if format not in ("savedmodel", "onnx"):
        raise ValueError(f"Expected `hints` for the formats savedmodel and onnx. Received: {format!r}")
    if hints != int(hints) or not 1 <= hints <= 64:
        raise ValueError(f"Expected `hints` as a number from 1 to 64. Received: {hints!r}")
    if not colorizer.forward_pass.has_features:
        raise ValueError("Expected a network with feature maps, to spread hints by. This one has none")


def hinted_in_graph(
    inference: Inference, photos: Tensor, hints: Tensor, paint: Callable[[Tensor, Tensor], Tensor] | None = None
) -> Tensor:
    """Colours one photo with hints.

    Args:
        inference: `Inference` of a colorizer whose network has feature maps.
        photos: uint8 tensor ``(1, height, width, 3)``. Sizes may be unknown.
        hints: Floats ``(count, 6)``, see `EXPORTED_COLUMNS`: place and radius as shares of the width, the height and the
            shorter side; the (a, b) of the colour; 1 for a hint that is used, else 0.
        paint: As of `Inference.in_graph`.

    Returns:
        uint8 tensor of the photo's shape.
    """
    photos, hints = ops.convert_to_tensor(photos), ops.convert_to_tensor(hints, "float32")
    forward, size = inference.forward, tuple(ops.shape(photos)[1:3])
    seen = forward.seen(arrays.to_float(reduced(photos, inference.reduction(*size))), inference.options.size)
    raw, maps = forward.raw_and_features(seen)
    chroma = forward.chroma(raw, seen)
    maps = forward.at_photo(resize_like(maps, raw), seen)
    target, luma = forward.target, forward.target.luma(seen)
    place = _Places(seen, luma, hints)
    wanted = _wanted(target, hints, place.luma)
    ab = target.lab(chroma, seen)[..., 1:]
    alike = _flat(descriptors(seen, maps, ab))
    missing = (wanted - place.mean(_flat(chroma - target.neutral(chroma)))) * place.used
    strength = ops.sqrt(ops.sum(ops.square(hints[:, 3:5] - place.mean(_flat(ab))), axis=1, keepdims=True))
    bold = boldness(strength, hints[:, 2:3])
    moved = chroma + ops.reshape(_spread(missing, place.mean(alike), alike, place.used, bold), ops.shape(chroma))
    coefficients = fitted_coefficients(forward, moved, luma, size)
    coefficients = coefficients + _pins(coefficients, place, hints, target, seen)
    return (paint or inference.painter.whole)(no_larger_than(size, coefficients), photos)


class _Places:
    """The patches of hints in the picture that the network sees: ``(count, pixels)`` weights with the sum 1."""

    def __init__(self, seen, luma, hints):
        height, width = (ops.cast(side, "float32") for side in ops.shape(seen)[1:3])
        ones = ops.ones_like(luma[0, ..., 0])
        rows, columns = (ops.reshape(ops.cumsum(ones, axis) - 0.5, (1, -1)) for axis in (0, 1))
        self.side = ops.minimum(height, width)
        radius = hints[:, 2:3] * self.side
        self.down, self.across = rows - hints[:, 1:2] * height, columns - hints[:, 0:1] * width
        reach = ops.maximum(radius, 0.5) + 1e-3
        inside = ops.cast(ops.logical_and(ops.abs(self.down) <= reach, ops.abs(self.across) <= reach), "float32")
        self.weights = inside / ops.maximum(ops.sum(inside, axis=1, keepdims=True), 1e-6)
        self.used, self.radius, self.all_luma = hints[:, 5:6], radius, ops.reshape(luma, (1, -1))
        self.luma = self.mean(ops.reshape(luma, (-1, 1)))

    def mean(self, flat):
        return ops.matmul(self.weights, flat)

    def blobs(self):
        width = ops.sqrt(ops.square(ops.maximum(1.0, PIN_REACH * self.side)) + ops.square(self.radius))
        far = ops.square(self.down / width) + ops.square(self.across / width)
        far = far + ops.square((self.all_luma - self.luma) / PIN_LIGHTNESS)
        blobs = ops.exp(-far / 2) * self.used
        return blobs / ops.maximum(ops.sum(blobs, axis=0, keepdims=True), 1.0)


def _wanted(target, hints, luma):
    """The chroma of the hints' colours, as its distance from no colour."""
    ab = hints[:, 3:5]
    if target.chroma_is_ab:
        return ab
    rgb = ops.clip(rgb_function(target)(ab, luma), 0.0, 1.0)
    chroma = target.own_chroma(ops.reshape(rgb, (-1, 1, 1, 3)))
    return ops.reshape(chroma - target.neutral(chroma), (-1, target.channels))


def _spread(missing, at, everywhere, used, bold):
    """As `kcolor.hints.spread.spread`; ONNX has no solver of its own."""
    own, count = halves(at), int(missing.shape[0])
    both = used * ops.transpose(used)
    between, spare = kernel(at, own, at, own) * both, ops.eye(count) * (1.0 - used)
    wide = _solved(between + spare + ops.eye(count) * (NUGGET + bold), missing)
    near = _solved(narrow(between) + spare + ops.eye(count) * NUGGET, (missing - ops.matmul(between, wide)) * used)
    likeness = kernel(everywhere, halves(everywhere), at, own)
    return ops.matmul(likeness, wide) + ops.matmul(narrow(likeness), near)  # both are 0 at hints that are not used


def _solved(system, wanted):
    """Solves a system by conjugate gradients."""
    answer = ops.zeros_like(wanted)
    residual = direction = wanted
    length = ops.sum(ops.square(residual), axis=0)
    for _ in range(min(int(wanted.shape[0]), _STEPS)):
        ahead = ops.matmul(system, direction)
        step = length / ops.maximum(ops.sum(direction * ahead, axis=0), 1e-9)
        answer, residual = answer + step * direction, residual - step * ahead
        before, length = length, ops.sum(ops.square(residual), axis=0)
        direction = residual + length / ops.maximum(before, 1e-9) * direction
    return answer


def _pins(coefficients, place, hints, target, seen):
    """What is added to the coefficients, so that the hints' patches have their colours at the size seen."""
    slope, offset = ops.split(coefficients, 2, axis=-1)
    blobs, count = place.blobs(), int(hints.shape[0])
    own = ops.sum(ops.matmul(place.weights, ops.transpose(blobs)) * ops.eye(count), axis=1, keepdims=True)
    strength = ops.zeros((count, offset.shape[-1]))
    luma, wanted = target.luma(seen), _wanted(target, hints, place.luma)
    field = ops.zeros_like(offset)
    for _ in range(_ROUNDS):
        painted = target.join(slope * luma + offset + field, seen)
        there = place.mean(_flat(color.rgb_to_lab(painted)[..., 1:]))
        found = _wanted(target, ops.concatenate([hints[:, :3], there, hints[:, 5:]], axis=1), place.luma)
        strength = strength + (wanted - found) * place.used / ops.maximum(own, 0.1)
        field = ops.reshape(ops.matmul(ops.transpose(blobs), strength), ops.shape(offset))
    return ops.concatenate([ops.zeros_like(slope), field], axis=-1)


def _flat(maps):
    return ops.reshape(maps, (-1, maps.shape[-1]))


def as_rows(placement: Any, count: int, size: tuple[int, int]) -> np.ndarray:
    """Returns hints as an exported colorizer takes them.

    >>> from kcolor.hints.hint import place
    >>> placed = place([kcolor.hints.Hint(0.5, 0.25, (20, -10), radius=0.1, relative=True)], 100, 100)
    >>> as_rows(placed, 2, (100, 100)).astype(float).round(2).tolist()
    [[0.5, 0.25, 0.1, 20.0, -10.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]

    Args:
        placement: `kcolor.hints.hint.Placement` of hints with colours.
        count: Integer. The number of hints that the export takes.
        size: Pair (height, width) of the photo.

    Raises:
        ValueError: If there are more of them, or such that an exported colorizer has no way to take: colours that are kept, or
            meant everywhere.
    """
    from kcolor.hints.patches import ab_of

    if len(placement.patches) > count:
        raise ValueError(
            f"Expected at most {count} hints, as many as the export takes. Received: {len(placement.patches)} (a line counts "
            "as several)"
        )
    if placement.everywhere is not None or any(np.isnan(ab_of(patch.color)).any() for patch in placement.patches):
        raise ValueError('Expected hints with a place and a color of their own. Received: one for everywhere, or "keep"')
    rows = np.zeros((count, len(EXPORTED_COLUMNS)), "float32")
    for row, patch in zip(rows, placement.patches, strict=False):
        top, left, bottom, right = patch.box
        radius = max((bottom - top) * size[0] / 2 / min(size), patch.radius)  # an edge cuts the box, and not what is meant
        down, across = (radius * min(size) / side for side in size)
        row[:3] = _middle(left, right, across), _middle(top, bottom, down), radius
        row[3:] = *ab_of(patch.color), 1
    return rows


def _middle(low, high, reach):
    """The middle of a patch's side before an edge of the photo cut it."""
    if high - low > 1.9 * reach or (low > 0 and high < 1):
        return (low + high) / 2
    return high - reach if low <= 0 else low + reach
