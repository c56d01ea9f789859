"""The sample photos that come with kcolor."""

from kcolor.data.samples import sample_photos


def test_sample_photos_are_colour_pictures_by_name():
    photos = sample_photos()
    assert sorted(photos) == ["beach", "girl", "hats", "lighthouse", "parrots"]
    for photo in photos.values():
        assert photo.dtype == "uint8"
        assert sorted(photo.shape) == [3, 256, 384]
