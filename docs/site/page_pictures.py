"""Takes the pictures of the page of docs/serve.md: ``python docs/site/page_pictures.py``, after ``make browser``.

A real ``kcolor serve`` colours the sample photographs, and a real browser looks at it.
"""

import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from PIL import Image
from playwright.sync_api import sync_playwright

DOCS = pathlib.Path(__file__).parents[1]
SAMPLES = DOCS.parent / "kcolor" / "samples"
HISTORIC = sorted(SAMPLES.joinpath("historic").glob("*.jpg"))
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
SETTLED = ".tile:is([data-status='done'], [data-status='in color'], [data-status='failed'])"
WAIT = 300_000  # milliseconds: the first photo waits for the model


def taken(page, width: int, height: int) -> Image.Image:
    """Returns what a page looks like, at a size."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shot.resize((width, height), Image.Resampling.LANCZOS)


def photographed(names) -> list[str]:
    """Returns the files of sample photographs."""
    return [str(file) for file in HISTORIC if file.stem in names]


class Browser:
    """Windows of a browser at the address of a server."""

    def __init__(self, browser, address):
        self._browser, self._address = browser, address

    def window(self, width, height, files=(), **options):
        """Returns a new window, with photos that are coloured already."""
        page = self._browser.new_context(viewport={"width": width, "height": height}, **options).new_page()
        page.set_default_timeout(WAIT)
        page.goto(self._address)
        page.locator("#model-state.ready").wait_for(state="attached")
        if files:
            page.set_input_files("#files", list(files))
            page.locator(SETTLED).nth(len(files) - 1).wait_for()
        return page

    def opened(self, width, height, name, **options):
        """Returns a new window in which a photo is opened."""
        page = self.window(width, height, photographed([name]), **options)
        page.locator(".tile .open").click()
        page.locator("#after[data-version]").wait_for()
        return page


def hint(browser: Browser) -> Image.Image:
    """Returns the large view: before and after, and a place whose colour is being chosen."""
    page = browser.opened(1280, 880, "WaltWhitman")
    box, version = page.locator("#canvas").bounding_box(), page.get_attribute("#after", "data-version")
    page.mouse.click(box["x"] + 0.88 * box["width"], box["y"] + 0.35 * box["height"])
    page.locator(".swatch").first.wait_for()
    page.fill("#hex", "#8a8378")
    page.locator(f"#after:not([data-version='{version}'])").wait_for()
    page.locator("#hex").blur()
    return taken(page, 1120, 770)


def sheet(browser: Browser) -> Image.Image:
    """Returns all photos before and after, with a broken file and a photo that is in colour already."""
    with tempfile.TemporaryDirectory() as folder:
        torn = pathlib.Path(folder, "torn.jpg")
        torn.write_bytes(HISTORIC[0].read_bytes()[:200])
        some = photographed(["WorldsFair1900Paris", "Deadwood1860s", "OregonTrail1870s"])
        page = browser.window(1280, 800, [*some, str(torn), str(SAMPLES / "hats.jpg")])
    page.click("#sheet")
    page.mouse.move(640, 780)
    page.wait_for_timeout(500)  # until the buttons have their colours again
    return taken(page, 1024, 640)


def states(browser: Browser) -> Image.Image:
    """Returns the page at first, at work, in the dark, and on a phone."""
    picture = Image.new("RGB", (1008, 648), "white")
    picture.paste(taken(browser.window(1000, 640), 500, 320), (0, 0))
    page = browser.window(1000, 640)
    page.set_input_files("#files", [str(file) for file in HISTORIC])
    page.locator(".tile[data-status=done]").first.wait_for()
    picture.paste(taken(page, 500, 320), (508, 0))
    page = browser.opened(1000, 640, "Deadwood1860s", color_scheme="dark")
    picture.paste(taken(page, 500, 320), (0, 328))
    page = browser.opened(390, 640, "Deadwood1860s", has_touch=True, is_mobile=True)
    picture.paste(taken(page, 195, 320), (508, 328))
    return picture


def main():
    """Takes the three pictures."""
    command = [sys.executable, "-m", "kcolor", "serve", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        try:
            address = next(word for line in server.stdout for word in line.split() if word.startswith("http://"))
            running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            browser = Browser(running, address)
            for name, picture in {"serve": hint, "serve-sheet": sheet, "serve-states": states}.items():
                picture(browser).save(DOCS / f"{name}.jpg", quality=88)
            running.close()
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
