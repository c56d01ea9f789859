"""The API reference, made of the docstrings."""

import subprocess
import sys
import types

import pytest
from helpers.package import ROOT

import kcolor


@pytest.mark.slow
def test_the_reference_is_written(tmp_path):
    """What `make docs` does; every name at the top has its page or its entry."""
    script = ROOT / "docs" / "reference.py"
    subprocess.run([sys.executable, script, tmp_path], check=True, capture_output=True, timeout=200, cwd=ROOT)
    page = (tmp_path / "kcolor.html").read_text()
    for name in kcolor.__all__:
        if isinstance(value := getattr(kcolor, name), types.ModuleType):
            assert (tmp_path / f"{value.__name__.replace('.', '/')}.html").is_file(), name
        else:
            assert f'id="{name}"' in page, name
    assert "keep the weights in half precision" in page
    assert 'id="Recipe"' in (tmp_path / "kcolor" / "recipes.html").read_text()
