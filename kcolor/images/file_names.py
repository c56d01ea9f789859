"""Which files are pictures, by their names alone: nothing is imported or opened for it."""

# What photographs come in and Pillow reads, some of it with a plugin.
SUFFIXES = (".avif", ".bmp", ".gif", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def is_picture(name: str) -> bool:
    """Returns whether a file's name says that it is a picture.

    >>> is_picture("album/Beach.JPG"), is_picture("notes.txt")
    (True, False)

    Args:
        name: String. Name or path of the file.
    """
    return name.lower().endswith(SUFFIXES)
