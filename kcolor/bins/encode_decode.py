"""Colours to bins and back, on the device."""

from keras import ops

from kcolor.bins.grid import Grid
from kcolor.bins.lookup import near_bins
from kcolor.utils.types import Tensor

DECODINGS = ("mean", "mode", "temperature", "annealed_mean")


def index(ab: Tensor, grid: Grid) -> Tensor:
    """Returns the bin of every colour.

    >>> grid = kcolor.bins.uniform_grid(2)
    >>> ops.convert_to_numpy(kcolor.bins.index(np.float32([[-9, -9], [9, -9], [-9, 9], [9, 9]]), grid)).tolist()
    [0, 1, 2, 3]

    Args:
        ab: Float tensor ``(..., 2)``.
        grid: A `Grid`.

    Returns:
        int32 tensor ``(...)`` in 0..bins - 1. Colours beyond the lattice belong to its edge.
    """
    return ops.take(
        ops.convert_to_tensor(grid.remap, "int32"), _cell(ops.cast(ab, "float32"), grid.origin, grid.step, grid.shape)
    )


def neighbors_of(ab: Tensor, grid: Grid, neighbors: int = 5, sigma: float = 5.0) -> tuple[Tensor, Tensor]:
    """Returns the nearest bins of every colour and the share of each: a Gaussian of the distance to its centre.

    Which bins are nearest is looked up in a table with a step of half a unit of ab, which is finer than 8-bit photos. The
    distances themselves are exact. (A search among all bins takes longer than the network.)

    >>> grid = kcolor.bins.gamut_grid(10.0)
    >>> index, share = kcolor.bins.neighbors_of(np.float32([[4, 0]]), grid, neighbors=2)
    >>> grid.centers[np.sort(ops.convert_to_numpy(index)[0])].tolist()
    [[0.0, 0.0], [10.0, 0.0]]
    >>> np.sort(ops.convert_to_numpy(share)[0]).round(2)
    array([0.4, 0.6], dtype=float32)

    Args:
        ab: Float tensor ``(..., 2)``.
        grid: A `Grid`.
        neighbors: Integer. How many bins share a colour, or all bins if there are fewer.
        sigma: Positive number. Standard deviation of the Gaussian in units of ab.

    Returns:
        ``(index, share)``: tensors ``(..., neighbors)`` of int32 and float32, in no order. Shares sum to 1. Colours beyond
        the lattice have the neighbours of its edge.
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


def soft_encode(ab: Tensor, grid: Grid, neighbors: int = 5, sigma: float = 5.0) -> Tensor:
    """Spreads every colour over its nearest bins: `neighbors_of` written out.

    >>> share = kcolor.bins.soft_encode(np.float32([[-0.5, -0.5]]), kcolor.bins.uniform_grid(2), sigma=50.0)
    >>> ops.convert_to_numpy(share).round(2)
    array([[0.25, 0.25, 0.25, 0.25]], dtype=float32)

    Args:
        ab: Float tensor ``(..., 2)``.
        grid: A `Grid`.
        neighbors: Integer. How many bins share a colour.
        sigma: Positive number. Standard deviation of the Gaussian in units of ab.

    Returns:
        float32 tensor ``(..., bins)`` that sums to 1 over the bins. All but the neighbours are 0.
    """
    index, share = neighbors_of(ab, grid, neighbors, sigma)
    every = ops.arange(grid.size, dtype="int32")
    return sum(ops.where(index[..., n : n + 1] == every, share[..., n : n + 1], 0.0) for n in range(index.shape[-1]))


def check_decoding(decoding: str, temperature: float) -> None:
    """Raises ValueError unless there is such a decoding, and the temperature lies in its range.

    >>> check_decoding("annealed_mean", 0.38)

    Args:
        decoding: As of `decode`.
        temperature: As of `decode`.
    """
    if decoding not in DECODINGS:
        raise ValueError(f"Unknown `decoding`. Expected one of {DECODINGS}. Received: {decoding!r}")
    if not 0 <= temperature <= 1 or (decoding == "annealed_mean" and temperature == 0):
        allowed = "above 0 and up to 1" if decoding == "annealed_mean" else "in [0, 1]"
        raise ValueError(f"Expected a `temperature` {allowed} for {decoding}. Received: {temperature!r}")


def decode(logits: Tensor, grid: Grid, decoding: str = "annealed_mean", temperature: float = 0.38) -> Tensor:
    """Turns the raw output of a network into colours.

    >>> grid = kcolor.bins.uniform_grid(2)
    >>> logits = np.log(np.float32([[0.1, 0.2, 0.3, 0.4]]))
    >>> ops.convert_to_numpy(kcolor.bins.decode(logits, grid, "mean"))
    array([[63.25, 63.25]], dtype=float32)

    Args:
        logits: Float tensor ``(..., bins)``; or ``(..., 1)`` with the index of a bin.
        grid: A `Grid`. If it was measured, its bins have their true mean and mode, otherwise both are their centres.
        decoding: ``"mean"`` or ``"mode"`` for the mean or mode colour of the likeliest bin. ``"temperature"`` for a colour
            between the two (1 is the mean, 0 the mode; system A preferred 0.8 to 1). ``"annealed_mean"`` for the expected
            mean colour after sharpening the distribution: softmax(log p / temperature).
        temperature: Number in [0, 1], for the last two; above 0 for the very last.

    Returns:
        float32 tensor ``(..., 2)``: a and b.

    Raises:
        ValueError: If there is no such decoding, or the temperature is out of its range.
    """
    check_decoding(decoding, temperature)
    mixing = {"mean": 1.0, "mode": 0.0, "temperature": temperature, "annealed_mean": 1.0}[decoding]
    table = ops.convert_to_tensor(grid.colors(mixing), "float32")
    if logits.shape[-1] == 1 and grid.size != 1:
        return ops.take(table, ops.cast(logits[..., 0], "int32"), axis=0)
    logits = ops.cast(logits, "float32")
    if decoding != "annealed_mean":
        # Not argmax: Keras's tells -0.0 from 0.0, bit by bit, which cannot be exported.
        likeliest = ops.top_k(logits, 1)[1][..., 0]
        return ops.take(table, likeliest, axis=0)
    return mean_color(ops.softmax(logits / temperature, axis=-1), table)


def mean_color(share: Tensor, colors: Tensor) -> Tensor:
    """Returns the mean of the bins' colours.

    >>> ops.convert_to_numpy(mean_color(np.float32([[0.25, 0.75]]), np.float32([[0, 4], [8, 0]])))
    array([[6., 1.]], dtype=float32)

    Args:
        share: Floats ``(..., bins)``. What each bin counts.
        colors: Floats ``(bins, 2)``: a and b of each bin.

    Returns:
        Floats ``(..., 2)``: a and b.
    """
    # A sum for each channel instead of a matrix product, which GPUs would round (see kcolor.color).
    return ops.stack([ops.sum(share * colors[:, 0], axis=-1), ops.sum(share * colors[:, 1], axis=-1)], axis=-1)


def _cell(ab, origin, step, shape):
    rows, columns = shape
    ia, ib = (
        ops.cast(ops.clip(ops.floor((ab[..., axis] - origin[axis]) / step), 0, cells - 1), "int32")
        for axis, cells in enumerate((columns, rows))
    )
    return ib * columns + ia
