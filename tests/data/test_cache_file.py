"""Many pictures in one file: what was written comes back, and nothing is pickled."""

import json
import pathlib

import numpy as np
import pytest
from helpers.picture_files import photo

from kcolor import data
from kcolor.data import cache_file


def test_a_pack_gives_back_what_was_written(tmp_path):
    stored = {"a": photo(3, 5), "b": photo(6, 2, 1)}
    cache_file.write(tmp_path, [*stored.items(), ("c", data.BrokenPicture("c", "torn"))])
    packed = cache_file.CacheFile(tmp_path)
    assert len(packed) == 2
    assert all(np.array_equal(packed.picture(key), stored[key]) for key in stored)
    assert [key in packed for key in "abc"] == [True, True, False]  # what was broken may be mended
    assert json.loads((tmp_path / "index.json").read_text())["keys"] == ["a", "b"]
    (tmp_path / "pixels.u8").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"Expected 81 bytes in .*Found 5. Remove"):
        cache_file.CacheFile(tmp_path)


def test_nothing_is_pickled():
    for path in pathlib.Path(data.__file__).parent.rglob("*.py"):
        assert "import pickle" not in path.read_text()
        assert "allow_pickle=True" not in path.read_text()


@pytest.mark.parametrize("content", ["", "{}", "[1]", None])
def test_an_index_that_is_lost_says_what_to_remove(tmp_path, content):
    cache_file.write(tmp_path, [("a.png", np.zeros((3, 5, 3), "uint8"))])
    if content is None:
        (tmp_path / "index.json").unlink()
    else:
        (tmp_path / "index.json").write_text(content)
    with pytest.raises(ValueError, match=f"Remove {tmp_path}: it is made anew"):
        cache_file.CacheFile(tmp_path)
