"""benchmarks.startup: it runs, in this checkout and beside another, and its parts add up."""

import pathlib
import subprocess
import sys

import keras
import pytest

from benchmarks import startup

ROOT = pathlib.Path(__file__).parents[2]


def test_an_album_and_its_results(tmp_path):
    startup.album(tmp_path)
    names = [sorted(path.name for path in (tmp_path / folder).iterdir()) for folder in ("album", "done")]
    assert names[0] == names[1]
    assert len(names[0]) == 3


def test_a_checkout_is_the_one_that_is_named(tmp_path):
    (tmp_path / "kcolor").mkdir()
    (tmp_path / "kcolor" / "__init__.py").write_text("raise SystemExit(7)")
    assert startup._run(["-c", "import kcolor"], tmp_path).returncode == 7
    assert startup.seconds(["-c", "pass"], tmp_path) > 0


@pytest.mark.slow
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the same on every backend")
def test_startup():
    command = [sys.executable, "-m", "benchmarks.startup", "--rounds", "1", "--model", "shapes", "--kcolor", str(ROOT)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    rows = [line.rsplit(maxsplit=2) for line in run.stdout.splitlines() if line[-1:].isdigit()]
    times = {name.strip(): list(map(float, values)) for name, *values in rows if "." in values[0]}
    assert {"import kcolor", "an album with nothing left to do", *startup.PARTS, "kcolor colorize"} <= set(times)
    assert times["import kcolor"][1] < times["imports"][1]
