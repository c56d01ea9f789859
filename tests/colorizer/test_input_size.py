"""Which sizes networks take and at which size they see photos."""

from helpers.colorizers import small

from kcolor.colorizer.input_size import InputSizes


def test_keeps_a_panorama_bounded():
    colorizer = small(size=32)
    assert colorizer.forward_pass.sizes.seen(100, 200) == (32, 64)
    assert colorizer.forward_pass.sizes.seen(100, 100000) == (1, 128)


def test_a_working_size_is_the_shorter_side():
    sizes = InputSizes(fixed=None, working=32, stride=8)
    assert sizes.seen(64, 128) == (32, 64)
    assert sizes.seen(64, 128, working=16) == (16, 32)
    assert InputSizes(fixed=None, working=None, stride=8).seen(30, 50) == (30, 50)
    assert sizes.framed(30, 33) == (32, 40)


def test_a_network_of_one_size_sees_photos_scaled_to_fit():
    sizes = InputSizes(fixed=(16, 16), working=None, stride=8)
    assert sizes.seen(40, 100) == (6, 16)
    assert sizes.framed(6, 16) == (16, 16)
