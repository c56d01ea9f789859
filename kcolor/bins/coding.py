"""Colours to bins and back, on the device."""

from keras import ops

from kcolor.bins.grid import Grid

DECODINGS = ("mean", "mode", "temperature", "annealed_mean")


def index(ab, grid: Grid):
    """The bin of every colour.

    Args:
        ab: float tensor ``(..., 2)``.
        grid: a `Grid`.

    Returns:
        int32 tensor ``(...)`` in 0..bins - 1; colours beyond the lattice belong to its edge.
    """
    rows, columns = grid.shape
    ab = ops.cast(ab, "float32")
    ia, ib = (
        ops.cast(ops.clip(ops.floor((ab[..., axis] - grid.origin[axis]) / grid.step), 0, cells - 1), "int32")
        for axis, cells in enumerate((columns, rows))
    )
    return ops.take(ops.convert_to_tensor(grid.remap, "int32"), ib * columns + ia)


def soft_encode(ab, grid: Grid, neighbors: int = 5, sigma: float = 5.0):
    """Spreads every colour over its nearest bins, by a Gaussian of the distance to their centres.

    Args:
        ab: float tensor ``(..., 2)``.
        grid: a `Grid`.
        neighbors: how many bins share a colour; all others get 0.
        sigma: of the Gaussian, in units of ab.

    Returns:
        float32 tensor ``(..., bins)`` that sums to 1 over the bins.
    """
    ab = ops.cast(ab, "float32")
    centers = ops.convert_to_tensor(grid.centers, "float32")
    squared = ops.square(ab[..., :1] - centers[:, 0]) + ops.square(ab[..., 1:] - centers[:, 1])
    # Of two bins that are equally far the first is nearer, so that no more than `neighbors` are.
    order = squared + 1e-4 * ops.arange(grid.size, dtype="float32")
    farthest = -ops.top_k(-order, min(neighbors, grid.size))[0][..., -1:]
    # Relative to the nearest, so that a colour far outside the gamut does not underflow to 0/0.
    weight = ops.exp((ops.min(squared, axis=-1, keepdims=True) - squared) / (2 * sigma**2))
    weight = ops.where(order <= farthest, weight, 0.0)
    return weight / ops.sum(weight, axis=-1, keepdims=True)


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
    table = ops.convert_to_tensor(grid.table(mixing), "float32")
    if logits.shape[-1] == 1 and grid.size != 1:
        return ops.take(table, ops.cast(logits[..., 0], "int32"), axis=0)
    logits = ops.cast(logits, "float32")
    if decoding != "annealed_mean":
        return ops.take(table, ops.argmax(logits, axis=-1), axis=0)
    share = ops.softmax(logits / temperature, axis=-1)
    # One sum a channel rather than a matrix product, which GPUs would round (see kcolor.color).
    return ops.stack([ops.sum(share * table[:, 0], axis=-1), ops.sum(share * table[:, 1], axis=-1)], axis=-1)
