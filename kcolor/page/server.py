"""HTTP: checks who asks, reads requests, writes responses. The standard library's server, with limits."""

import contextlib
import os
import pathlib
import select
import shutil
import socket
import socketserver
import threading
import time
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kcolor.page import security
from kcolor.page.messages import Refused, Request, Response, of_json

_LINGER = 3.0  # seconds for which what is still sent is read, so that the answer arrives before the connection ends
_NO_TOKEN = "Copy the whole address that `kcolor serve` has printed: it has a secret part, and that is missing or old."


class PageServer(ThreadingHTTPServer):
    """Answers requests, each connection on a thread of its own.

    Args:
        host: String. The address at which it listens.
        port: Integer. 0 takes any that is free.
        token: String. The secret part of its address.
        connections: Integer. The most connections at a time; others are closed at once.

    Attributes:
        respond: Function from a `Request` to a `Response`, to be set before `serve_forever`.
    """

    respond: Callable[[Request], Response]

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # there it would let two servers have one port

    def __init__(self, host: str, port: int, token: str, connections: int):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.host, self.token = host, token
        self._free = threading.BoundedSemaphore(connections)
        super().__init__((host, port), Handler)

    @property
    def address(self) -> str:
        """The page's address, with its token."""
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)
        return f"http://{shown}:{self.server_port}/{self.token}/"

    def server_bind(self) -> None:
        """Takes the port, without the answer of a name server that HTTPServer waits for."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answers a connection on a thread, unless there are too many."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answers a connection, and gives its place to another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: a client that hangs up is no error of ours, and others are answered with a status."""


class _Elsewhere(Exception):  # noqa: N818  no error
    """What is asked for has another address."""


class Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # what is no request at all is answered with a status, too
    timeout = 60  # seconds in which something must come
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answers."""
        request = None
        try:
            self._checked()
            request = self._request()
            response = self.server.respond(request)
        except _Elsewhere as there:
            response = Response(b"", "text/plain; charset=utf-8", 308, {"Location": str(there)})
        except Refused as refused:
            response = self._refusal(refused)
        except Exception as error:
            response = of_json({"error": f"{type(error).__name__}: {error}"}, 500)
        self._send(response, request)

    do_POST = do_DELETE = do_GET  # noqa: N815 (http.server's names)

    def version_string(self) -> str:
        """Returns what the answers say of the server."""
        return "kcolor"

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: addresses have the token in them."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answers what is no request at all, or of a method that is not known."""
        self.close_connection = True
        self._send(of_json({"error": message or self.responses[code][0]}, code), None)

    def _refusal(self, refused):
        if "text/html" in self.headers.get("Accept", ""):  # somebody reads it
            return Response(refused.message.encode(), "text/plain; charset=utf-8", refused.status)
        return of_json({"error": refused.message}, refused.status)

    def _checked(self):
        """Raises Refused unless the request comes from somebody who may ask."""
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or (refusal := security.refusal(self.headers, self.server.host)):
            raise Refused(403, refusal if len(hosts) == 1 else "Expected one header Host")
        token, slash, rest = urllib.parse.urlsplit(self.path).path.removeprefix("/").partition("/")
        if not security.same_token(token, self.server.token):
            raise Refused(403, _NO_TOKEN)
        if not slash:
            raise _Elsewhere(f"/{token}/")  # else the page would look for its parts beside the token
        if rest.startswith("api/") and security.is_foreign(self.headers):
            raise Refused(403, "Requests of other pages are not answered")

    def _request(self):
        # Some send names as they are; what is read of the line counts as Latin-1.
        parts = urllib.parse.urlsplit(self.path.encode("latin-1", "replace").decode(errors="replace"))
        try:
            query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True, max_num_fields=20))
        except ValueError:
            raise Refused(400, "Expected at most 20 parts of a query") from None
        length = self.headers.get("Content-Length")
        if self.headers.get("Transfer-Encoding") or (length is not None and not _is_length(length)):
            self.close_connection = True
            raise Refused(411, "Expected the header Content-Length")
        path = parts.path.removeprefix("/").partition("/")[2].removeprefix("/")  # of "PAGE//api", too
        length = None if length is None else int(length)
        return Request(self.command, path, query, self.headers, self.rfile, length, self._gone)

    def _gone(self):
        """Whether the client has hung up."""
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    def _send(self, response, request):
        left = self._left(request)
        try:
            with contextlib.suppress(ConnectionError, TimeoutError):
                self._write(response, left > 0)
                if left:
                    self._linger(left)
        finally:
            if response.done is not None:
                response.done()

    def _left(self, request):
        """How much of the request's body has not been read."""
        if request is not None:
            return (request.length or 0) - request.read
        length = (getattr(self, "headers", None) or {}).get("Content-Length", "0")
        return int(length) if _is_length(length) else 1

    def _write(self, response, last):
        body, ended = response.body, last or self.close_connection
        self.send_response(response.status)
        for name, value in {**security.HEADERS, "Content-Type": response.type, **response.headers}.items():
            self.send_header(name, value)
        if ended:
            self.close_connection = True
            self.send_header("Connection", "close")
        if isinstance(body, bytes):
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif isinstance(body, pathlib.Path):
            with body.open("rb") as file:
                self.send_header("Content-Length", str(os.fstat(file.fileno()).st_size))
                self.end_headers()
                shutil.copyfileobj(file, self.wfile, 1 << 18)
        else:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self._write_chunks(body)

    def _write_chunks(self, pieces):
        try:
            for piece in pieces:
                if piece:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        except BaseException:
            self.close_connection = True  # without its end, the client knows that something is missing
            raise
        finally:
            pieces.close()

    def _linger(self, left):
        """Reads what is still sent for a while: else the client would see a broken connection instead of the answer."""
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.settimeout(_LINGER)
            end = time.monotonic() + _LINGER
            while left > 0 and time.monotonic() < end and (piece := self.rfile.read1(min(left, 1 << 16))):
                left -= len(piece)


def _is_length(text):
    return text.isascii() and text.isdigit() and len(text) < 20
