"""Which photos are meant, and where their results belong."""

import pathlib
import tracemalloc

import pytest
from helpers.albums import fill

from kcolor.photo_files import output_paths


@pytest.fixture
def shoebox(tmp_path):
    """Five photographs, two of them in a folder below."""
    return fill(tmp_path / "album")


def test_only_the_folder_itself_unless_asked(shoebox, tmp_path):
    assert [job.photo.name for job in output_paths.Plan([shoebox], tmp_path / "out")] == ["a.jpg", "b.png", "c.tif"]
    assert len(list(output_paths.Plan([shoebox, shoebox / "a.jpg"], tmp_path / "out", recursive=True))) == 5  # none twice
    assert all(isinstance(job, output_paths.Job) for job in output_paths.Plan([shoebox]))
    assert [place.as_posix() for _, place in output_paths.pictures([shoebox])] == ["a.jpg", "b.png", "c.tif"]


def test_the_format_of_the_result():
    assert [output_paths.suffix_for(f"a{s}") for s in (".JPG", ".tiff", ".png", ".webp")] == [".JPG", ".tiff", ".png", ".webp"]
    assert [output_paths.suffix_for(f"a{s}") for s in (".bmp", ".gif", ".heic", "")] == [".png", ".png", ".jpg", ".jpg"]
    assert [output_paths.suffix_for("a.bmp", wanted) for wanted in output_paths.FORMATS] == [".jpg", ".png", ".tif", ".webp"]


def test_what_is_refused_names_the_argument_and_no_flag(shoebox, tmp_path):
    (tmp_path / "above" / "below").mkdir(parents=True)
    (shoebox / "a.jpg").rename(tmp_path / "above" / "below" / "a.jpg")
    for names, message in (
        ([tmp_path / "above"], r"Found none in .*above. The folders below it have some: add `recursive=True`"),
        ([tmp_path / "nowhere"], "No such file or folder: '.*nowhere'"),
        ([shoebox / "*.jpeg"], r"No file matches the pattern '.*\*.jpeg'"),
    ):
        with pytest.raises(ValueError, match=message):
            output_paths.Plan(names)
    (job,) = output_paths.Plan([shoebox / "b.png"], shoebox)
    assert job.refused == f"{shoebox / 'b.png'} is itself one of the photos. Choose another folder (`out`)"


def test_results_alone_are_nothing_to_colour(tmp_path):
    path = pathlib.Path(tmp_path / "a-coloured.jpg")
    path.touch()
    with pytest.raises(ValueError, match="Nothing to colour: every input is already a result"):
        output_paths.Plan([path])


def refused(plan):
    return {job.photo.name: job.refused for job in plan if job.refused}


def test_a_pattern_that_matches_a_result_does_not_make_it_a_photo(tmp_path):
    """`kcolor colorize *.jpg`, a second time."""
    for name in ("a.jpg", "a-coloured.jpg"):
        (tmp_path / name).write_bytes(b"")
    (job,) = output_paths.Plan([tmp_path / "*.jpg"])
    assert (job.photo.name, job.result.name, job.refused) == ("a.jpg", "a-coloured.jpg", None)
    (job,) = output_paths.Plan([tmp_path / "a.jpg", tmp_path / "a-coloured.jpg"])
    assert (job.photo.name, job.refused) == ("a.jpg", None)


def test_what_would_replace_a_photo_or_another_result_is_refused(tmp_path):
    album = tmp_path / "p" / "album"
    for name in ("a.jpg", "a.png", "album/b.jpg", "1912/a.jpg"):
        (album / name).parent.mkdir(parents=True, exist_ok=True)
        (album / name).touch()
    (album / "b.jpg").touch()
    # One tree: only photos of one folder can become one file.
    found = refused(output_paths.Plan([album], tmp_path / "out", recursive=True, format="webp"))
    assert list(found) == ["a.png"]
    assert found["a.png"].startswith(f"{album / 'a.jpg'} becomes {tmp_path / 'out' / 'a.webp'}, too. Keep the formats")
    # A result of the folder above would be a photo of this one.
    found = refused(output_paths.Plan([album], tmp_path / "p", recursive=True))
    assert found == {"b.jpg": f"{album / 'b.jpg'} is itself one of the photos. Choose another folder (`out`)"}
    # Photos of several folders, named one by one, come together in one.
    found = refused(output_paths.Plan([album / "a.jpg", album / "1912" / "a.jpg"], tmp_path / "out"))
    assert list(found) == ["a.jpg"]
    # A before | after picture may take the place of a photo as well.
    (album / "b-compare.jpg").touch()
    assert "b.jpg" in refused(output_paths.Plan([album], album, compare=True, format="png"))


