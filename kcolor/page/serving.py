"""Serves the page until Ctrl-C."""

import contextlib
import errno
import os
import pathlib
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence

from kcolor.page.app import App
from kcolor.page.limits import Limits
from kcolor.page.routes import respond
from kcolor.page.security import is_loopback, new_token
from kcolor.page.server import PageServer
from kcolor.page.temporary import own_folder
from kcolor.saving import presets
from kcolor.utils.types import PathLike

PORT = 8642  # if it is free
_END = 1.0  # seconds for what is being done, before it is left behind

OPEN_TO_OTHERS = (
    "Warning: this server listens at {host}. Everybody in your network who has the address can see the photos on it, and what "
    "is sent is not encrypted. Use it in a network that you trust, and end it when you are done."
)


def serve(
    models: Sequence[PathLike] = ("photo",),
    host: str = "127.0.0.1",
    port: int | None = None,
    *,
    browser: bool = True,
    limits: Limits | None = None,
    say: Callable[[str], object] = print,
) -> None:
    """Serves a page on which photos are coloured, until Ctrl-C.

    Args:
        models: Colorizers to choose from, as of `kcolor.load`. The first is what photos are coloured with at first.
        host: String. The address to listen at: only this computer reaches the page, unless it is changed.
        port: Integer. By default 8642, or any other if that is taken.
        browser: Boolean. Whether to open the page in the browser.
        limits: `Limits`.
        say: Function that is called with lines for people.

    Raises:
        ValueError: If there is no such model.
        OSError: If the port is taken, or the address is none of this computer's.
    """
    limits = limits or Limits()
    found = named(models)
    with _term_is_interrupt(), own_folder() as folder, _listening(host, port, limits) as server:
        app = App(folder, found, limits)  # after the port is ours: it begins to load the model
        server.respond = lambda request: respond(app, request)
        try:
            with contextlib.suppress(KeyboardInterrupt):
                say(f"kcolor serves {server.address}")
                if not is_loopback(host):
                    say(OPEN_TO_OTHERS.format(host=host))
                say("End it with Ctrl-C.")
                if browser and has_screen():
                    threading.Thread(target=webbrowser.open, args=[server.address], daemon=True).start()
                server.serve_forever(poll_interval=0.2)
        finally:
            ended = app.stop(_END)
    if not ended:  # a network, or an import, that cannot be interrupted: it has nothing to lose
        say("Stopped.")
        sys.stdout.flush()
        os._exit(0)
    say("Stopped.")


def named(models: Sequence[PathLike]) -> dict[str, pathlib.Path]:
    """Returns the files of colorizers, by names for the page.

    >>> list(named(["photo", "shapes"]))
    ['photo', 'shapes']

    Args:
        models: As of `serve`.

    Raises:
        ValueError: If there is no such model, or none at all.
    """
    found = {str(model): presets.find(model) for model in models}
    if not found:
        raise ValueError("Expected at least one model. Received none")
    names = [pathlib.Path(name).stem for name in found]
    short = names if len(set(names)) == len(names) else list(found)
    return dict(zip(short, found.values(), strict=True))


def has_screen() -> bool:
    """Returns whether a browser can be seen: without a screen, one in the terminal might be started."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _listening(host, port, limits):
    def made(number):
        return PageServer(host, number, new_token(), limits.connections)

    try:
        return made(PORT if port is None else port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and port is None:
            return made(0)
        why = {errno.EADDRINUSE: "Another program uses it. Choose another `port`"}.get(
            error.errno, error.strerror or str(error)
        )
        raise OSError(error.errno, f"Cannot listen at {host}, port {PORT if port is None else port}: {why}") from None
    except OverflowError:
        raise ValueError(f"Expected `port` in 0 to 65535. Received: {port}") from None


@contextlib.contextmanager
def _term_is_interrupt():
    """Lets the signal that asks a process to end do what Ctrl-C does.

    From before the first line is printed: whoever reads that line may already ask for the end.
    """

    def interrupt(number, frame):
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
