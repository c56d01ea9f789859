"""The commands and examples of README.md and docs/: all are understood, and the first ones run as they stand."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys

import pytest
from helpers.package import ROOT
from PIL import Image

from kcolor.cli import main

START = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("photographs", "keras", "architectures"))]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("saved_models/*/card.md")])]
SMALLER = ["data.train_limit=24", "data.val_limit=8", "train.measure_limit=24", "model.filters=[2, 4]", "train.epochs=1"]


def commands(path):
    """The commands of a page, as lists of words: its indented lines, joined where they end in a backslash."""
    lines = re.sub(r"\\\n\s+", " ", path.read_text()).splitlines()
    lines = [re.split(r"\s#", line)[0] for line in lines if re.match(r"    (kcolor|python -m) ", line)]  # without remarks
    words = [shlex.split(line) for line in lines]
    return [line for line in words if "…" not in "".join(line)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_is_understood(path):
    """By the parser itself: a command, an option or a choice that there is not would end with exit status 2."""
    for words in commands(path):
        if words[0] == "kcolor":
            args = main._parser(words[1:]).parse_args(words[1:])
            assert args.command == words[1]


@pytest.mark.slow
def test_the_first_commands_run(tmp_path, samples):
    """As they stand, on a few pictures and with smaller networks; trainings first, as others need what they leave."""
    photos = list(samples.values())
    for folder, count, side in (("album", 2, 90), ("pictures", 48, 64), ("cifar10", 48, 32)):
        (tmp_path / folder).mkdir()
        for i in range(count):
            crop = photos[i % len(photos)][7 * (i // 5) :][:side, 3 * i : 3 * i + side]
            Image.fromarray(crop).convert("L" if folder == "album" else "RGB").save(tmp_path / folder / f"{i:02}.png")
    (tmp_path / "sweeps").symlink_to(ROOT / "sweeps")
    (tmp_path / "kcolor").mkdir()
    (tmp_path / "kcolor" / "samples").symlink_to(ROOT / "kcolor" / "samples")
    Image.fromarray(photos[0][:90, :90]).convert("L").save(tmp_path / "album" / "a.jpg")
    lines = list(dict.fromkeys(tuple(words) for path in START for words in commands(path)))
    # `serve` ends with Ctrl-C, and films have their own tests.
    lines = [list(words) for words in lines if words[1] not in ("serve", "video")]
    assert len(lines) >= 14
    for words in sorted(lines, key=lambda words: words[1] != "train"):
        arguments = words[1:] if words[0] == "kcolor" else words[3:]
        if words[1] == "train":
            own = any("train.start=" in word for word in words)  # its network is that of another colorizer
            arguments += [word for change in SMALLER if not (own and "model" in change) for word in ("--set", change)]
        if words[0] == "python":
            few = [word for change in SMALLER if "model" not in change for word in ("--set", change)]
            arguments += ["--limit", "1", *few]
        module = "kcolor" if words[0] == "kcolor" else words[2]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    assert (tmp_path / "coloured" / "00.png").is_file()
    assert (tmp_path / "sheet.png").is_file()
    assert (tmp_path / "hats-explained.png").is_file()
    assert (tmp_path / "photo.onnx").is_file()


@pytest.mark.slow
def test_the_first_examples_run(tmp_path):
    """As they stand, with small photos for the names that they leave to the reader."""
    names = (
        "import numpy as np\n"
        "from PIL import Image\n"
        "from kcolor.data.samples import sample_photos\n"
        "photos = np.stack([photo[:64, :64] for photo in sample_photos().values()])\n"
        "album = [photo[:90, :70] for photo in sample_photos().values()]\n"
    )
    told = "\nassert [p.shape for p in kcolor.load('mine.keras').colorize(album)] == [(90, 70, 3)] * 5"
    examples = [code for path in START for code in re.findall(r"```python\n(.*?)```", path.read_text(), re.DOTALL)]
    assert len(examples) == 3
    (tmp_path / "album").mkdir()
    Image.linear_gradient("L").resize((120, 90)).save(tmp_path / "album" / "gray.jpg")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    Image.linear_gradient("L").resize((90, 60)).save(tmp_path / "photo.jpg")
    code = names + "\n".join(examples) + told
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, timeout=300)
    with Image.open(tmp_path / "photo-coloured.jpg") as colored:
        assert colored.size == (90, 60)
    assert (tmp_path / "mine.keras").is_file()
    assert (tmp_path / "coloured" / "gray.jpg").is_file()


def test_the_page_of_commands_says_what_help_says():
    """``python docs/site/commands.py`` writes it anew."""
    spec = importlib.util.spec_from_file_location("commands", ROOT / "docs" / "site" / "commands.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PAGE.read_text(encoding="utf-8") == made.page()
    assert all(f"## kcolor {name}\n" in made.page() for name in main.COMMANDS)
