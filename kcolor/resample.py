"""Changing the size of pictures: antialiased down, bilinear up, and mirrored margins."""

from keras import ops


def resize(images, size):
    """Resizes a batch, antialiased when it gets smaller.

    Args:
        images: float tensor ``(batch, height, width, channels)``.
        size: ``(height, width)``.

    Returns:
        Tensor ``(batch, *size, channels)``; the very same one if it has that size already.
    """
    height, width = images.shape[1:3]
    if (height, width) == tuple(size):
        return images
    if _is_whole(height, size[0]) and _is_whole(width, size[1]):
        # Whole factors are a mean over blocks: the same on every backend, and several times faster than filters.
        return ops.average_pool(images, (height // size[0], width // size[1]))
    return ops.image.resize(images, size, interpolation="bilinear", antialias=True)


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
        if not (isinstance(side, int) and side == size[axis - 1]):
            images = mirrored(images, axis, 0, size[axis - 1])
    return images


def mirrored(images, axis, start, count):
    """`count` rows (or columns) from `start` on, as if the picture went on in mirror images: ``c b a | a b c | c b a``."""
    side = ops.shape(images)[axis]
    place = (ops.arange(count) + start) % (2 * side)
    return ops.take(images, ops.minimum(place, 2 * side - 1 - place), axis=axis)


def _is_whole(large, small):
    return isinstance(large, int) and isinstance(small, int) and large >= small and large % small == 0
