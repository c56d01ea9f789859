"""What takes long: every colour there is, and kcolor as somebody else installs it."""

import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
from keras import ops
from PIL import Image

import kcolor
from kcolor import color

pytestmark = pytest.mark.slow

ROOT = pathlib.Path(__file__).parents[1]


@pytest.mark.parametrize("gamut", ["clip", "nearest"])
@pytest.mark.parametrize(
    ("there", "back"), [(color.rgb_to_lab, color.lab_to_rgb), (color.rgb_to_ycbcr, color.ycbcr_to_rgb)], ids=["lab", "ycbcr"]
)
def test_all_sixteen_million_colours_come_back(there, back, gamut):
    green, blue = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    for red in range(0, 256, 8):
        reds = np.arange(red, red + 8)[:, None, None]
        rgb = np.stack(np.broadcast_arrays(reds, green, blue), axis=-1).astype("float32") / 255
        assert np.array_equal(np.round(ops.convert_to_numpy(back(there(rgb), gamut=gamut)) * 255), np.round(rgb * 255))


def test_an_installed_kcolor_has_all_it_needs(tmp_path):
    """Built, installed into an empty folder without its source tree, and run from elsewhere."""
    place = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", place, ROOT]
    subprocess.run(pip, check=True, timeout=300)
    code = f"import sys; sys.path.insert(0, {str(place)!r})\nimport kcolor\nprint(kcolor.__file__)\nfrom kcolor.cli.main import main\nmain()"
    command = [sys.executable, "-c", code, "demo"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=300)
    assert result.stdout.startswith(str(place))
    assert "Contact sheet: demo.png" in result.stdout
    assert (tmp_path / "demo.png").stat().st_size > 100_000
    command = [sys.executable, "-c", code, "colorize", "demo.png", "--model", "shapes"]  # which is installed with it
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=300)
    assert (tmp_path / "demo-coloured.png").is_file()


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


def test_the_accuracy_report_finds_every_count_as_stated():
    command = [sys.executable, "-m", "benchmarks.accuracy"]
    report = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300).stdout
    assert report.count("as stated") == 10
    assert "NOT" not in report
    assert "rgb_to_lab" in report


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


def test_the_reference_is_written(tmp_path):
    """What `make docs` does; every name at the top has its page or its entry."""
    (command,) = re.findall(r"^docs:.*\n\t\.venv/bin/pdoc (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    words = command.replace("build/docs", str(tmp_path)).split()
    subprocess.run([sys.executable, "-m", "pdoc", *words], check=True, capture_output=True, timeout=200)
    page = (tmp_path / "kcolor.html").read_text()
    for name in kcolor.__all__:
        assert f'id="{name}"' in page or (tmp_path / "kcolor" / f"{name}.html").is_file(), name
    assert "keep the weights in half precision" in page
