"""The API: which address does what. docs/how-the-page-works.md describes it."""

import contextlib
import dataclasses
import importlib.resources
import math
import re
from collections.abc import Callable
from typing import Any

from kcolor.page import events, names
from kcolor.page.app import App
from kcolor.page.archive import archive
from kcolor.page.entries import SETTLED, Entry, Look
from kcolor.page.messages import Refused, Request, Response, of_json

_PATIENCE = 600.0  # seconds that a result is waited for
_ID = "[0-9a-f]{16}"  # of photos, and of their reference photos
_TAB = re.compile(r"[\w-]{1,64}", re.ASCII)
# The page's own files. What an address asks for is looked up here: no part of it ever becomes a path.
STATIC = {
    "": ("page/static/page.html", "text/html; charset=utf-8"),
    "page.css": ("page/static/page.css", "text/css; charset=utf-8"),
    "page.js": ("page/static/page.js", "text/javascript; charset=utf-8"),
    "server.js": ("page/static/server.js", "text/javascript; charset=utf-8"),
    "reference.js": ("page/static/reference.js", "text/javascript; charset=utf-8"),
    "stage.js": ("page/static/stage.js", "text/javascript; charset=utf-8"),
    "view.js": ("page/static/view.js", "text/javascript; charset=utf-8"),
    "icon.svg": ("page/static/icon.svg", "image/svg+xml"),
    "sample.jpg": ("samples/historic/Deadwood1860s.jpg", "image/jpeg"),
}
PICTURES = ("before", "after", "small-before", "small-after")


def respond(app: App, request: Request) -> Response:
    """Answers a request.

    Args:
        app: `App`.
        request: `Request`, which has passed `kcolor.page.security`.

    Raises:
        Refused: If it cannot be answered.
    """
    if request.path in STATIC and request.method == "GET":
        name, type = STATIC[request.path]
        return Response((importlib.resources.files("kcolor") / name).read_bytes(), type)
    allowed = []
    for method, pattern, function in ROUTES:
        if found := pattern.fullmatch(request.path):
            if method == request.method:
                return function(app, request, **found.groupdict())
            allowed.append(method)
    if allowed:
        raise Refused(405, f"Expected {' or '.join(allowed)}. Received: {request.method}")
    raise Refused(404, "There is nothing at this address")


def _state(app, request):
    return of_json(app.told())


def _events(app, request):
    tab = _tab(request)
    stream = events.stream(app.entries, tab, lambda: [("state", app.told())], request.gone, lambda: app.opened(tab))
    return Response(stream, "text/event-stream")


def _photos(app, request):
    return of_json([entry.as_json() for entry in app.entries.of(_tab(request))])


def _add(app, request):
    entry = app.receive(request, request.query.get("name", "photo"), _tab(request), request.query.get("recolor") == "1")
    return of_json(entry.as_json(), 201)


def _photo(app, request, id):
    return of_json(app.entries.get(id).as_json())


def _remove(app, request, id):
    app.entries.get(id)
    app.entries.remove(id)
    return of_json({})


def _remove_all(app, request):
    """All photos of a page, or those that the body names: a page that closes may send only little."""
    wanted = request.json(app.limits.json_bytes) if request.length else None
    if wanted is not None and not (isinstance(wanted, list) and all(isinstance(id, str) for id in wanted)):
        raise Refused(400, "Expected a list of ids, or no body")
    chosen = None if wanted is None else set(wanted)
    for entry in app.entries.of(_tab(request)):
        if chosen is None or entry.id in chosen:
            app.entries.remove(entry.id)
    return of_json({})


def _recolor(app, request, id):
    entry = app.entries.get(id)
    if entry.status == "in color":
        app.entries.change(id, recolor=True, status="waiting")
        app.color(id)
    return of_json(app.entries.get(id).as_json())


def _hint(app, request, id):
    content = request.json(app.limits.json_bytes)
    look = look_of(content, _colored(app, id), list(app.models))
    app.entries.change(id, look=look)
    try:
        return of_json(app.repaint(id, request).as_json())
    except Exception:
        app.entries.take_back(id, look)
        raise


def _add_reference(app, request, id):
    _colored(app, id)
    return of_json({"reference": app.receive_reference(id, request, request.query.get("name", "photo"))}, 201)


def _reference(app, request, id, key):
    file = app.entries.get(id).folder / f"small-{names.reference_name(key)}"
    if not file.exists():
        raise Refused(404, "There is no such reference photo")
    return Response(file, "image/jpeg")


def _hints(app, request, id):
    entry = _colored(app, id)
    disposition = names.attachment(names.hints_name(entry.name))
    return of_json(_hints_file(entry), Content_Disposition=disposition)


def _all_hints(app, request):
    done = _done(app, request)
    called = names.unique(entry.name for entry in done)
    found = {name: _hints_file(entry) for name, entry in zip(called, done, strict=True) if entry.look.hints}
    return of_json({"photos": found}, Content_Disposition=names.attachment("album.hints.json"))


def _picture(app, request, id, name):
    file = app.entries.get(id).folder / f"{name}.jpg"
    if not file.exists():
        raise Refused(404, "This picture is not there yet")
    return Response(file, "image/jpeg")


def _suggestions(app, request, id):
    entry = _colored(app, id)
    x, y, radius = request.number("x"), request.number("y"), None
    if "radius" in request.query:
        radius = request.number("radius")
    with _refusing():
        from kcolor.hints.hint import place_one

        place_one(x, y, entry.height, entry.width, radius)
    return of_json(app.suggest(id, x, y, radius, request))


