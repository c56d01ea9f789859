"""How much the page takes."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Limits:
    """How much the page takes. What is beyond is refused with a line that says so.

    Args:
        file_bytes: Integer. Size of one file.
        pixels: Integer. Pixels of one photo.
        photos: Integer. Photos that are there at a time.
        total_bytes: Integer. Size of all files that are there at a time.
        uploads: Integer. Files that are received at a time.
        references: Integer. Reference photographs of one photo.
        connections: Integer. Connections at a time.
        json_bytes: Integer. Size of the hints of one photo.
        preview_pixels: Integer. Pixels of what the page shows of a photo.
        tab_seconds: Float. How long photos of a page that was closed are kept: loaded again, it finds them. None of them is
            coloured meanwhile.

    >>> from kcolor.page import Limits
    >>> Limits(photos=20).photos
    20
    """

    file_bytes: int = 200_000_000
    pixels: int = 100_000_000
    photos: int = 1000
    total_bytes: int = 8_000_000_000
    uploads: int = 4
    references: int = 20
    connections: int = 64
    json_bytes: int = 1_000_000
    preview_pixels: int = 1_000_000
    tab_seconds: float = 300.0
