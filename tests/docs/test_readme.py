"""README.md: its commands and its example run as they stand."""

import os
import re
import subprocess
import sys

import pytest
from helpers.package import ROOT
from PIL import Image

pytestmark = pytest.mark.slow

SMALLER = ["data.train_limit=24", "data.val_limit=8", "train.measure_limit=24", "model.filters=[2, 4]", "train.epochs=1"]


def test_the_readmes_commands_run(tmp_path, samples):
    """As they stand, on a few pictures and with smaller networks; trainings first, as others need what they leave."""
    photos = list(samples.values())
    for folder, count, side in (("album", 2, 90), ("pictures", 48, 64), ("cifar10", 48, 32)):
        (tmp_path / folder).mkdir()
        for i in range(count):
            crop = photos[i % len(photos)][7 * (i // 5) :][:side, 3 * i : 3 * i + side]
            Image.fromarray(crop).save(tmp_path / folder / f"{i:02}.png")
    (tmp_path / "sweeps").symlink_to(ROOT / "sweeps")
    lines = [
        line.partition("#")[0].split() for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("    ")
    ]
    lines = [words for words in lines if words and (words[0] == "kcolor" or words[:2] == ["python", "-m"])]
    lines = [words for words in lines if words[1] != "serve"]  # it ends with Ctrl-C: tests/page has its own
    assert len(lines) >= 6
    for words in sorted(lines, key=lambda words: words[1] != "train"):
        arguments = words[1:] if words[0] == "kcolor" else words[3:]
        if words[1] == "train":
            arguments += [word for change in SMALLER for word in ("--set", change)]
        if words[0] == "python":
            arguments += [
                "--limit",
                "1",
                "--set",
                "data.train_limit=24",
                "--set",
                "data.val_limit=8",
                "--set",
                "train.epochs=1",
            ]
        module = "kcolor" if words[0] == "kcolor" else words[2]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    assert (tmp_path / "coloured" / "00.png").is_file()
    assert (tmp_path / "sheet.png").is_file()


def test_the_readmes_example_runs(tmp_path):
    """As it stands, with small photos for the names that it leaves to the reader."""
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    names = (
        "import numpy as np\n"
        "from kcolor.data.samples import sample_photos\n"
        "photos = np.stack([photo[:64, :64] for photo in sample_photos().values()])\n"
        "album = [photo[:90, :70] for photo in sample_photos().values()]\n"
    )
    told = "\nassert [p.shape for p in kcolor.load('mine.keras').colorize(album)] == [(90, 70, 3)] * 5"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", names + code + told], cwd=tmp_path, env=environment, check=True, timeout=300)
    assert (tmp_path / "mine.keras").is_file()
