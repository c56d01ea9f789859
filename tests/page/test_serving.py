"""The server as a whole, in a process of its own."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from kcolor.page import serving
from kcolor.page.serving import OPEN_TO_OTHERS, has_screen, named, serve


def started(tmp_path, *arguments):
    """A server in a process of its own, and its address."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"}
    line = [sys.executable, "-m", "kcolor", "serve", "--no-browser", "--port", "0", "--model", "shapes", *arguments]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    return process, re.search(r"http://\S+", process.stdout.readline())[0]


def test_models_have_short_names(tmp_path):
    (tmp_path / "a.keras").write_text("")
    assert named(["shapes", tmp_path / "a.keras"])["a"] == tmp_path / "a.keras"
    with pytest.raises(ValueError, match="Expected at least one model"):
        named([])
    with pytest.raises(ValueError, match="Expected a .keras file"):
        named(["nothing"])


def test_a_port_that_is_taken_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"Cannot listen at 127.0.0.1, port {port}: Another program uses it"):
            serve(["shapes"], port=port, browser=False)
    with pytest.raises(ValueError, match="Expected `port` in 0 to 65535"):
        serve(["shapes"], port=70_000, browser=False)
    assert list(tmp_path.iterdir()) == []
    assert "{host}" in OPEN_TO_OTHERS
    assert has_screen() in (True, False)


@pytest.mark.slow
def test_the_page_is_there_at_once_and_ends_cleanly(tmp_path):
    began = time.monotonic()
    process, address = started(tmp_path)
    with urllib.request.urlopen(address) as page:
        assert b"<title>kcolor</title>" in page.read()
    assert time.monotonic() - began < 5  # 0.4 s on an idle machine
    assert len(list(tmp_path.glob("kcolor-serve-*"))) == 1
    process.send_signal(signal.SIGINT)  # while the model is loading
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.endswith("Stopped.\n")
    assert list(tmp_path.iterdir()) == []  # no weights half unpacked either


def test_it_may_be_asked_to_end_from_its_first_line_on(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(serving, "_END", 60)  # a model that still loads is waited for: this process goes on
    before = signal.getsignal(signal.SIGTERM)
    lines = []

    def say(line):
        lines.append(line)
        if len(lines) == 1:
            os.kill(os.getpid(), signal.SIGTERM)

    serve(["shapes"], port=0, browser=False, say=say)
    assert lines[0].startswith("kcolor serves http://127.0.0.1:")
    assert lines[1:] == ["Stopped."]
    assert signal.getsignal(signal.SIGTERM) is before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_killed_server_is_swept_and_others_are_warned_of(tmp_path):
    process, _ = started(tmp_path)
    process.kill()
    process.communicate()
    (left,) = tmp_path.glob("kcolor-serve-*")
    process, address = started(tmp_path, "--host", "0.0.0.0")
    try:
        assert address.startswith("http://127.0.0.1:")
        assert process.stdout.readline().startswith("Warning: this server listens at 0.0.0.0. Everybody")
        assert not pathlib.Path(left).exists()
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
