"""Requests and responses."""

import io

import pytest

from kcolor.page.messages import Refused, Request, of_json


def request(body=b"", length=None, **query):
    return Request("POST", "", query, {}, io.BytesIO(body), len(body) if length is None else length)


def test_a_body_is_read_within_limits():
    one = request(b"a" * 100_000)
    assert [len(piece) for piece in one.chunks(100_000)] == [65_536, 34_464]
    assert one.read == 100_000
    with pytest.raises(Refused, match="at most 2e-06 MB"):
        list(request(b"abc").chunks(2))
    with pytest.raises(Refused, match="ended too early"):
        list(request(b"abc", 4).chunks(10))


def test_json_and_numbers_are_checked():
    assert request(b'{"a": 1}').json(10) == {"a": 1}
    for body in (b"", b"{", b"\xff", b"[" * 50_000):
        with pytest.raises(Refused, match="Expected JSON"):
            request(body).json(100_000)
    assert request(x="1.5").number("x") == 1.5
    assert request().number("x", 2.0) == 2.0
    with pytest.raises(Refused, match="Expected x as a number"):
        request(x="b").number("x")


def test_json_has_headers():
    assert of_json([], 201, Content_Disposition="a").headers == {"Content-Disposition": "a"}
