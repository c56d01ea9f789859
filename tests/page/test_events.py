"""What happens is told to a page."""

import contextlib
import http.client
import json

from kcolor.page.entries import Entries
from kcolor.page.events import message, stream
from kcolor.page.limits import Limits


def test_a_closed_page_is_hung_up():
    entries, begun, closed = Entries(Limits()), [], []
    events = stream(entries, "tab", lambda: [("state", {"a": 1})], lambda: bool(closed), lambda: begun.append(1))
    assert next(events) == message("state", {"a": 1})
    assert next(events) == message("photos", [])
    entries.tell_all("state", {"b": "\n"})
    assert next(events) == b'event: state\ndata: {"b": "\\n"}\n\n'
    closed.append(1)
    assert list(events) == []
    assert begun == [1]
    assert entries.is_away("tab")


def test_a_page_hears_of_its_photos(client):
    connection = http.client.HTTPConnection("127.0.0.1", client.server.server_port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", f"/{client.server.token}/api/events?tab=hears")
        answer = connection.getresponse()
        assert answer.getheader("Content-Type") == "text/event-stream"
        lines = iter(answer.readline, b"")
        told = [_data(lines), _data(lines)]  # the page listens, and has seen that there is nothing yet
        status, _, content = client("POST", "api/photos", b"no picture", tab="hears")
        assert status == 201, content
        told += [_data(lines), _data(lines)]
    assert told[0]["state"]
    assert told[1] == []
    assert told[2]["id"] == content["id"]
    assert told[3]["status"] == "failed"


def _data(lines):
    return json.loads(next(line for line in lines if line.startswith(b"data: "))[6:])
