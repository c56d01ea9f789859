"""The parts of the server, put together."""

import threading
import time

import pytest
from helpers.albums import photo
from helpers.page import serving

from kcolor.page import worker


def waited(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_uploads_are_counted(client):
    taken = [client.app.uploads.acquire(blocking=False) for _ in range(client.app.limits.uploads)]
    try:
        assert all(taken)
        assert client("POST", "api/photos", b"x")[0] == 503
    finally:
        for _ in taken:
            client.app.uploads.release()
    assert client("POST", "api/photos", b"x")[0] == 201


def test_a_failed_upload_leaves_nothing(client):
    before = set(client.app.folder.iterdir())
    client.app.entries.of("")
    assert client("POST", "api/photos", b"x" * 300_001)[0] == 413
    assert set(client.app.folder.iterdir()) == before


@pytest.mark.slow
def test_photos_of_a_closed_page_are_not_begun(client, tmp_path):
    photo().save(tmp_path / "a.png")
    heard = client.app.entries.listen("closes")
    gate = threading.Event()
    client.app._network.submit(worker.NOW, gate.wait, 60)
    _, _, sent = client("POST", "api/photos", (tmp_path / "a.png").read_bytes(), tab="closes")
    client.app.entries.hang_up("closes", heard)
    gate.set()
    for one in (client.app._reader, client.app._network):
        one.submit(worker.IDLE, lambda: None).result(60)
    assert client.app.entries.get(sent["id"]).status == "waiting"
    client.app.entries.listen("closes")
    client.app.opened("closes")
    assert client.app.entries.settled(sent["id"], 60).status == "done"


@pytest.mark.filterwarnings("ignore")
def test_a_model_that_cannot_be_loaded_is_said(tmp_path):
    (tmp_path / "broken.keras").write_text("no model")
    photo().save(tmp_path / "a.png")
    with serving(tmp_path, {"broken": tmp_path / "broken.keras"}) as client:
        found = client.send(tmp_path / "a.png")
        assert found["status"] == "failed"
        assert found["reason"].startswith("The model could not be loaded: ")
        assert waited(lambda: client("GET", "api/state")[2]["state"] == "failed")
