"""A ZIP that is sent while it is made: neither memory nor disk has to hold all of it."""

import pathlib
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator

_CHUNK = 1 << 18


class _Outbox:
    """What the archive has written and nobody has fetched yet."""

    def __init__(self):
        self._parts: list[bytes] = []

    def write(self, data):
        self._parts.append(bytes(data))
        return len(data)

    def flush(self):
        pass

    def fetch(self):
        parts, self._parts = self._parts, []
        return b"".join(parts)


def archive(files: Iterable[tuple[str, Callable[[], pathlib.Path]]]) -> Iterator[bytes]:
    """Yields a ZIP of files, each of which is made when its turn comes and removed after.

    Pictures are compressed already: they are stored as they are. A file that cannot be made is left out, and a text in the
    archive says which and why.

    >>> import io, zipfile
    >>> _ = (tmp_path / "a.txt").write_text("abc")
    >>> whole = b"".join(archive([("album/a.txt", lambda: tmp_path / "a.txt")]))
    >>> zipfile.ZipFile(io.BytesIO(whole)).read("album/a.txt")
    b'abc'

    Args:
        files: Pairs of a name in the archive, and a function that makes the file and returns its path. If it raises an
            exception the file is left out.
    """
    outbox, failed = _Outbox(), []
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as made:  # type: ignore[call-overload]  # it needs no more than write
        for name, make in files:
            try:
                file = make()
            except Exception as error:
                failed.append(f"{name}: {error}")
                continue
            try:
                yield from _member(made, outbox, name, file)
            finally:
                file.unlink(missing_ok=True)
        if failed:
            made.writestr("not coloured.txt", "\n".join(failed) + "\n")
    yield outbox.fetch()


def _member(made, outbox, name, file):
    info = zipfile.ZipInfo(name, time.localtime()[:6])
    info.external_attr = 0o644 << 16
    with file.open("rb") as source, made.open(info, "w") as member:
        while piece := source.read(_CHUNK):
            member.write(piece)
            yield outbox.fetch()
    yield outbox.fetch()
