"""What happens to a print: dark or pale corners, scratches and dust. `kcolor.augment.age` draws the strengths.

All take float32 pictures ``(batch, height, width, channels)`` in [0, 1].
"""

from keras import ops

from kcolor.utils.types import Tensor

# The most marks of a picture: long scratches from top to bottom, short ones from side to side, and specks of dust.
DOWN, ACROSS, SPECKS = 4, 2, 18
MARKS = DOWN + ACROSS + SPECKS
PIECES = 8  # of a scratch: each a little farther to one side than the one before
DARK = 0.3  # the share of marks that are dark
MARK_DRAWS = ("there", "down", "across", "length", "lean", "size", "tone")


def vignette(photos: Tensor, strength: Tensor, shape: Tensor, level: Tensor) -> Tensor:
    """Moves the corners towards one grey, as lenses darken them, and light bleaches prints from their edges.

    >>> one = ops.ones((1, 1, 1, 1))
    >>> ops.convert_to_numpy(vignette(ops.ones((1, 3, 3, 1)), one, one, 0 * one))[0, :, :, 0].round(2)
    array([[0.56, 0.78, 0.56],
           [0.78, 1.  , 0.78],
           [0.56, 0.78, 0.56]], dtype=float32)

    Args:
        photos: float32 tensor ``(batch, height, width, channels)`` in [0, 1].
        strength: Float tensor ``(batch, 1, 1, 1)`` in [0, 1]. How far the very corners go.
        shape: Float tensor ``(batch, 1, 1, 1)`` in [0, 1]. 1 grows with the square of the distance from the middle, 0 with its
            fourth power: later, and steeper.
        level: Float tensor ``(batch, 1, 1, 1)`` in [0, 1]. The grey: 0 for dark corners, 1 for pale ones.

    Returns:
        float32 tensor of the same shape in [0, 1].
    """
    _, height, width, _ = ops.shape(photos)
    rows, columns = (ops.square(2 * _pixels(side) / ops.cast(side, "float32") - 1) / 2 for side in (height, width))
    distance = ops.reshape(rows, (1, -1, 1, 1)) + ops.reshape(columns, (1, 1, -1, 1))  # squared; 1 in the corners
    return photos + strength * distance * (shape + (1 - shape) * distance) * (level - photos)


def scratch(photos: Tensor, chance: Tensor, draws: dict[str, Tensor]) -> Tensor:
    """Draws thin scratches and dust, white or black.

    Args:
        photos: float32 tensor ``(batch, height, width, channels)`` in [0, 1].
        chance: Float tensor ``(batch, 1)`` in [0, 1]. The chance that a mark is there. The most are `DOWN` scratches from
            top to bottom, `ACROSS` from side to side, and `SPECKS` of dust.
        draws: Dict of tensors ``(batch, MARKS)`` with the names `MARK_DRAWS`, uniform in (0, 1).

    Returns:
        float32 tensor of the same shape, not clipped. The change is the same in all channels.
    """
    height, width = ops.shape(photos)[1:3]
    tone = ops.where(draws["tone"] < DARK, -1.5 * draws["tone"] - 0.2, draws["tone"])
    draws = draws | {"tone": ops.where(draws["there"] < chance, tone, 0.0)}
    # Long scratches, short ones, dust.
    down, across, specks = (
        {name: draw[:, end - count : end] for name, draw in draws.items()}
        for count, end in ((DOWN, DOWN), (ACROSS, DOWN + ACROSS), (SPECKS, MARKS))
    )
    rows, columns = _line(down, "down", height, "across", width)
    more_columns, more_rows = _line(across, "across", width, "down", height)
    dust_rows, dust_columns = _dust(specks, height, width)
    # Each mark, or piece of one, is a column times a row. So all of them together are one product of matrices.
    rows, columns = (
        ops.concatenate(parts, axis=1) for parts in ((rows, more_rows, dust_rows), (columns, more_columns, dust_columns))
    )
    return photos + ops.expand_dims(ops.matmul(ops.transpose(rows, (0, 2, 1)), columns), -1)


def _line(draws, along, long, beside, broad):
    """The pieces of scratches: what each has along its length, and beside it, ``(batch, lines * PIECES, pixels)``."""
    length = (0.1 + 1.4 * draws["length"]) * ops.cast(long, "float32")
    start = draws[along] * ops.cast(long, "float32") - length / 2
    pieces = ops.arange(PIECES, dtype="float32")
    place = PIECES * (_pixels(long) - start[..., None]) / length[..., None]  # counted in pieces
    piece = ops.relu(1 - ops.abs(place[:, :, None] - 0.5 - pieces[:, None]))  # each fades into the next
    lean = 2 * draws["lean"][..., None] - 1  # up to a pixel from piece to piece: more would show steps
    middle = draws[beside][..., None] * ops.cast(broad, "float32") + lean * (pieces - PIECES / 2)
    profile = _bump(middle, 0.35 + 0.4 * draws["size"][..., None], broad)
    piece = piece * 0.6 * draws["tone"][..., None, None]
    return (ops.reshape(x, (-1, x.shape[1] * PIECES, ops.shape(x)[-1])) for x in (piece, profile))


def _dust(draws, height, width):
    """Specks of dust, as what each has down and across, ``(batch, specks, pixels)``."""
    size = 0.4 + 1.2 * ops.square(draws["size"])
    rows = _bump(draws["down"] * ops.cast(height, "float32"), size, height)
    columns = _bump(draws["across"] * ops.cast(width, "float32"), size, width)
    return rows * 1.5 * draws["tone"][..., None], columns


def _bump(middle, sigma, side):
    distance = (_pixels(side) - middle[..., None]) / sigma[..., None]
    return ops.exp(-0.5 * distance * distance)


def _pixels(side):
    return ops.arange(side, dtype="float32") + 0.5
