"""Photos at addresses: which are meant, where their results belong, and copies that are whole or not there."""

import os
import uuid

import pytest
from helpers.albums import fill

from kcolor.photo_files import archive

fsspec = pytest.importorskip("fsspec", reason="Ray is not installed: pip install '.[ray]'")


@pytest.fixture
def bucket(tmp_path):
    """An album at an address: in memory, where fsspec has an object store of its own."""
    address = f"memory://{uuid.uuid4()}"
    system, path = archive.place(address)
    fill(tmp_path / "album")
    (tmp_path / "album" / ".hidden.jpg").touch()
    (tmp_path / "album" / "notes.txt").touch()
    system.put(str(tmp_path / "album") + "/", path, recursive=True)
    return address


def plain(address):
    """This file system writes memory:///a for memory://a."""
    return address.replace(":///", "://")


def found(*photos, out, **options):
    return [(os.path.basename(task.photo), task.status) for task in archive.tasks(photos, out, **options)]


def test_an_album_elsewhere(bucket):
    out = f"{bucket}-out"
    assert found(bucket, out=out) == [("a.jpg", "todo"), ("b.png", "todo"), ("c.tif", "todo")]
    tasks = list(archive.tasks([bucket], out, recursive=True, compare=True))
    assert [plain(task.result) for task in tasks][3:] == [
        plain(f"{out}/1912/{name}.jpg") for name in ("Großmutter 祖母 جدة", "d")
    ]
    assert plain(tasks[1].comparison) == plain(f"{out}/b-compare.jpg")
    assert plain(tasks[0].photo) == plain(f"{bucket}/a.jpg")
    assert found(f"{bucket}/*.jpg", out=out) == found(f"{bucket}/a.jpg", out=out) == [("a.jpg", "todo")]


def test_what_is_there_is_not_done_again(bucket, tmp_path):
    (tmp_path / "b.png").write_bytes(b"coloured")
    archive.upload(tmp_path / "b.png", f"{bucket}-out/b.png")
    assert found(bucket, out=f"{bucket}-out")[1] == ("b.png", "skipped")
    assert found(bucket, out=f"{bucket}-out", compare=True)[1] == ("b.png", "todo")
    assert found(bucket, out=f"{bucket}-out", overwrite=True)[1] == ("b.png", "todo")


def test_photos_are_never_replaced(bucket):
    tasks = list(archive.tasks([bucket], bucket))
    assert {task.status for task in tasks} == {"failed"}
    assert "is itself one of the photos" in tasks[0].reason
    twice = [f"{bucket}/b.png", f"{bucket}/b.*"]
    assert found(*twice, out=f"{bucket}-out") == [("b.png", "todo")]
    system, path = archive.place(f"{bucket}/1912/a.jpg")
    system.touch(path)
    (_, second) = archive.tasks([f"{bucket}/a.jpg", f"{bucket}/1912/a.jpg"], f"{bucket}-out")
    assert (second.status, "becomes" in second.reason) == ("failed", True)


def test_a_result_may_not_replace_another_photo(tmp_path):
    """Also with `overwrite`, and also one of another source."""
    for name in ("album/a.jpg", "album/a.png", "one/x.jpg", "two/x.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    tasks = {task.photo: task for task in archive.tasks([tmp_path / "album"], tmp_path / "album", format="png", overwrite=True)}
    assert tasks[str(tmp_path / "album" / "a.jpg")].reason.startswith(f"{tmp_path / 'album' / 'a.png'} is itself one of")
    tasks = list(archive.tasks([tmp_path / "one", tmp_path / "two"], tmp_path / "two", overwrite=True))
    assert [task.status for task in tasks] == ["failed", "failed"]


def test_a_result_may_not_replace_a_photo_to_which_another_way_leads(tmp_path):
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "a.jpg").touch()
    (tmp_path / "link").symlink_to(tmp_path / "album")
    for name in ("album/../album", "link"):
        (task,) = archive.tasks([tmp_path / name], tmp_path / "album", overwrite=True)
        assert (task.status, "is itself one of the photos" in task.reason) == ("failed", True)


def test_names_that_look_like_patterns_or_addresses_are_names(tmp_path):
    for name in ("[1].jpg", "a::b.jpg"):
        (tmp_path / name).touch()
        assert found(tmp_path / name, out=tmp_path / "out") == [(name, "todo")]


def test_results_within_the_album_are_no_photos(bucket, tmp_path):
    (tmp_path / "b.png").write_bytes(b"coloured")
    archive.upload(tmp_path / "b.png", f"{bucket}/done/b.png")
    names = [name for name, _ in found(bucket, out=f"{bucket}/done", recursive=True)]
    assert names == ["a.jpg", "b.png", "c.tif", "Großmutter 祖母 جدة.jpg", "d.jpg"]


def test_a_folder_of_this_machine(tmp_path, monkeypatch):
    fill(tmp_path / "album")
    monkeypatch.chdir(tmp_path)
    (task, *_) = archive.tasks(["album"], "out")
    assert (task.photo, task.result) == (str(tmp_path / "album" / "a.jpg"), str(tmp_path / "out" / "a.jpg"))


def test_copies_are_whole(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"x" * 99)
    for where in (str(tmp_path / "there" / "b.jpg"), f"memory://{uuid.uuid4()}/b.jpg", f"dir::file://{tmp_path}/b.jpg"[5:]):
        archive.upload(tmp_path / "a.jpg", where)
        archive.download(where, tmp_path / "back.jpg")
        assert (tmp_path / "back.jpg").read_bytes() == b"x" * 99
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["b.jpg"]
    assert archive.is_local(archive.place(tmp_path)[0])
    assert not archive.is_local(archive.place("memory://x")[0])
    assert archive.address(*archive.place(tmp_path / "a.jpg")) == str(tmp_path / "a.jpg")


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("memory://nowhere", "There is nothing at 'memory://nowhere'"),
        ("memory://nowhere/*.jpg", "There is nothing at"),
        ("gopher://old/photos", "Expected a path, or an address that fsspec knows. Received: 'gopher://old/photos'"),
    ],
)
def test_an_address_that_is_none(where, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        list(archive.tasks([where], tmp_path))


def test_a_folder_without_pictures(tmp_path):
    fill(tmp_path / "above" / "album")
    with pytest.raises(ValueError, match="To look into the folders below it as well: `recursive=True`"):
        list(archive.tasks([tmp_path / "above"], tmp_path / "out"))


def test_listings_that_a_file_system_keeps_are_asked_for_anew(bucket, monkeypatch):
    """Object stores: nodes write the results, which the caller's listing does not know of."""
    asked = []
    system, _ = archive.place(bucket)
    monkeypatch.setattr(type(system), "invalidate_cache", lambda self, path=None: asked.append(self))
    found(bucket, out=f"{bucket}-out")
    assert len(asked) == 2
