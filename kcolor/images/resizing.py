"""Changing the size of pictures: antialiased down, bilinear up, and mirrored margins."""

from keras import ops

from kcolor.images.graph_sizes import ceiling


def resize(images, size):
    """Resizes a batch, antialiased where it gets smaller.

    A product with a matrix along either axis: the same arithmetic on every backend, with XLA or without, in every format that
    a graph is exported to, and for sizes that are tensors.

    Args:
        images: float tensor ``(batch, height, width, channels)``.
        size: ``(height, width)``, numbers or, while a graph is made, tensors.

    Returns:
        Tensor ``(batch, *size, channels)``; the very same one if it has that size already.
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
    """What each of `new` pixels in a row takes of `old` ones: a triangle, two new pixels wide, or two old ones if larger."""
    ratio = ops.cast(old, "float32") / ops.cast(new, "float32")
    centres = (ops.cast(ops.arange(new), "float32") + 0.5) * ratio - 0.5
    distance = ops.abs(centres[:, None] - ops.cast(ops.arange(old), "float32")) / ops.maximum(ratio, 1.0)
    triangle = ops.maximum(1.0 - distance, 0.0)
    return triangle / ops.sum(triangle, axis=1, keepdims=True)


def shrink(images, factor):
    """Makes pictures smaller by a whole factor (a number, or one a side), each pixel the mean of a block.

    That is the same on every backend, and several times faster than a filter.
    """
    return ops.average_pool(images, factor, strides=factor)


def reduced(images, factor):
    """Makes 8-bit pictures smaller by a whole factor, as Pillow's `Image.reduce` does, to the bit.

    Args:
        images: uint8 tensor ``(batch, height, width, channels)``.
        factor: a number, or a tensor while a graph is made.

    Returns:
        uint8 tensor; blocks at the lower and right edges may be smaller than the others.
    """
    if isinstance(factor, int) and factor == 1:
        return images
    batch, height, width, channels = ops.shape(images)
    rows, columns = ceiling(height, factor), ceiling(width, factor)
    margins = [(0, 0), (0, rows * factor - height), (0, columns * factor - width), (0, 0)]
    blocks = ops.reshape(ops.pad(ops.cast(images, "int32"), margins), (batch, rows, factor, columns, factor, channels))
    total = ops.sum(blocks, axis=(2, 4))
    tall, wide = (ops.minimum(factor, side - factor * ops.arange(n)) for side, n in ((height, rows), (width, columns)))
    count = ops.expand_dims(tall[:, None] * wide, -1)
    # Pillow multiplies by a rounded-down reciprocal: where the division has no remainder that is a little too small.
    total = total + count // 2
    exact = ops.logical_and(total % count == 0, (1 << 30) % count != 0)
    return ops.cast(total // count - ops.cast(ops.logical_and(exact, total > 0), "int32"), "uint8")


def mirror_pad(images, size):
    """Mirrors pictures at their lower and right edges until they have a size.

    Works where the margin is wider than the picture, too (mirrored again and again).

    Args:
        images: tensor ``(batch, height, width, channels)``.
        size: ``(height, width)``, at least the pictures'.

    Returns:
        Tensor ``(batch, *size, channels)``; cut it back with ``[:, :height, :width]``.
    """
    for axis in (1, 2):
        side = ops.shape(images)[axis]
        if isinstance(side, int) and isinstance(size[axis - 1], int) and side > size[axis - 1]:
            raise ValueError(f"Expected pictures of at most {size[0]}×{size[1]}. Received shape: {tuple(images.shape)}")
        if not (isinstance(side, int) and side == size[axis - 1]):
            images = mirrored(images, axis, 0, size[axis - 1])
    return images


def mirrored(images, axis, start, count):
    """`count` rows (or columns) from `start` on, as if the picture went on in mirror images: ``c b a | a b c | c b a``."""
    side = ops.shape(images)[axis]
    turns = max(0, -start)  # more than enough to count from above 0, for the sake of ONNX
    place = (ops.arange(count) + start + turns * 2 * side) % (2 * side)
    return ops.take(images, ops.minimum(place, 2 * side - 1 - place), axis=axis)
