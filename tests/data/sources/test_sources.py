"""Sources by name: what there is, and what is said about what there is not."""

import pytest

from kcolor import data
from kcolor.data import sources


def test_a_source_that_there_is_none_of_says_what_there_is(tmp_path):
    with pytest.raises(ValueError, match=r"shapes.*cifar10.*tfds:NAME.*folder.*no such file or folder"):
        data.pictures(tmp_path / "nothing")
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(ValueError, match=r"photo.jpg.*a file, but no .zip"):
        data.pictures(tmp_path / "photo.jpg")
    assert sorted(data.SOURCES) == ["cifar10", "cifar100", "folder", "shapes", "tfds", "zip"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "dev"}, r"`split` as one of \['train', 'val', 'test', 'all'\]. Received: 'dev'"),
        ({"val": 0.6, "test": 0.4}, "less than 1 together. Received: 0.6 and 0.4"),
        ({"limit": 0}, "`limit` as a number of pictures.*Received: 0"),
        ({"color": 3}, "'folder'.*color.*It has.*classes"),
    ],
)
def test_wrong_options_are_refused(many, options, message):
    with pytest.raises(ValueError, match=message):
        data.pictures(many, **options)


def test_names_are_told_from_paths():
    assert [sources.is_name(where) for where in ("shapes", "cifar10", "tfds:imagenette/320px-v2")] == [True] * 3
    assert [sources.is_name(where) for where in ("photos", "./cifar10", "cifar10/", "photos.zip")] == [False] * 4
