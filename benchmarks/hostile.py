"""What damaged files do: ``python -m benchmarks.hostile [--pictures 10000] [--models 2000] [--recipes 2000] [--hints 2000]``.

Files are damaged at random: bytes changed, cut out, doubled, the end cut off, and, in texts, words exchanged. Each must be read
or refused by the error that is documented for it (`ValueError`, `OSError`): any other error is a mistake of ours, and is
printed with the number of the file, which is also the seed that makes it again. `benchmarks.serve --mutated` does the same over
HTTP.
"""

import argparse
import collections
import io
import pathlib
import random
import re
import resource
import sys
import tempfile
from collections.abc import Callable

from PIL import Image

from benchmarks.serve import mutated

ROOT = pathlib.Path(__file__).parents[1]
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF", "PPM")
_WORDS = (
    '""',
    "[]",
    "{}",
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "NaN",
    "99999999999999999999",
    '"../../etc/passwd"',
    '"' + "a" * 5000 + '"',
    "[" * 2000,
    '"\\ud800"',
    "'x'",
    "2026-02-30",
)


def reworded(text: str, seed: int) -> bytes:
    """Returns a text in which some values are exchanged for others, and sometimes damaged as bytes, too.

    >>> reworded('{"x": 3}', 1) == reworded('{"x": 3}', 1)
    True
    """
    draw = random.Random(seed)
    parts = re.split(r"([\s,:=\[\]{}]+)", text)
    for _ in range(draw.choice([1, 2, 5])):
        parts[draw.randrange(len(parts))] = draw.choice(_WORDS)
    found = "".join(parts).encode("utf-8", "surrogatepass")
    return mutated(found, seed) if draw.random() < 0.3 and found else found


def pictures() -> tuple[list[bytes], Callable[[bytes], object]]:
    """Returns files of pictures, and what reads one."""
    from kcolor.photo_files import read_write

    files = []
    for format in FORMATS:
        for mode in ("L", "RGB"):
            with Image.open(ROOT / "kcolor" / "samples" / "historic" / "Deadwood1860s.jpg") as image:
                image.convert(mode).resize((96, 64)).save(buffer := io.BytesIO(), format)
            files.append(buffer.getvalue())
    return files, lambda path: read_write.read(path)


def models() -> tuple[list[bytes], Callable[[bytes], object]]:
    """Returns a file of a colorizer, and what loads one."""
    import kcolor
    from kcolor.saving import presets

    return [pathlib.Path(presets.find("shapes")).read_bytes()], lambda path: kcolor.load(path)


def recipes() -> tuple[list[str], Callable[[bytes], object]]:
    """Returns the texts of all recipes, and what reads one."""
    from kcolor.recipes import recipe

    texts = [path.read_text() for path in sorted((ROOT / "kcolor" / "recipes").glob("*.toml"))]
    return texts, lambda path: recipe.load(path)


def hints() -> tuple[list[str], Callable[[bytes], object]]:
    """Returns texts of hints, for photos and for films, and what reads one and places it."""
    import kcolor
    from kcolor.video import film_hints

    places = '{"x": 3, "y": 2, "color": "#7a5c3e", "radius": 2}, {"points": [[1, 2], [5, 6]], "color": "navy"}'
    texts = [
        f'{{"size": [64, 48], "hints": [{places}, {{"everywhere": true, "color": [12, -3]}}]}}',
        f'{{"photos": {{"a.jpg": {{"hints": [{places}]}}, "b.jpg": {{"hints": []}}}}}}',
        f'{{"frame": 3, "size": [64, 48], "hints": [{places}, {{"time": "00:00:01.5", "x": 1, "y": 1, "color": "keep"}}]}}',
    ]

    def read(path):
        if "frame" in path.read_text(errors="replace"):
            return film_hints.read(path).placed([0.0, 1.0, 2.0, 3.0], 48, 64)
        found = kcolor.hints.read(path)
        return [one.placed(48, 64) for one in (found.values() if isinstance(found, dict) else [found])]

    return texts, read


KINDS = {"pictures": (pictures, "damaged"), "models": (models, "damaged.keras"), "recipes": (recipes, "damaged.toml")}
KINDS["hints"] = (hints, "damaged.json")


def tried(name: str, count: int, folder: pathlib.Path) -> tuple[collections.Counter, list[str]]:
    """Reads so many damaged files.

    Args:
        name: String, one of `KINDS`.
        count: Integer.
        folder: Path of a folder for them.

    Returns:
        How many were read and refused, and a line for each that failed in another way.
    """
    make, file = KINDS[name]
    (files, read), path = make(), folder / file
    found: collections.Counter = collections.Counter()
    wrong = []
    for number in range(count):
        whole = files[number % len(files)]
        path.write_bytes(reworded(whole, number) if isinstance(whole, str) else mutated(whole, number))
        try:
            read(path)
            found["read"] += 1
        except (ValueError, OSError):
            found["refused"] += 1
        except Exception as error:
            found["wrong"] += 1
            wrong.append(f"{name} {number}: {type(error).__name__}: {str(error)[:200]}")
    return found, wrong


def main(argv: list[str] | None = None) -> None:
    """Prints what became of the files.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, count in (("pictures", 10000), ("models", 2000), ("recipes", 2000), ("hints", 2000)):
        parser.add_argument(f"--{name}", type=int, default=count, help="(default: %(default)s)")
    args, bad = parser.parse_args(argv), 0
    for name in KINDS:
        if not (count := getattr(args, name)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            found, wrong = tried(name, count, pathlib.Path(folder))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: {count} damaged files: {dict(found)}; at most {memory:,.0f} MB", *wrong[:20], sep="\n  ", flush=True)
        bad += len(wrong)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