def _result(app, request, id):
    entry, quality = _colored(app, id), request.number("quality", 95)
    if not 1 <= quality <= 100:
        raise Refused(400, f"Expected quality in 1 to 100. Received: {quality:g}")
    file = app.result(id, int(quality), request)
    headers = {"Content-Disposition": names.attachment(names.result_name(entry.name))}
    return Response(file, "application/octet-stream", headers=headers, done=lambda: file.unlink(missing_ok=True))


def _zip(app, request):
    done = _done(app, request)
    if not done:
        raise Refused(404, "There are no coloured photos yet")
    called = names.unique(names.result_name(entry.name) for entry in done)
    makers = [(name, _maker(app, entry.id, request)) for name, entry in zip(called, done, strict=True)]
    headers = {"Content-Disposition": names.attachment("coloured.zip")}
    return Response(app.entries.kept(_tab(request), archive(makers)), "application/zip", headers=headers)


def _done(app, request):
    return [entry for entry in app.entries.of(_tab(request)) if entry.status == "done"]


def _maker(app, id, request):
    return lambda: app.result(id, 95, request)


def look_of(content: Any, entry: Entry, models: list[str]) -> Look:
    """Returns the look that a request asks for.

    Args:
        content: Dict with any of ``hints`` (a list as in files of hints), ``saturation``, ``keep_tone``, ``model`` and
            ``reference`` (a key, or "" for none). What is left out stays as it is. Or a file of hints.
        entry: `Entry` of the photo.
        models: List of names of colorizers.

    Raises:
        Refused: If anything in it is wrong.
    """
    from kcolor.colorizer.options import Options
    from kcolor.hints.files import photo_hints

    content = {"hints": content} if isinstance(content, list) else content
    known = {"hints", "size", "saturation", "keep_tone", "model", "reference"}
    if not isinstance(content, dict) or not set(content) <= known:
        raise Refused(400, f"Expected an object with some of {', '.join(sorted(known))}")
    wanted = {name: value for name, value in content.items() if name not in ("size", "hints")}
    look = dataclasses.replace(entry.look, **wanted)
    if not isinstance(look.saturation, (int, float)) or isinstance(look.saturation, bool) or not math.isfinite(look.saturation):
        raise Refused(400, f"Expected saturation as a number. Received: {look.saturation!r}")
    if not isinstance(look.keep_tone, bool) or look.model not in models:
        raise Refused(400, f"Expected keep_tone as true or false, and model as one of {', '.join(models)}")
    if look.reference and not _has_reference(entry, look.reference):
        raise Refused(400, f"There is no reference photo {look.reference!r} for {entry.name}")
    with _refusing():
        Options(saturation=look.saturation)
        if "hints" in content:
            given = {name: content[name] for name in ("hints", "size") if name in content}
            photo_hints(given).placed(entry.height, entry.width)
            look = dataclasses.replace(look, hints=tuple(content["hints"]))
    return look


def _has_reference(entry, key):
    return isinstance(key, str) and re.fullmatch(_ID, key) and (entry.folder / names.reference_name(key)).exists()


@contextlib.contextmanager
def _refusing():
    """Turns what the library says of wrong values into a response."""
    try:
        yield
    except (ValueError, OverflowError, TypeError, RecursionError) as error:
        raise Refused(400, str(error)) from None


def _colored(app: App, id: str) -> Entry:
    """A photo once it is coloured: who sends a photo and asks for its result at once waits here."""
    entry = app.entries.settled(id, _PATIENCE)
    if entry.status in SETTLED and entry.painted is not None:
        return entry
    why = {"failed": entry.reason, "in color": "it is in colour already; send it with ?recolor=1"}
    raise Refused(409, f"{entry.name}: {why.get(entry.status, 'it still waits for its colours')}")


def _hints_file(entry):
    return {"size": [entry.width, entry.height], "hints": list(entry.look.hints)}


def _tab(request: Request) -> str:
    tab = request.query.get("tab", "")
    if tab and not _TAB.fullmatch(tab):
        raise Refused(400, "Expected tab as letters, digits, - and _, at most 64")
    return tab


def _route(method: str, path: str, function: Callable[..., Response]) -> tuple[str, re.Pattern, Callable[..., Response]]:
    return method, re.compile(path.replace("ID", f"(?P<id>{_ID})")), function


ROUTES = [
    _route("GET", "api/state", _state),
    _route("GET", "api/events", _events),
    _route("GET", "api/photos", _photos),
    _route("POST", "api/photos", _add),
    _route("DELETE", "api/photos", _remove_all),
    _route("GET", "api/photos/ID", _photo),
    _route("DELETE", "api/photos/ID", _remove),
    _route("POST", "api/photos/ID/recolor", _recolor),
    _route("POST", "api/photos/ID/hints", _hint),
    _route("GET", "api/photos/ID/hints", _hints),
    _route("POST", "api/photos/ID/reference", _add_reference),
    _route("GET", f"api/photos/ID/reference/(?P<key>{_ID})", _reference),
    _route("GET", f"api/photos/ID/(?P<name>{'|'.join(PICTURES)})", _picture),
    _route("GET", "api/photos/ID/suggestions", _suggestions),
    _route("GET", "api/photos/ID/result", _result),
    _route("GET", "api/zip", _zip),
    _route("GET", "api/hints", _all_hints),
]
