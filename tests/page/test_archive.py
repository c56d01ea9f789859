"""A ZIP that is made while it is sent."""

import io
import zipfile

from kcolor.page.archive import archive


def test_files_are_made_one_after_the_other_and_removed(tmp_path):
    made = []

    def maker(name):
        def make():
            assert list(tmp_path.iterdir()) == []
            made.append(name)
            (tmp_path / name).write_bytes(name.encode() * 300_000)
            return tmp_path / name

        return make

    def broken():
        raise ValueError("it is damaged")

    pieces = archive([("a/ä.jpg", maker("a")), ("b.jpg", broken), ("c.jpg", maker("c"))])
    first = next(piece for piece in pieces if piece)
    assert made == ["a"]
    found = zipfile.ZipFile(io.BytesIO(first + b"".join(pieces)))
    assert found.testzip() is None
    assert found.namelist() == ["a/ä.jpg", "c.jpg", "not coloured.txt"]
    assert found.read("not coloured.txt") == b"b.jpg: it is damaged\n"
    assert list(tmp_path.iterdir()) == []


def test_who_hangs_up_leaves_no_file(tmp_path):
    (tmp_path / "a").write_bytes(b"a" * 1_000_000)
    pieces = archive([("a.jpg", lambda: tmp_path / "a")])
    next(pieces)
    pieces.close()
    assert not (tmp_path / "a").exists()
