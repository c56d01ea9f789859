"""Folders of small pictures, for the tests of `kcolor.data`."""

import shutil

import pytest
from helpers.picture_files import photo, save
from PIL import Image

from kcolor import data


@pytest.fixture
def many(tmp_path):
    """A folder of 300 pictures, without splits; all the same, so it is quick to make."""
    root = tmp_path / "many"
    save(root / "000.png")
    for i in range(1, 300):
        shutil.copy(root / "000.png", root / f"{i:03d}.png")
    return root


@pytest.fixture
def folder(tmp_path):
    """Twelve pictures of several sizes."""
    root = tmp_path / "photos"
    root.mkdir()
    for i in range(12):
        Image.fromarray(photo(40 + 7 * i, 90 - 4 * i, i)).save(root / f"{i:02d}.png")
    return root


@pytest.fixture
def pictures(folder):
    return data.pictures(folder, "all")


@pytest.fixture
def toys():
    return data.pictures("shapes", count=50)
