"""How fast the page is, and what it survives: ``python -m benchmarks.serve [--mutated 1000] [--photos 200] [--dropped 100]``.

A real `kcolor serve` in a process of its own, asked over HTTP: the time until the page is there, until the model is, until the
first photo of a megapixel is coloured, until a hint is in the preview, and until colours are suggested. Then the memory of the
server while photos are sent in a row, and how it takes files that were damaged at random: each must be answered, and the server
must still colour.
"""

import argparse
import concurrent.futures
import http.client
import io
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

ROOT = pathlib.Path(__file__).parents[1]


class Server:
    """`kcolor serve` in a process of its own.

    Args:
        arguments: Strings. Further arguments of the command.
    """

    def __init__(self, *arguments: str):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
        line = [sys.executable, "-m", "kcolor", "serve", "--no-browser", "--port", "0", *arguments]
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        self.port, self.token = re.search(r":(\d+)/([^/]+)/", self.process.stdout.readline()).groups()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(30)

    def __call__(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Returns status and body of the answer to a request."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=300)
        try:
            connection.request(method, f"/{self.token}/{path}", body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, body: bytes, name: str = "a.jpg") -> str:
        """Sends a photo and returns its id."""
        status, answer = self("POST", f"api/photos?name={name}&recolor=1", body)
        if status != 201:
            raise RuntimeError(answer)
        return json.loads(answer)["id"]

    def settled(self, photo: str) -> str:
        """Waits until a photo is coloured or is known not to be, and returns its status."""
        while (status := json.loads(self("GET", f"api/photos/{photo}")[1])["status"]) in ("waiting", "working"):
            time.sleep(0.02)
        return status

    def send_patiently(self, body: bytes, name: str) -> str:
        """Sends a photo as the page does: again, while too many others are being sent."""
        while True:
            try:
                return self.send(body, name)
            except (RuntimeError, OSError):
                time.sleep(0.2)

    def megabytes(self, which: str = "VmRSS") -> float:
        """Returns the memory that the server holds, or the most that it held (``"VmHWM"``)."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{which}:\s+(\d+)", status)[1]) / 1024


def picture(width: int, height: int, format: str = "JPEG") -> bytes:
    """Returns a file of a grey sample photo of a size."""
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(ROOT / "kcolor" / "samples" / "historic" / "Deadwood1860s.jpg") as image:
        image.convert("L").resize((width, height)).save(buffer, format)
    return buffer.getvalue()


def mutated(file: bytes, seed: int) -> bytes:
    """Returns a file with bytes changed, cut out, doubled, or its end cut off.

    >>> mutated(b"abcdefgh", 1) == mutated(b"abcdefgh", 1)
    True
    """
    draw, data = random.Random(seed), bytearray(file)
    for _ in range(draw.choice([1, 3, 30])):
        at = draw.randrange(len(data)) if draw.random() < 0.5 else draw.randrange(min(600, len(data)))  # heads matter
        match draw.randrange(4):
            case 0:
                data[at] = draw.randrange(256)
            case 1:
                data[at : at + draw.randrange(1, 40)] = b""
            case 2:
                data[at:at] = data[at : at + draw.randrange(1, 40)]
            case _:
                data[at : at + 4] = draw.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"])
        data = data or bytearray(b"x")
    return bytes(data[: draw.randrange(1, len(data) + 1)] if draw.random() < 0.3 else data)


def times(server: Server, began: float, rounds: int) -> dict[str, float]:
    """Returns seconds by what they were needed for."""

    def seconds(act: Callable[[], object]) -> float:
        start = time.perf_counter()
        act()
        return time.perf_counter() - start

    server("GET", "")
    found = {"page": time.perf_counter() - began}
    while json.loads(server("GET", "api/state")[1])["state"] == "loading":
        time.sleep(0.05)
    found["model"] = time.perf_counter() - began
    file = picture(1154, 866)
    photo = ""

    def first() -> None:
        nonlocal photo
        photo = server.send(file)
        server.settled(photo)

    found["first photo"] = seconds(first)
    server("GET", f"api/photos/{photo}/suggestions?x=9&y=9")  # after what is compiled meanwhile

    def hint(number: int) -> None:
        body = json.dumps({"hints": [{"x": 300 + number, "y": 200, "color": "#7a5c3e"}]}).encode()
        if server("POST", f"api/photos/{photo}/hints", body)[0] != 200 or not server("GET", f"api/photos/{photo}/after")[1]:
            raise RuntimeError("no preview")

    hint(0)
    found["hint"] = statistics.median(seconds(lambda n=n: hint(n)) for n in range(1, rounds + 1))
    found["suggestions"] = statistics.median(
        seconds(lambda n=n: server("GET", f"api/photos/{photo}/suggestions?x={n}&y=90")) for n in range(rounds)
    )
    found["download"] = seconds(lambda: server("GET", f"api/photos/{photo}/result"))
    return found


def in_a_row(server: Server, count: int) -> list[float]:
    """Returns the server's memory while photos are coloured one after the other: after each tenth part."""
    file, found = picture(1200, 900), []
    for number in range(count):
        photo = server.send(file)
        if server.settled(photo) != "done":
            raise RuntimeError("not coloured")
        if (number + 1) % max(1, count // 10) == 0:
            found.append(server.megabytes())
    return found


def dropped(server: Server, count: int) -> tuple[float, float]:
    """Returns the server's largest memory while photos of 12 megapixels are dropped at once, and the seconds that they took."""
    file, began = picture(4000, 3000), time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        photos = list(pool.map(lambda number: server.send_patiently(file, f"{number}.jpg"), range(count)))
    if {server.settled(photo) for photo in photos} != {"done"}:
        raise RuntimeError("not coloured")
    return server.megabytes("VmHWM"), time.perf_counter() - began


def check_result(server: Server, photo: str, sent: bytes) -> None:
    """Raises RuntimeError unless the result of a photo has its size and its lightness."""
    import numpy as np
    from PIL import Image, ImageOps

    from kcolor.color import rgb_to_lightness

    about = json.loads(server("GET", f"api/photos/{photo}")[1])
    result = ImageOps.exif_transpose(Image.open(io.BytesIO(server("GET", f"api/photos/{photo}/result")[1])))
    before = Image.open(io.BytesIO(server("GET", f"api/photos/{photo}/before")[1]))
    if result.size != (about["width"], about["height"]):
        raise RuntimeError(f"a result of {result.size} pixels for a photo of {about}: {sent[:40]!r}…")
    result = result.convert("RGB").resize(before.size, Image.Resampling.BOX)
    pixels = (np.asarray(one.convert("RGB"), "float32") / 255 for one in (result, before))
    light, expected = (np.asarray(rgb_to_lightness(one)) for one in pixels)
    off = float(np.abs(light - expected).mean())
    if off > 3:  # of 100; JPEG is not exact, and a photo that was made smaller even less
        raise RuntimeError(f"a result that is off by {off:.1f} in lightness: {sent[:40]!r}…")


def damaged(server: Server, count: int) -> dict[str, int]:
    """Returns how many damaged files had which status. Raises RuntimeError if a result is wrong, or nothing is coloured."""
    files = [(picture(160, 120, format), f"a.{format.lower()}") for format in ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")]
    found: dict[str, int] = {}
    for number in range(count):
        file, name = files[number % len(files)]
        sent = mutated(file, number)
        photo = server.send(sent, name)
        status = server.settled(photo)
        if status == "done":
            check_result(server, photo, sent)
        found[status] = found.get(status, 0) + 1
        server("DELETE", f"api/photos/{photo}")
    if server.settled(server.send(files[0][0])) != "done":
        raise RuntimeError("the server does not colour any more")
    return found


def main(argv: list[str] | None = None) -> None:
    """Prints the measurements.

    Args:
        argv: List of strings. The arguments; those of this process by default.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="photo", help="name of a colorizer (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=10, help="(default: %(default)s)")
    parser.add_argument("--dropped", type=int, default=0, help="photos of 12 megapixels at once (default: none)")
    parser.add_argument("--photos", type=int, default=0, help="photos in a row (default: none)")
    parser.add_argument("--mutated", type=int, default=0, help="damaged files (default: none)")
    args = parser.parse_args(argv)
    began = time.perf_counter()
    with Server("--model", args.model) as server:
        for name, seconds in times(server, began, args.rounds).items():
            print(f"{name:12} {seconds:6.2f} s")
        if args.dropped:
            peak, seconds = dropped(server, args.dropped)
            print(f"{args.dropped} photos of 12 megapixels at once: at most {peak:,.0f} MB, done after {seconds:.0f} s")
        if args.photos:
            memory = in_a_row(server, args.photos)
            print(f"{args.photos} photos in a row: {', '.join(f'{one:,.0f}' for one in memory)} MB")
        if args.mutated:
            print(f"{args.mutated} damaged files: {damaged(server, args.mutated)}")


if __name__ == "__main__":
    main()
