"""Building by name, and what an unknown name or option is told."""

import pytest

from kcolor.utils.registry import build


class Box:
    def __init__(self, width, height=2):
        self.size = (width, height)


REGISTRY = {"box": Box, "ball": lambda radius: radius}


def test_functions_and_classes_are_called_by_name():
    assert build(REGISTRY, "shape", "box", 3).size == (3, 2)
    assert build(REGISTRY, "shape", "box", 3, height=5).size == (3, 5)
    assert build(REGISTRY, "shape", "ball", radius=1) == 1


@pytest.mark.parametrize(
    ("name", "arguments", "options", "message"),
    [
        ("cone", (), {}, r"Unknown shape. Expected one of \['ball', 'box'\]. Received: 'cone'"),
        ("box", (1,), {"depth": 3}, r"option of the shape 'box': .*'depth'.* It has height=2$"),
        ("box", (), {}, r"missing .*'width'. It has width, height=2$"),
    ],
)
def test_what_there_is_not_is_told_what_there_is(name, arguments, options, message):
    with pytest.raises(ValueError, match=message):
        build(REGISTRY, "shape", name, *arguments, **options)


def test_an_error_inside_is_not_taken_for_a_wrong_option():
    def broken():
        raise TypeError("inside")

    with pytest.raises(TypeError, match="inside"):
        build({"broken": broken}, "shape", "broken")
