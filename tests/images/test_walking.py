"""Which files of a folder are pictures, with and without the folders below it and what links lead to."""

import os

import pytest

from kcolor.images.walking import picture_files


def found(root, **options):
    return [path.relative_to(root).as_posix() for path in picture_files(root, **options)]


@pytest.fixture
def album(tmp_path):
    """A folder with pictures, folders, hidden things, and links that lead in a circle."""
    root = tmp_path / "album"
    for name in ("b.JPG", "a.png", "notes.txt", ".hidden.png", "sea/2.jpg", "sea/1.jpg", "forest/x.tif", ".thumbs/t.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e.jpg").touch()
    (root / "round").symlink_to(root, target_is_directory=True)
    (root / "there").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    return root


def test_pictures_come_sorted_and_nothing_is_hidden(album):
    assert found(album) == ["a.png", "b.JPG", "forest/x.tif", "sea/1.jpg", "sea/2.jpg"]
    assert found(album, recursive=False) == ["a.png", "b.JPG"]


def test_links_are_followed_if_asked_and_no_folder_twice(album):
    assert found(album, follow_links=True) == [*found(album), "there/e.jpg"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may list every folder")
def test_a_folder_that_may_not_be_listed_is_an_error_unless_it_is_to_be_skipped(album):
    (album / "sea").chmod(0)
    try:
        with pytest.raises(PermissionError):
            found(album)
        assert found(album, skip_unreadable=True) == ["a.png", "b.JPG", "forest/x.tif"]
    finally:
        (album / "sea").chmod(0o755)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        found(tmp_path / "nowhere")