def test_results_in_the_album_are_no_photos_whatever_it_is_called(tmp_path):
    (tmp_path / "album" / "done").mkdir(parents=True)
    for name in ("a.jpg", "done/a.jpg"):
        (tmp_path / "album" / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "album")
    for name in ("album", "link", "album/../album"):
        plan = output_paths.Plan([tmp_path / name], tmp_path / "album" / "done", recursive=True)
        assert ([job.photo.name for job in plan], plan.count) == (["a.jpg"], 1)
        assert refused(plan) == {}


def test_photos_named_twice_are_meant_once(tmp_path):
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "a.jpg").touch()
    (tmp_path / "b.jpg").symlink_to(tmp_path / "album" / "a.jpg")
    names = [tmp_path / "b.jpg", tmp_path / "album", tmp_path / "album" / "*.jpg"]
    assert [job.photo for job in output_paths.Plan(names, tmp_path / "out")] == [tmp_path / "b.jpg"]


def test_nothing_is_kept_of_what_was_walked(tmp_path, monkeypatch):
    folders = [(str(tmp_path / f"{number:03}"), [f"{one:02}.jpg" for one in range(50)]) for number in range(400)]
    monkeypatch.setattr(output_paths, "picture_folders", lambda *_, **__: iter(folders))
    tracemalloc.start()
    plan = output_paths.Plan([tmp_path], tmp_path / "out", recursive=True)
    assert sum(1 for _ in plan) == plan.count == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6


def test_the_home_folder_may_be_written_as_usual(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "a.jpg").touch()
    (job,) = output_paths.Plan(["~/a.jpg"], "~/coloured")
    assert job.result == tmp_path / "coloured" / "a.jpg"


def test_comparisons_alone_that_collide_are_said_to_be_what_collides(tmp_path):
    for name in ("a.jpg", "a.png"):
        (tmp_path / name).touch()
    found = refused(output_paths.Plan([tmp_path], tmp_path / "out", compare=True))
    assert "Leave out the comparisons (`compare`)" in found["a.png"]


def touched(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()


@pytest.mark.parametrize("folds", [True, False], ids=["a is A", "a is not A"])
def test_names_that_a_disk_takes_for_the_same(tmp_path, monkeypatch, folds):
    """On a memory card IMG_1.heic and img_1.jpg would both become one file."""
    names = ["IMG_1.HEIC", "img_1.jpg", "caf\u00e9.jpg", "cafe\u0301.jpg"]
    touched(tmp_path / "in", *names)
    monkeypatch.setattr(output_paths, "folds_names", lambda folder: folds)
    jobs = list(output_paths.Plan([tmp_path / "in"], tmp_path / "out"))
    assert len(jobs) == 4
    assert sum(job.refused is not None for job in jobs) == (2 if folds else 0)
    for job in jobs:
        assert job.refused is None or "becomes" in job.refused


def test_whether_a_disk_folds_names_is_asked_of_the_disk(tmp_path):
    (tmp_path / "a").touch()
    assert output_paths.folds_names(str(tmp_path / "not" / "there")) == (tmp_path / "A").exists()
    assert output_paths.folded("cafe\u0301.JPG") == output_paths.folded("caf\u00c9.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_the_album_itself_is_no_folder_for_results(tmp_path):
    """The second time they would be photos."""
    touched(tmp_path, "scan.bmp", "beach.jpg")
    refused = {job.photo.name: job.refused for job in output_paths.Plan([tmp_path], tmp_path)}
    assert "would lie among the photos" in refused["scan.bmp"]
    assert "is itself one of the photos" in refused["beach.jpg"]


def test_a_folder_may_be_called_like_a_pattern_and_a_file_like_a_home(tmp_path, monkeypatch):
    touched(tmp_path / "album [1920]", "a.jpg", "b.png")
    touched(tmp_path, "~nobody.jpg")
    monkeypatch.chdir(tmp_path)
    jobs = output_paths.Plan([tmp_path / "album [1920]" / "*.jpg", "~nobody.jpg"], "out")
    assert [job.photo.name for job in jobs] == ["a.jpg", "~nobody.jpg"]


def test_a_whole_disk_needs_a_folder_for_results():
    with pytest.raises(ValueError, match="Expected `out` for the photos of a whole disk"):
        output_paths.Plan(["/"])
