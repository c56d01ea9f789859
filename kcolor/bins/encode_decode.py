"""Colours to bins and back, on the device."""

from keras import ops

from kcolor.bins.grid import Grid, near_bins

DECODINGS = ("mean", "mode", "temperature", "annealed_mean")


def index(ab, grid: Grid):
    """The bin of every colour.

    Args:
        ab: float tensor ``(..., 2)``.
        grid: a `Grid`.

    Returns:
        int32 tensor ``(...)`` in 0..bins - 1; colours beyond the lattice belong to its edge.
    """
    return ops.take(
        ops.convert_to_tensor(grid.remap, "int32"), _cell(ops.cast(ab, "float32"), grid.origin, grid.step, grid.shape)
    )


def neighbors_of(ab, grid: Grid, neighbors: int = 5, sigma: float = 5.0):
    """The nearest bins of every colour, and what each has of it: a Gaussian of the distance to its centre.

    Which bins those are is looked up at half a unit of ab, which is finer than photos of 8 bits are; how far they are is exact.
    (To look for them among all bins takes longer than the network.)

    Args:
        ab: float tensor ``(..., 2)``.
        grid: a `Grid`.
        neighbors: how many bins share a colour, or all there are if that is fewer.
        sigma: of the Gaussian, in units of ab.

    Returns:
        ``(index, share)``, int32 and float32 ``(..., neighbors)``, in no order; shares sum to 1. Colours beyond the lattice
        have the neighbours of its edge.
    """
    ab = ops.cast(ab, "float32")
    table = near_bins(grid, neighbors)
    square = _cell(ab, grid.origin, grid.step * grid.shape[0] / table.shape[0], table.shape[:2])
    index = ops.take(ops.convert_to_tensor(table.reshape(-1, table.shape[-1]), "int32"), square, axis=0)
    squared = sum(
        ops.square(ab[..., axis : axis + 1] - ops.take(ops.convert_to_tensor(grid.centers[:, axis], "float32"), index))
        for axis in (0, 1)
    )
    # Relative to the nearest, so that a colour far outside the gamut does not underflow to 0/0.
    weight = ops.exp((ops.min(squared, axis=-1, keepdims=True) - squared) / (2 * sigma**2))
    return index, weight / ops.sum(weight, axis=-1, keepdims=True)


def soft_encode(ab, grid: Grid, neighbors: int = 5, sigma: float = 5.0):
    """Spreads every colour over its nearest bins: `neighbors_of` written out.

    Args:
        ab, grid, neighbors, sigma: as there.

    Returns:
        float32 tensor ``(..., bins)`` that sums to 1 over the bins; all but the neighbours have 0.
    """
    index, share = neighbors_of(ab, grid, neighbors, sigma)
    every = ops.arange(grid.size, dtype="int32")
    return sum(ops.where(index[..., n : n + 1] == every, share[..., n : n + 1], 0.0) for n in range(index.shape[-1]))


def decode(logits, grid: Grid, decoding: str = "annealed_mean", temperature: float = 0.38):
    """Turns what a network answers into colours.

    Args:
        logits: float tensor ``(..., bins)``, or ``(..., 1)`` with the index of a bin.
        grid: a `Grid`; once measured its bins' true mean and mode are used, before that their centres.
        decoding: ``"mean"`` and ``"mode"``: the mean or mode colour of the likeliest bin; ``"temperature"``: between the
            two (1 mean, 0 mode; system A preferred 0.8 to 1); ``"annealed_mean"``: the expected mean colour after
            sharpening the distribution, softmax(log p / temperature).
        temperature: for the last two.

    Returns:
        float32 tensor ``(..., 2)``: a and b.
    """
    if decoding not in DECODINGS:
        raise ValueError(f"Unknown `decoding`. Expected one of {DECODINGS}. Received: {decoding!r}")
    if temperature < 0 or (decoding == "annealed_mean" and temperature == 0):
        raise ValueError(f"Expected a positive `temperature` for {decoding}. Received: {temperature!r}")
    mixing = {"mean": 1.0, "mode": 0.0, "temperature": temperature, "annealed_mean": 1.0}[decoding]
    table = ops.convert_to_tensor(grid.colors(mixing), "float32")
    if logits.shape[-1] == 1 and grid.size != 1:
        return ops.take(table, ops.cast(logits[..., 0], "int32"), axis=0)
    logits = ops.cast(logits, "float32")
    if decoding != "annealed_mean":
        likeliest = ops.top_k(logits, 1)[1][..., 0]  # Keras's argmax tells -0.0 from 0.0, bit by bit: not for exports
        return ops.take(table, likeliest, axis=0)
    share = ops.softmax(logits / temperature, axis=-1)
    # One sum a channel rather than a matrix product, which GPUs would round (see kcolor.color).
    return ops.stack([ops.sum(share * table[:, 0], axis=-1), ops.sum(share * table[:, 1], axis=-1)], axis=-1)


def _cell(ab, origin, step, shape):
    rows, columns = shape
    ia, ib = (
        ops.cast(ops.clip(ops.floor((ab[..., axis] - origin[axis]) / step), 0, cells - 1), "int32")
        for axis, cells in enumerate((columns, rows))
    )
    return ib * columns + ia
