"""The search for pictures that break reading: its beginnings, and what it keeps."""

import importlib.util
import zipfile

import pytest
from helpers.benchmarks import run
from PIL import Image

from benchmarks import fuzz


def test_it_begins_with_pictures_of_every_format(tmp_path):
    fuzz.begin(tmp_path)
    files = sorted((tmp_path / "found").iterdir())
    formats = set()
    for path in files:
        with Image.open(path) as image:
            formats.add(image.format)
    assert formats == {*fuzz.FORMATS}
    assert len(files) > 2 * len(fuzz.FORMATS)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="needs atheris")
def test_it_finds_and_keeps_files(tmp_path):
    assert "0 that broke reading" in run("fuzz", tmp_path, "--seconds", 5)
    run("fuzz", tmp_path, "--keep")
    assert 10 < len(zipfile.ZipFile(tmp_path / "kept.zip").namelist()) <= len(list((tmp_path / "found").iterdir()))
