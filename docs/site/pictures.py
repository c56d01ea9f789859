"""Makes the pictures of the gallery, and the one that moves: ``python docs/site/pictures.py BEFORE AFTER``.

BEFORE is a folder of photographs, AFTER one of the same names, coloured. It writes both sides of each to docs/gallery, and
docs/before-after.webp, in which the coloured side slides over some of them.
"""

import argparse
import pathlib
from collections.abc import Iterator

from PIL import Image

DOCS = pathlib.Path(__file__).parents[1]
MOVING = ("1896NewsBoyGirl", "Deadwood1860s", "OregonTrail1870s", "WorldsFair1900Paris")
_LONGER = 640  # pixels, in the gallery
_MOVING = (600, 400)
_STEPS = 16  # of the edge, from one side to the other
_FRAME, _REST = 60, 1500  # milliseconds


def pairs(before: pathlib.Path, after: pathlib.Path) -> Iterator[tuple[str, Image.Image, Image.Image]]:
    """Yields name, photograph and coloured photograph of each."""
    for path in sorted(before.glob("*.jpg")):
        yield path.stem, Image.open(path).convert("RGB"), Image.open(after / path.name).convert("RGB")


def gallery(name: str, before: Image.Image, after: Image.Image) -> None:
    """Writes both sides of a photograph, small, to docs/gallery."""
    (DOCS / "gallery").mkdir(exist_ok=True)
    for side, ending in ((before, ""), (after, "-coloured")):
        side = side.copy()
        side.thumbnail((_LONGER, _LONGER), Image.Resampling.LANCZOS)
        side.save(DOCS / "gallery" / f"{name}{ending}.jpg", quality=84, optimize=True)


def moving(before: Image.Image, after: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """Yields frames in which the coloured side slides over the photograph, and how long each is shown."""
    left, right = (_cut(side) for side in (before, after))
    yield left, _REST // 2
    for step in range(1, _STEPS + 1):
        share = step / _STEPS
        edge = round(_MOVING[0] * share * share * (3 - 2 * share))  # slowly, faster, slowly
        frame = left.copy()
        frame.paste(right.crop((0, 0, edge, _MOVING[1])), (0, 0))
        if step < _STEPS:
            frame.paste("white", (edge, 0, edge + 2, _MOVING[1]))
        yield frame, _REST if step == _STEPS else _FRAME


def _cut(side):
    """The middle of a photograph in the shape of the moving picture."""
    scale = max(_MOVING[0] / side.width, _MOVING[1] / side.height)
    side = side.resize((round(side.width * scale), round(side.height * scale)), Image.Resampling.LANCZOS)
    left, top = (side.width - _MOVING[0]) // 2, (side.height - _MOVING[1]) // 3
    return side.crop((left, top, left + _MOVING[0], top + _MOVING[1]))


def main() -> None:
    """Writes all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=pathlib.Path)
    parser.add_argument("after", type=pathlib.Path)
    args = parser.parse_args()
    frames: list[tuple[Image.Image, int]] = []
    for name, before, after in pairs(args.before, args.after):
        gallery(name, before, after)
        if name in MOVING:
            frames += moving(before, after)
    pictures, durations = zip(*frames, strict=True)
    first, *others = pictures
    options = {"quality": 60, "method": 6, "minimize_size": True, "loop": 0}
    first.save(DOCS / "before-after.webp", save_all=True, append_images=others, duration=list(durations), **options)


if __name__ == "__main__":
    main()
