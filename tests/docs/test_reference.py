"""The API reference, made of the docstrings."""

import re
import subprocess
import sys

import pytest
from helpers.package import ROOT

import kcolor


@pytest.mark.slow
def test_the_reference_is_written(tmp_path):
    """What `make docs` does; every name at the top has its page or its entry."""
    (command,) = re.findall(r"^docs:.*\n\t\.venv/bin/pdoc (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    words = command.replace("build/docs", str(tmp_path)).split()
    subprocess.run([sys.executable, "-m", "pdoc", *words], check=True, capture_output=True, timeout=200)
    page = (tmp_path / "kcolor.html").read_text()
    for name in kcolor.__all__:
        assert f'id="{name}"' in page or (tmp_path / "kcolor" / f"{name}.html").is_file(), name
    assert "keep the weights in half precision" in page
