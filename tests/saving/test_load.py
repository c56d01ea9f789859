"""Loading: golden files of every format, and colorizers by name, file or folder."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
from helpers.colorizers import small
from helpers.processes import run_python
from PIL import Image

import kcolor
from kcolor.colorizer import colorizer as saved_colorizer
from kcolor.saving.load import as_colorizer

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("format-*.keras")), ids=lambda path: path.stem)
def test_every_format_loads_forever(path):
    colorizer = kcolor.load(path)
    photo, colored = (np.asarray(Image.open(GOLDEN / name)) for name in ("photo.png", "colored.png"))
    assert np.ptp(colored.astype(int), axis=-1).mean() > 10  # it has colours
    assert np.abs(colorizer.colorize(photo).astype(int) - colored).max() <= 2


@pytest.mark.slow
def test_keras_alone_loads_it_after_an_import_of_kcolor_and_says_so_without():
    load = f"import keras; keras.saving.load_model({str(GOLDEN / 'format-1.keras')!r})"
    run_python(f"import kcolor; {load}")
    without = subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, timeout=120)
    assert without.returncode == 1
    assert "make sure they are all imported" in without.stderr
    assert "'module': 'kcolor.colorizer'" in without.stderr


def test_there_is_a_golden_file_of_the_present_format():
    assert (GOLDEN / f"format-{saved_colorizer.FORMAT}.keras").is_file()


def test_what_is_a_colorizer_already_stays_the_same(tmp_path):
    made = small(size=16)
    made.save(tmp_path / "made.keras")
    assert as_colorizer(made) is made
    assert as_colorizer(tmp_path / "made.keras").size == as_colorizer(str(tmp_path / "made.keras")).size == 16
    for other in (made.network, None):
        with pytest.raises(ValueError, match=r"Expected a kcolor.Colorizer, or the name or file .* kcolor.Colorizer\(network"):
            as_colorizer(other)


def test_a_file_of_another_model_says_what_it_has(tmp_path):
    made = small()
    made.network.save(tmp_path / "network.keras")
    with pytest.raises(ValueError, match=r"Expected a file with a kcolor.Colorizer. .*network.keras has a Functional"):
        kcolor.load(tmp_path / "network.keras")
