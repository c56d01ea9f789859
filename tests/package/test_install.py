"""kcolor as somebody else installs it."""

import subprocess
import sys

import pytest
from helpers.package import ROOT


@pytest.mark.slow
def test_an_installed_kcolor_has_all_it_needs(tmp_path):
    """Built, installed into an empty folder without its source tree, and run from elsewhere."""
    place = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", place, ROOT]
    subprocess.run(pip, check=True, timeout=300)
    code = f"import sys; sys.path.insert(0, {str(place)!r})\nimport kcolor\nfrom kcolor.cli.main import main\n"
    code += "print(kcolor.__file__)\nmain()"
    command = [sys.executable, "-c", code, "demo"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=300)
    assert result.stdout.startswith(str(place))
    assert "Contact sheet: demo.png" in result.stdout
    assert (tmp_path / "demo.png").stat().st_size > 100_000
    # With the model that is installed with it.
    command = [sys.executable, "-c", code, "colorize", "demo.png", "--recolor", "--model", "shapes"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=300)
    assert (tmp_path / "demo-coloured.png").is_file()
