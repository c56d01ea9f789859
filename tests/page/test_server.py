"""HTTP as it comes: broken requests, too many, too large, clients that hang up."""

import contextlib
import socket
import time

import pytest

from kcolor.page.messages import Response
from kcolor.page.server import Handler, PageServer


@contextlib.contextmanager
def talking(client):
    with socket.create_connection(("127.0.0.1", client.server.server_port), timeout=20) as connection:
        yield connection


def said(client, text):
    """The answer to something that is perhaps no request."""
    with talking(client) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(text.replace("TOKEN", client.server.token).encode("latin-1"))
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("latin-1")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("GET\r\n\r\n", 400),
        ("GET /TOKEN/ HTTP/9.9\r\n\r\n", 505),
        ("PUT /TOKEN/api/state HTTP/1.1\r\nHost: localhost\r\n\r\n", 501),
        ("GET /TOKEN/api/state HTTP/1.1\r\n\r\n", 403),
        ("GET /TOKEN/api/state HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", 403),
        ("GET http://evil/TOKEN/api/state HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        ("GET /TOKEN/api/state?" + "a=1&" * 30 + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("GET /" + "a" * 70000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        ("POST /TOKEN/api/photos HTTP/1.1\r\nHost: localhost\r\n\r\n", 411),
        ("POST /TOKEN/api/photos HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST /TOKEN/api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n", 411),
        ("POST /TOKEN/api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nabc", 400),
        ("POST /TOKEN/api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999999999999\r\n\r\nabc", 413),
        ("POST /TOKEN/api/photos HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + "9" * 5000 + "\r\n\r\nabc", 411),
        ("GET /TOKEN HTTP/1.1\r\nHost: localhost\r\n\r\n", 308),
        ("GET /TOKEN//api/state HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        ("DELETE /TOKEN/api/state HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    ],
)
def test_what_is_no_good_request_has_its_status(client, text, status):
    assert said(client, text).split()[1] == str(status)
    assert client("GET", "api/state")[0] == 200


def test_an_address_without_its_last_slash_leads_to_the_page(client):
    assert f"Location: /{client.server.token}/\r\n" in said(client, "GET /TOKEN HTTP/1.1\r\nHost: localhost\r\n\r\n")


def test_names_may_be_sent_as_they_are(client):
    """As curl does."""
    line = "POST /TOKEN/api/photos?tab=utf&name=Großmutter.jpg HTTP/1.1".encode().decode("latin-1")
    answer = said(client, f"{line}\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab")
    assert "Großmutter.jpg" in answer.encode("latin-1").decode()
    client("DELETE", "api/photos", tab="utf")


def test_too_large_a_file_is_refused_with_a_line(client):
    status, _, answer = client("POST", "api/photos", b"x" * 300_001)
    assert status == 413
    assert answer["error"].startswith("Expected at most 0.3 MB. Received: 0.3 MB")


def test_one_connection_answers_several_requests(client):
    request = "GET /TOKEN/api/state HTTP/1.1\r\nHost: localhost\r\n"
    assert said(client, f"{request}\r\n{request}\r\n").count("HTTP/1.1 200") == 2
    refused = "POST /wrong/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\nGET /TOKEN/api/state HTTP/1.1\r\n"
    assert said(client, refused).count("HTTP/1.1") == 1  # a body that was not read is no request


def test_connections_are_counted(model):
    server = PageServer("127.0.0.1", 0, "token", 1)
    server.respond = lambda request: Response()
    with contextlib.closing(server.socket):
        assert server.address == f"http://127.0.0.1:{server.server_port}/token/"
        assert server._free.acquire(blocking=False)
        asking = socket.create_connection(("127.0.0.1", server.server_port), timeout=10)
        server.handle_request()
        assert asking.recv(100) == b""
        asking.close()


def test_an_error_of_ours_is_an_answer(client, monkeypatch):
    def broken(request):
        raise RuntimeError("broken")

    monkeypatch.setattr(client.server, "respond", broken)
    assert client("GET", "api/state")[::2] == (500, {"error": "RuntimeError: broken"})


def test_a_stream_that_breaks_off_does_not_end_well(client, monkeypatch):
    def pieces():
        yield b"abc"
        raise RuntimeError("broken")

    monkeypatch.setattr(client.server, "respond", lambda request: Response(pieces(), "text/plain"))
    answer = said(client, "GET /TOKEN/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert "3\r\nabc\r\n" in answer
    assert not answer.endswith("0\r\n\r\n")


def test_a_file_that_is_replaced_while_it_is_sent_has_the_length_that_is_said(client, monkeypatch, tmp_path):
    class Repainted(type(tmp_path)):
        """A picture that is painted anew right after it was opened."""

        def open(self, *args, **options):
            file = super().open(*args, **options)
            (tmp_path / "new").write_bytes(b"a longer one")
            (tmp_path / "new").replace(self)
            return file

    (tmp_path / "after.jpg").write_bytes(b"short")
    monkeypatch.setattr(client.server, "respond", lambda request: Response(Repainted(tmp_path / "after.jpg"), "image/jpeg"))
    status, headers, content = client("GET", "api/state")
    assert (status, headers["Content-Length"], content) == (200, "5", b"short")


def test_the_server_says_nothing_of_itself(client, capfd):
    answer = said(client, "GET /TOKEN/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert "Server: kcolor\r\n" in answer
    assert "Python" not in answer
    time.sleep(0.05)
    assert capfd.readouterr().err == ""  # addresses have the token in them
    assert Handler.timeout <= 60
