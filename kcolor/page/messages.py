"""Requests and responses, apart from how they travel."""

import dataclasses
import json
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

_CHUNK = 1 << 16


class Refused(Exception):  # noqa: N818 (it names the thing)
    """A request that is answered with an error.

    Args:
        status: Integer. HTTP status.
        message: String. What was wrong, for people.
    """

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status, self.message = status, message


@dataclasses.dataclass
class Request:
    """A request to the API.

    Args:
        method: String. GET, POST or DELETE.
        path: String. What follows the token in the address, without the slash.
        query: Dict from names to values.
        headers: Mapping of headers.
        stream: Open binary file, from which the body is read.
        length: Integer. Bytes of the body; None if the client does not say.
        gone: Function that returns whether the client has hung up.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    stream: IO[bytes]
    length: int | None
    gone: Callable[[], bool] = lambda: False
    read: int = 0  # bytes of the body so far

    def chunks(self, most: int) -> Iterator[bytes]:
        """Yields the body in pieces.

        Args:
            most: Integer. The most bytes that it may have.

        Raises:
            Refused: If it has more, if its length is not said, or if it ends too early.
        """
        length = self.checked_length(most)
        while self.read < length:
            piece = self.stream.read(min(_CHUNK, length - self.read))
            if not piece:
                raise Refused(400, "The body ended too early")
            self.read += len(piece)
            yield piece

    def checked_length(self, most: int) -> int:
        """Returns the length of the body.

        Args:
            most: Integer. The most bytes that it may have.

        Raises:
            Refused: If it has more, or if its length is not said.
        """
        if self.length is None:
            raise Refused(411, "Expected the header Content-Length")
        if self.length > most:
            raise Refused(413, f"Expected at most {most / 1e6:,g} MB. Received: {self.length / 1e6:,.1f} MB")
        return self.length

    def json(self, most: int) -> Any:
        """Returns the body as JSON.

        Args:
            most: Integer. The most bytes that it may have.

        Raises:
            Refused: If it is none.
        """
        try:
            return json.loads(b"".join(self.chunks(most)))
        except (ValueError, RecursionError) as error:
            raise Refused(400, f"Expected JSON: {error}") from None

    def number(self, name: str, default: float | None = None) -> float:
        """Returns a number of the query.

        Args:
            name: String.
            default: Float, or None if it must be there.

        Raises:
            Refused: If it is missing, or no number.
        """
        try:
            return float(self.query[name])
        except KeyError:
            if default is not None:
                return default
            raise Refused(400, f"Expected ?{name}=NUMBER") from None
        except ValueError:
            raise Refused(400, f"Expected {name} as a number. Received: {self.query[name]!r}") from None


@dataclasses.dataclass
class Response:
    """A response.

    Args:
        body: Bytes; the path of a file; or an iterator of bytes, of a length that is not known yet.
        type: String. Its media type.
        status: Integer. HTTP status.
        headers: Dict of further headers.
        done: Function that is called when it was sent, or could not be.
    """

    body: bytes | pathlib.Path | Iterator[bytes] = b""
    type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    done: Callable[[], object] | None = None


def of_json(content: Any, status: int = 200, **headers: str) -> Response:
    """Returns a response of JSON.

    >>> of_json({"id": "ä"}).body
    b'{"id": "\\xc3\\xa4"}'

    Args:
        content: Whatever JSON can say.
        status: Integer. HTTP status.
        headers: Further headers, with _ for -.
    """
    found = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(content, ensure_ascii=False).encode(errors="replace"), status=status, headers=found)
