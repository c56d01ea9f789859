"""Changing the size of pictures: antialiased down, bilinear up, and mirrored margins."""

from keras import ops

from kcolor.images.graph_sizes import ceiling
from kcolor.utils.types import Tensor


def resize(images: Tensor, size: tuple) -> Tensor:
    """Resizes a batch of pictures, bilinear where they get larger and antialiased where they get smaller.

    This is a product with a matrix along either axis: the same arithmetic on every backend, with XLA or without, in every
    format that a graph is exported to, and for sizes that are tensors.

    >>> ramp = np.arange(4, dtype="float32").reshape(1, 1, 4, 1)
    >>> ops.convert_to_numpy(resize(ramp, (1, 8)))[0, 0, :3, 0]
    array([0.  , 0.25, 0.75], dtype=float32)

    Args:
        images: Float tensor ``(batch, height, width, channels)``.
        size: Pair (height, width): integers or, while a graph is made, tensors.

    Returns:
        Tensor ``(batch, *size, channels)`` of the same dtype. If the pictures have that size already, it is `images` itself.
    """
    if _same(images.shape[1], size[0]) and _same(images.shape[2], size[1]):
        return images
    batch, height, width, channels = ops.shape(images)
    rows = ops.matmul(_weights(height, size[0]), ops.reshape(ops.cast(images, "float32"), (batch, height, width * channels)))
    lines = ops.transpose(ops.reshape(rows, (batch, size[0], width, channels)), (0, 1, 3, 2))
    columns = ops.matmul(ops.reshape(lines, (-1, width)), ops.transpose(_weights(width, size[1])))
    resized = ops.transpose(ops.reshape(columns, (batch, size[0], channels, size[1])), (0, 1, 3, 2))
    return ops.cast(resized, images.dtype)


def _same(old, new):
    return isinstance(old, int) and isinstance(new, int) and old == new


def _weights(old, new):
    """Returns what each of `new` pixels in a row takes of the `old` ones.

    It is a triangle around the new pixel, as wide as two old pixels, or as two new ones where those are larger.
    """
    ratio = ops.cast(old, "float32") / ops.cast(new, "float32")
    centres = (ops.arange(new, dtype="float32") + 0.5) * ratio - 0.5
    distance = ops.abs(centres[:, None] - ops.arange(old, dtype="float32")) / ops.maximum(ratio, 1.0)
    triangle = ops.maximum(1.0 - distance, 0.0)
    return triangle / ops.sum(triangle, axis=1, keepdims=True)


def shrink(images: Tensor, factor: int | tuple[int, int]) -> Tensor:
    """Makes pictures smaller by a whole factor. Each pixel is the mean of a block.

    This is the same on every backend, and several times faster than `resize`.

    >>> ops.convert_to_numpy(shrink(np.float32([[[[0], [1]], [[2], [3]]]]), 2)).item()
    1.5

    Args:
        images: Float tensor ``(batch, height, width, channels)``.
        factor: Integer, or a pair for height and width.

    Returns:
        Tensor ``(batch, height // factor, width // factor, channels)``.
    """
    return ops.average_pool(images, factor, strides=factor, data_format="channels_last")


