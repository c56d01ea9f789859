"""Limits."""

from kcolor.page.limits import Limits


def test_limits_have_room_for_an_album_of_scans():
    limits = Limits()
    assert limits.pixels >= 50_000_000
    assert limits.photos >= 500
    assert limits.total_bytes >= 10 * limits.file_bytes
