"""Headless Chromium, and axe-core, which looks for what bars people."""

import contextlib
import importlib.util
import os
import pathlib
import shutil

import pytest

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
_AXE_PACKAGE = importlib.util.find_spec("axe_playwright_python")  # it carries axe-core
AXE = pathlib.Path(_AXE_PACKAGE.origin).with_name("axe.min.js") if _AXE_PACKAGE and _AXE_PACKAGE.origin else None


@contextlib.contextmanager
def launched():
    """Yields a browser of Playwright. Skips the test, with a reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs pip install '.[browser]'")
    if not CHROMIUM:
        pytest.skip("needs Chromium: chromium in the PATH, or its path in CHROMIUM")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