def reduced(images: Tensor, factor: int | Tensor) -> Tensor:
    """Makes 8-bit pictures smaller by a whole factor, exactly as Pillow's `Image.reduce` does.

    >>> picture = ops.convert_to_tensor(np.uint8([[[[0], [10], [100]]]]))
    >>> ops.convert_to_numpy(reduced(picture, 2))[0, 0, :, 0]
    array([  5, 100], dtype=uint8)

    Args:
        images: uint8 tensor ``(batch, height, width, channels)``.
        factor: Integer, or a tensor while a graph is made.

    Returns:
        uint8 tensor. Blocks at the lower and right edges may be smaller than the others.
    """
    if isinstance(factor, int) and factor == 1:
        return images
    batch, height, width, channels = ops.shape(images)
    rows, columns = ceiling(height, factor), ceiling(width, factor)
    margins = [(0, 0), (0, rows * factor - height), (0, columns * factor - width), (0, 0)]
    blocks = ops.reshape(ops.pad(ops.cast(images, "int32"), margins), (batch, rows, factor, columns, factor, channels))
    total = ops.sum(blocks, axis=(2, 4))
    sides = (height, rows), (width, columns)
    tall, wide = (ops.minimum(factor, side - factor * ops.arange(n, dtype="int32")) for side, n in sides)
    count = ops.expand_dims(tall[:, None] * wide, -1)
    # Pillow multiplies by a reciprocal that is rounded down. Where the division leaves no remainder, its result is 1 less.
    total = total + count // 2
    exact = ops.logical_and(total % count == 0, (1 << 30) % count != 0)
    return ops.cast(total // count - ops.cast(ops.logical_and(exact, total > 0), "int32"), "uint8")


def mirror_pad(images: Tensor, size: tuple) -> Tensor:
    """Mirrors pictures at their lower and right edges until they have a size.

    Margins may be wider than the picture. It is then mirrored again and again.

    >>> row = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
    >>> ops.convert_to_numpy(mirror_pad(row, (1, 8)))[0, 0, :, 0]
    array([0., 1., 2., 2., 1., 0., 0., 1.], dtype=float32)

    Args:
        images: Tensor ``(batch, height, width, channels)``.
        size: Pair (height, width), at least that of the pictures: integers or, while a graph is made, tensors.

    Returns:
        Tensor ``(batch, *size, channels)``. Cut it back with ``[:, :height, :width]``.
    """
    for axis in (1, 2):
        side = ops.shape(images)[axis]
        if isinstance(side, int) and isinstance(size[axis - 1], int) and side > size[axis - 1]:
            raise ValueError(f"Expected pictures of at most {size[0]}×{size[1]}. Received shape: {tuple(images.shape)}")
        if not (isinstance(side, int) and side == size[axis - 1]):
            images = mirrored(images, axis, 0, size[axis - 1])
    return images


def mirrored(images: Tensor, axis: int, start: int, count: int | Tensor) -> Tensor:
    """Returns some rows or columns of pictures that continue as mirror images: ``c b a | a b c | c b a``.

    >>> row = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
    >>> ops.convert_to_numpy(mirrored(row, axis=2, start=-2, count=6))[0, 0, :, 0]
    array([1., 0., 0., 1., 2., 2.], dtype=float32)

    Args:
        images: Tensor ``(batch, height, width, channels)``.
        axis: 1 for rows, 2 for columns.
        start: Integer. The first row or column to return; negative ones lie before the picture.
        count: How many to return: an integer, or a tensor while a graph is made.

    Returns:
        Tensor of the shape of `images`, with `count` along the axis.
    """
    side = ops.shape(images)[axis]
    turns = max(0, -start)  # more than enough to count from above 0, because ONNX takes other remainders below it
    place = (ops.arange(count, dtype="int32") + start + turns * 2 * side) % (2 * side)
    return ops.take(images, ops.minimum(place, 2 * side - 1 - place), axis=axis)


def mirrored_places(place: Tensor, size: int | Tensor) -> Tensor:
    """Returns where places in such a picture lie in the picture itself: `mirrored` for places between pixels.

    >>> ops.convert_to_numpy(mirrored_places(np.float32([-1.5, 0.25, 3.5]), 3))
    array([0.5 , 0.25, 1.5 ], dtype=float32)

    Args:
        place: Float tensor, counted from the middle of the first pixel.
        size: How many pixels the picture has along the axis: an integer, or a tensor while a graph is made.

    Returns:
        Float tensor of the same shape in -0.5..size - 0.5.
    """
    size = ops.cast(size, "float32")
    place = ops.mod(place + 0.5, 2 * size)
    return ops.minimum(place, 2 * size - place) - 0.5
