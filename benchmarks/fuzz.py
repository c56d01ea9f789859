"""Searches for pictures that break reading: ``python -m benchmarks.fuzz CORPUS [--seconds N]``; it needs atheris from PyPI.

Atheris (libFuzzer for Python) changes pictures of all formats, and keeps those that reach new lines of Pillow and of
`kcolor.images`. Each must be read, or refused as a `BrokenPicture`, in 30 seconds of processor time and 3 GB. CORPUS is a
folder: it begins with small pictures of each format, and what is found is added; a second run goes on from there. A picture
that does break something is written to CORPUS/broken. With ``--keep`` the run is left out: files that together still reach
all lines are packed into CORPUS/kept.zip; tests/images/damaged.zip is one.
"""

import argparse
import io
import pathlib
import subprocess
import sys
import zipfile

from PIL import Image

from benchmarks.hostile import FORMATS, ROOT

PROGRAM = """
import io, sys, time, warnings
import atheris
with atheris.instrument_imports(include=["PIL", "kcolor.images"]):
    from kcolor.images import decoding
    from PIL import Image
    Image.init()

warnings.simplefilter("ignore")

def read(data):
    began = time.process_time()
    try:
        decoding.decode(io.BytesIO(data), "damaged")
    except decoding.BrokenPicture:
        pass
    if (took := time.process_time() - began) > 30:
        raise TimeoutError(f"{took:.0f} seconds of processor time")

atheris.Setup(sys.argv, read)
atheris.Fuzz()
"""


def begin(corpus: pathlib.Path) -> None:
    """Writes small pictures of each format to a folder."""
    (corpus / "broken").mkdir(parents=True, exist_ok=True)
    (corpus / "found").mkdir(exist_ok=True)
    with Image.open(ROOT / "kcolor" / "samples" / "historic" / "Deadwood1860s.jpg") as image:
        small = image.convert("RGB").resize((24, 16))
    for format in FORMATS:
        for mode in ("1", "L", "P", "RGB", "RGBA", "I;16"):
            buffer = io.BytesIO()
            try:
                small.convert("L" if mode == "I;16" else mode).convert(mode).save(buffer, format)
            except (OSError, ValueError):  # a format that does not have this mode
                continue
            (corpus / "found" / f"{format.lower()}-{mode.replace(';', '')}").write_bytes(buffer.getvalue())


def fuzz(corpus: pathlib.Path, *options: str) -> int:
    """Runs libFuzzer with some of its options; returns its exit status, 0 if nothing broke."""
    # Its own clock goes on while other work has the processor.
    limits = ["-rss_limit_mb=3072", "-timeout=3600", "-report_slow_units=3600", "-max_len=16384"]
    limits.append(f"-artifact_prefix={corpus / 'broken'}/")
    script = corpus / "read.py"  # a file that can be run: libFuzzer starts it again, to compare coverage
    script.write_text(f"#!{sys.executable}\n{PROGRAM}")
    script.chmod(0o755)
    return subprocess.run([script, *limits, *options]).returncode


def keep(corpus: pathlib.Path) -> None:
    """Packs files that together reach all that the corpus reaches."""
    merged = corpus / "merged"
    merged.mkdir(exist_ok=True)
    fuzz(corpus, "-merge=1", str(merged), str(corpus / "found"))
    files = sorted(merged.iterdir())
    with zipfile.ZipFile(corpus / "kept.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files:
            packed.write(path, path.name)
    print(f"{len(files)} of {len(list((corpus / 'found').iterdir()))} files, {(corpus / 'kept.zip').stat().st_size:,} bytes")


def main(argv: list[str] | None = None) -> None:
    """Runs the search.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=pathlib.Path, metavar="CORPUS")
    parser.add_argument("--seconds", type=int, default=3600, help="(default: %(default)s)")
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args(argv)
    corpus = args.corpus.resolve()
    if args.keep:
        keep(corpus)
        return
    begin(corpus)
    status = fuzz(corpus, f"-max_total_time={args.seconds}", "-print_final_stats=1", str(corpus / "found"))
    broken = sorted((corpus / "broken").iterdir())
    print(f"{len(list((corpus / 'found').iterdir()))} files in the corpus, {len(broken)} that broke reading")
    sys.exit(bool(status or broken))


if __name__ == "__main__":
    main()
