"""Changing the size of pictures: antialiased down, bilinear up, and mirrored margins."""

from keras import ops


def resize(images, size):
    """Resizes a batch, antialiased when it gets smaller.

    Args:
        images: float tensor ``(batch, height, width, channels)``.
        size: ``(height, width)``. Where it, or that of the images, is not known while a graph is made, it must not be smaller.

    Returns:
        Tensor ``(batch, *size, channels)``; the very same one if it has that size already.
    """
    before = images.shape[1:3]
    if not all(isinstance(side, int) for side in (*before, *size)):
        return _enlarge(images, size)
    if tuple(before) == tuple(size):
        return images
    if all(old >= new and old % new == 0 for old, new in zip(before, size, strict=True)):
        return shrink(images, tuple(old // new for old, new in zip(before, size, strict=True)))
    shrinks = any(new < old for old, new in zip(before, size, strict=True))  # XLA has no antialiased kernel on TensorFlow
    return ops.image.resize(images, size, interpolation="bilinear", antialias=shrinks)


def shrink(images, factor):
    """Makes pictures smaller by a whole factor (a number, or one a side), each pixel the mean of a block.

    That is the same on every backend, and several times faster than a filter.
    """
    return ops.average_pool(images, factor, strides=factor)


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
    place = (ops.arange(count) + start) % (2 * side)
    return ops.take(images, ops.minimum(place, 2 * side - 1 - place), axis=axis)


def _enlarge(images, size):
    """What bilinear resizing does when nothing shrinks, for sizes that are tensors: `ops.image.resize` takes numbers alone."""
    for axis, new in zip((1, 2), size, strict=True):
        old = ops.shape(images)[axis]
        ratio = ops.cast(old, "float32") / ops.cast(new, "float32")
        place = (ops.cast(ops.arange(new), "float32") + 0.5) * ratio - 0.5
        place = ops.clip(place, 0.0, ops.cast(old, "float32") - 1.0)
        before = ops.cast(ops.floor(place), "int32")
        share = ops.reshape(place - ops.cast(before, "float32"), (-1, 1, 1) if axis == 1 else (-1, 1))
        first, second = (ops.take(images, at, axis=axis) for at in (before, ops.minimum(before + 1, old - 1)))
        images = first + (second - first) * share
    return images
