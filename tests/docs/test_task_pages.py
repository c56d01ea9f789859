"""The pages about one task each (hints, films, the page in the browser): their commands and code run as they stand."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest
from helpers.package import ROOT
from PIL import Image

import kcolor
from kcolor.cli import main

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="one backend is enough for what stands in pages"),
]


def blocks(page):
    """The indented blocks of a page, as texts; a command that goes on in the next line is one line."""
    text = re.sub(r" \\\n +", " ", (ROOT / "docs" / f"{page}.md").read_text())
    return [re.sub(r"^    ", "", block, flags=re.M) for block in re.findall(r"(?:^    .*\n)+", text, re.M)]


def run_all(lines):
    """Runs commands of kcolor in this process, one after the other."""
    for line in lines:
        words = shlex.split(re.split(r"\s+#", line)[0])
        assert main.main(words[1:]) == 0, line


@pytest.fixture
def photo(tmp_path, samples, monkeypatch):
    """The photos that the pages speak of, in the folder that is current; returns one of them, grey."""
    gray = Image.fromarray(samples["hats"]).convert("L").resize((640, 480))
    for name in ("photo.jpg", "portrait.jpg", "beach.jpg"):
        gray.save(tmp_path / name)
    for name in ("other-portrait-in-colour.jpg", "beach-in-colour.jpg"):
        Image.fromarray(samples["hats"]).save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return np.asarray(gray.convert("RGB"))


def test_hints(photo, tmp_path):
    found = blocks("hints")
    (album,) = (block for block in found if block.startswith('{"size"'))
    (tmp_path / "coat.json").write_text(album)
    lines = [line for block in found for line in block.splitlines() if line.startswith("kcolor ")]
    # Measuring and training need data, and training half an hour: tests/colorizer and tests/training do both in small.
    lines = [line for line in lines if line.split()[1] not in ("evaluate", "train")]
    run_all(f"{line} --overwrite" if "--hint" in line else line for line in lines)
    assert (tmp_path / "photo-coloured.jpg").is_file()
    assert (tmp_path / "matches.png").is_file()
    names = {"colorizer": kcolor.load("photo"), "photo": photo, "colour_photo": np.asarray(Image.open("beach-in-colour.jpg"))}
    names["hints"] = [kcolor.hints.Hint(320, 200, "#7a5c3e")]
    (first,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/hints.md").read_text(), re.DOTALL)
    code = [block for block in found if re.match(r"inference =|colorizer\.", block)]
    assert len(code) == 2
    for block in (first, *code):
        exec(block, names)
    assert names["colored"].shape == photo.shape
    assert names["picture"].shape == (1, *photo.shape)


def test_films(photo, tmp_path):
    films = pytest.importorskip("helpers.films")
    pan = films.panned(frames=10, size=(64, 96))
    for name in ("film.mp4", "reel1.mp4"):
        films.write(tmp_path / name, pan)
    films.write(tmp_path / "reel2.avi", pan)
    (tmp_path / "scans").mkdir()
    for number, frame in enumerate(pan[:4]):
        Image.fromarray(frame).save(tmp_path / "scans" / f"{number}.png")
    found = blocks("video")
    (hints,) = (json.loads(block) for block in found if block.startswith('{"size"'))
    small = {"size": [96, 64], "hints": [{**hint, "x": 9, "y": 9, "frame": 2} for hint in hints["hints"]]}
    for hint in small["hints"]:
        hint.pop("time", None)
    (tmp_path / "film.json").write_text(json.dumps(small))
    lines = [line for block in found for line in block.splitlines() if line.startswith("kcolor video ")]
    assert len(lines) == 6
    # The fifth and sixth write to the place of the first one's result.
    run_all(f"{line} --overwrite" if "--hints" in line or "--reference" in line else line for line in lines)
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"film-coloured.mp4", "out.mkv"} <= made
    assert {"coloured/reel1.mp4", "coloured/reel2.mkv", *(f"coloured-scans/{number}.png" for number in range(4))} <= made


def test_the_page_by_curl(photo, tmp_path):
    if not shutil.which("curl"):
        pytest.skip("no curl here")
    (block,) = (block for block in blocks("how-the-page-works") if block.startswith("PAGE="))
    shutil.copy("beach.jpg", "old.jpg")
    command = [sys.executable, "-m", "kcolor", "serve", "--port", "0", "--no-browser"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            address = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
            script = by_hand(block, address.rstrip("/"))
            done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, timeout=120, check=False)
            assert done.returncode == 0, done.stderr
        finally:
            server.terminate()
    with Image.open("old-coloured.jpg") as coloured:
        assert coloured.size == (640, 480)
    assert '"share"' in done.stdout


def by_hand(block, address):
    """What a reader changes of the commands: the address, and the number of the photo, which the first request has returned."""
    block = block.replace(re.search(r"http://\S+", block)[0], address).replace("curl ", "curl -sS --fail ")
    number = r"""ID=$(\1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])')"""
    block = re.sub(r"^(curl .*--data-binary .*)$", number, block, flags=re.M)
    return re.sub(r"photos/[0-9a-f]{16}", "photos/$ID", block)
