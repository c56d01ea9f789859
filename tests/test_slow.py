"""What takes long: every colour there is, and kcolor as somebody else installs it."""

import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
from keras import ops

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
    code = f"import sys; sys.path.insert(0, {str(place)!r})\nimport kcolor.cli\nprint(kcolor.__file__)\nkcolor.cli.main()"
    command = [sys.executable, "-c", code, "demo"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=300)
    assert result.stdout.startswith(str(place))
    assert "Contact sheet: demo.png" in result.stdout
    assert (tmp_path / "demo.png").stat().st_size > 100_000


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
        "from kcolor.demo import sample_photos\n"
        "photos = np.stack([photo[:64, :64] for photo in sample_photos().values()])\n"
        "album = [photo[:90, :70] for photo in sample_photos().values()]\n"
    )
    told = "\nassert [p.shape for p in kcolor.load('mine.keras').colorize(album)] == [(90, 70, 3)] * 5"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", names + code + told], cwd=tmp_path, env=environment, check=True, timeout=300)
    assert (tmp_path / "mine.keras").is_file()
