"""The examples of docs/export.md, as they stand, with the smallest colorizer that ships."""

import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import keras
import pytest
from PIL import Image

import kcolor

ROOT = pathlib.Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "export.md").read_text()
PRINTING = re.findall(r"^## ([^\n]*)\n(?:(?!^## ).)*?```python\n(.*?)```\n\n    (.*?)\n", TEXT, re.DOTALL | re.MULTILINE)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow makes the graphs"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the files that the examples use."""
    folder = tmp_path_factory.mktemp("exports")
    for kind, name in (("savedmodel", "photo-savedmodel"), ("onnx", "photo.onnx"), ("litert", "photo.tflite")):
        kcolor.export("shapes", kind, folder / name)
    Image.linear_gradient("L").resize((120, 90)).save(folder / "gray.jpg")
    return folder


def start(code, folder):
    """An example in a process of its own."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_all_of_them_are_found():
    assert len(PRINTING) + 1 == TEXT.count("```python") == 5


@pytest.mark.parametrize(("code", "printed"), [found[1:] for found in PRINTING], ids=[found[0] for found in PRINTING])
def test_examples_print_what_they_say(code, printed, folder):
    out, errors = start(code, folder).communicate(timeout=120)
    assert out.strip() == printed, errors


def test_the_server_of_twenty_lines(folder):
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    server = start(TEXT.rpartition("```python\n")[2].partition("```")[0].replace("8080", str(port)), folder)
    try:
        request = urllib.request.Request(f"http://localhost:{port}", (folder / "gray.jpg").read_bytes())
        with ask(request, server) as answer:
            (folder / "answer.jpg").write_bytes(answer.read())
    finally:
        server.kill()
        server.communicate()
    with Image.open(folder / "answer.jpg") as colored:
        assert (colored.format, colored.mode, colored.size) == ("JPEG", "RGB", (120, 90))


def ask(request, server):
    """The answer, as soon as there is somebody to ask."""
    until = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(request, timeout=60)
        except urllib.error.URLError:
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
