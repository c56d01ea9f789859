"""The parts of the page's server, put together: photos come in, are looked at, and wait for the network."""

import contextlib
import dataclasses
import pathlib
import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, wait
from typing import Any

from kcolor.page import reading, worker
from kcolor.page.entries import Entries, Entry, new_id
from kcolor.page.limits import Limits
from kcolor.page.messages import Refused, Request
from kcolor.page.names import clean, reference_name, result_name, suffix_on_disk
from kcolor.page.worker import Worker

_PATIENCE = 0.5  # seconds, after which it is looked whether somebody still waits


class App:
    """All that is behind the page but HTTP.

    Args:
        folder: Path of a folder for what is sent and made.
        models: Mapping from names of colorizers to their files. The first is what photos are coloured with at first.
        limits: `Limits`.
        warm: Boolean. Whether to colour a grey picture first, so that the first photo is as fast as the others.
    """

    def __init__(self, folder: pathlib.Path, models: Mapping[str, pathlib.Path], limits: Limits, warm: bool = True):
        self.folder, self.models, self.limits = folder, dict(models), limits
        self.entries = Entries(limits)
        self.state, self.reason = "loading", ""
        self.uploads = threading.BoundedSemaphore(limits.uploads)
        self.one_in_full = threading.Lock()  # whole photos in memory
        self._reader, self._network = Worker("reader"), Worker("network")
        self._hints_are_cold = False
        self._studio: Any = None  # `Studio`: made by its thread, which imports what takes long
        self._network.submit(worker.NOW, self._load, warm)

    def told(self) -> dict[str, Any]:
        """Returns what the page has to know of the server."""
        limits = {name: getattr(self.limits, name) for name in ("file_bytes", "pixels", "photos")}
        return {"state": self.state, "reason": self.reason, "models": list(self.models), "limits": limits}

    def receive(self, request: Request, name: str, tab: str, recolor: bool) -> Entry:
        """Takes a photo: it is written to the disk, and coloured when its turn comes.

        Args:
            request: `Request` whose body is the file.
            name: String. The file's name, as it was sent.
            tab: String. The page that it belongs to, or nothing.
            recolor: Boolean. Whether to colour it even if it is in colour.

        Raises:
            Refused: If it is too much.
        """
        with self._uploading():
            self.entries.check_room(request.checked_length(self.limits.file_bytes))
            id, name = new_id(), clean(name)
            folder = self.folder / id
            file = folder / f"upload{suffix_on_disk(name)}"
            try:
                folder.mkdir()
                self._take(request, file)
                entry = Entry(id, name, tab, folder, file, request.read, recolor=recolor)
                self.entries.add(self._with_model(entry))
            except BaseException as error:
                shutil.rmtree(folder, ignore_errors=True)
                if isinstance(error, OSError):
                    raise Refused(507, f"{name}: {error.strerror or error}") from None
                raise
        self.color(id)
        return self.entries.get(id)

    def receive_reference(self, id: str, request: Request, name: str) -> str:
        """Takes a reference photograph for a photo, and keeps a small copy of it.

        Args:
            id: String. The photo's id.
            request: `Request` whose body is the file.
            name: String. The file's name, as it was sent.

        Returns:
            The key by which the photo's `Look` names it.

        Raises:
            Refused: If it is no photo in colour, or too much.
        """
        from kcolor.images.decoding import BrokenPicture

        folder, key = self.entries.get(id).folder, new_id()
        if len(list(folder.glob("reference-*.jpg"))) >= self.limits.references:
            raise Refused(507, f"Expected at most {self.limits.references} reference photos for one photo")
        file = folder / f"upload-{key}{suffix_on_disk(clean(name))}"
        with self._uploading():
            try:
                self.entries.check_room(request.checked_length(self.limits.file_bytes), photo=False)
                self._take(request, file)
                with self.one_in_full:
                    reading.write_reference(folder, reference_name(key), file, self.limits)
            except BrokenPicture as error:
                raise Refused(400, f"{clean(name)}: {error.reason}") from None
            except OSError as error:
                self.entries.get(id)  # removed meanwhile?
                raise Refused(507, f"{clean(name)}: {error.strerror or error}") from None
            finally:
                file.unlink(missing_ok=True)
        return key

    @contextlib.contextmanager
    def _uploading(self):
        if not self.uploads.acquire(blocking=False):
            raise Refused(503, f"Expected at most {self.limits.uploads} files at a time. Send it again in a moment")
        try:
            yield
        finally:
            self.uploads.release()

    def _take(self, request, file):
        with file.open("wb") as output:
            for piece in request.chunks(self.limits.file_bytes):
                output.write(piece)

    def color(self, id: str) -> None:
        """Lets a photo be looked at, and then coloured."""
        self._reader.submit(worker.LATER, self._look_at, id)

    def repaint(self, id: str, request: Request) -> Entry:
        """Paints a photo as it is wanted now, before everything else, and waits for it."""
        return self._waited(self._network.submit(worker.NOW, lambda: self._loaded().repaint(id)), request)

    def suggest(self, id: str, x: float, y: float, radius: float | None, request: Request) -> list[dict[str, Any]]:
        """Returns colours for a place."""
        return self._waited(self._network.submit(worker.NOW, lambda: self._loaded().suggest(id, x, y, radius)), request)

    def result(self, id: str, quality: int, request: Request) -> pathlib.Path:
        """Colours a whole photo and writes it, the same as `kcolor colorize` does.

        Args:
            id: String. The photo's id.
            quality: Integer from 1 to 100. Of JPEG, WebP and AVIF.
            request: `Request` of who waits for it.

        Returns:
            Path of the file, in the photo's folder.

        Raises:
            Refused: If it cannot be coloured.
        """
        from kcolor.photo_files import read_write

        entry = self.entries.get(id)
        suffix = pathlib.PurePosixPath(result_name(entry.name)).suffix
        file = entry.folder / f"result-{new_id()}{suffix}"
        with self.one_in_full:
            photo = reading.read(entry.file, self.limits)
            coloring = self._network.submit(worker.SOON, lambda: self._loaded().in_full(photo.rgb, entry))
            rgb = self._waited(coloring, request)
            try:
                read_write.write(file, rgb, photo, quality)
            except OSError as error:
                self.entries.get(id)  # removed meanwhile?
                raise Refused(507, f"{entry.name}: {error.strerror or error}") from None
        return file

    def stop(self, seconds: float) -> bool:
        """Ends the threads. Returns whether they have ended in time."""
        ended = [one.stop(seconds) for one in (self._reader, self._network)]
        return all(ended)

    def _with_model(self, entry):
        return dataclasses.replace(entry, look=dataclasses.replace(entry.look, model=next(iter(self.models))))

    def opened(self, tab: str) -> None:
        """Goes on with the photos of a page that is there again: while it was closed, none was begun."""
        for entry in self.entries.of(tab):
            if entry.status == "waiting" and entry.width:
                self._network.submit(worker.LATER, self._color, entry.id)

    def _look_at(self, id):
        if reading.look_at(self.entries, id, self.limits) is not None:
            self._network.submit(worker.LATER, self._color, id)

    def _color(self, id):
        try:
            entry = self.entries.get(id)
            if entry.status == "waiting" and not self.entries.is_away(entry.tab):
                self._loaded().color(id)
                if self._hints_are_cold:  # nobody sets hints before there is a photo, and the first one need not wait for them
                    self._hints_are_cold = False
                    self._network.submit(worker.IDLE, self._studio.warm_up_hints)
        except Refused as refused:  # it was removed, or there is no model
            self.entries.change(id, status="failed", reason=refused.message)

    def _loaded(self):
        """The studio. Raises Refused if there is none."""
        if self.state == "failed":
            raise Refused(503, f"The model could not be loaded: {self.reason}")
        return self._studio

    def _load(self, warm):
        try:
            from kcolor.page.studio import Studio

            self._studio = Studio(self.entries, self.models, self.limits, self.folder)  # what is unpacked is gone with the rest
            self._studio.colorizer(self._studio.first_model)
            if warm:
                self._studio.warm_up()
                self._hints_are_cold = True
            self.state = "ready"
        except Exception as error:
            self.state, self.reason = "failed", str(error)
        self.entries.tell_all("state", self.told())

    def _waited(self, future: Future, request: Request) -> Any:
        """What a future gives. If nobody waits for it any more, it is not begun."""
        while not wait([future], _PATIENCE).done:
            if request.gone():
                future.cancel()
        try:
            return future.result()
        except CancelledError:
            raise Refused(503, "The server ends, or nobody waits") from None
        except MemoryError:
            raise Refused(507, "Too large for this machine's memory") from None
