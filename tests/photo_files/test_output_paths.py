"""Which photos are meant, and where their results belong."""

import pathlib

import pytest
from helpers.albums import fill

from kcolor.photo_files import output_paths


@pytest.fixture
def shoebox(tmp_path):
    """Five photographs, two of them in a folder below."""
    return fill(tmp_path / "album")


def test_only_the_folder_itself_unless_asked(shoebox, tmp_path):
    assert [job.photo.name for job in output_paths.plan([shoebox], tmp_path / "out")] == ["a.jpg", "b.png", "c.tif"]
    assert len(output_paths.plan([shoebox, shoebox / "a.jpg"], tmp_path / "out", recursive=True)) == 5  # none twice
    assert all(isinstance(job, output_paths.Job) for job in output_paths.plan([shoebox]))
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
            output_paths.plan(names)
    (job,) = output_paths.plan([shoebox / "b.png"], shoebox)
    assert job.refused == f"{shoebox / 'b.png'} is itself one of the photos. Choose another folder (`out`)"


def test_results_alone_are_nothing_to_colour(tmp_path):
    path = pathlib.Path(tmp_path / "a-coloured.jpg")
    path.touch()
    with pytest.raises(ValueError, match="Nothing to colour: every input is already a result"):
        output_paths.plan([path])
