"""A real server of the page, with a small colorizer, and requests to it."""

import contextlib
import http.client
import json
import threading
import urllib.parse

from kcolor.page.app import App
from kcolor.page.limits import Limits
from kcolor.page.routes import respond
from kcolor.page.security import new_token
from kcolor.page.server import PageServer
from kcolor.page.temporary import own_folder


class Client:
    """Asks a server."""

    def __init__(self, server, app):
        self.server, self.app = server, app

    def __call__(self, method, path, body=None, headers=(), token=None, **query):
        """Status, headers and body of the answer: JSON as what it means."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
        with contextlib.closing(connection):
            where = f"/{self.server.token if token is None else token}/{path}"
            where += f"?{urllib.parse.urlencode(query)}" if query else ""
            body = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
            connection.request(method, where, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        if answer.getheader("Content-Type") == "application/json":
            content = json.loads(content)
        return answer.status, answer.headers, content

    def send(self, file, name=None, **query):
        """Sends a photo, waits until it is coloured or not, and returns what is known of it."""
        body = file if isinstance(file, bytes) else file.read_bytes()
        status, _, sent = self("POST", "api/photos", body, name=name or getattr(file, "name", "photo"), **query)
        assert status == 201, sent
        self.app.entries.settled(sent["id"], 60)
        return self("GET", f"api/photos/{sent['id']}")[2]


@contextlib.contextmanager
def serving(folder, models, **limits):
    """A server of models, by their names, that runs in this process."""
    with own_folder(folder) as own:
        app = App(own, models, Limits(**limits), warm=False)
        server = PageServer("127.0.0.1", 0, new_token(), app.limits.connections)
        server.respond = lambda request: respond(app, request)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Client(server, app)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            app.stop(30)
