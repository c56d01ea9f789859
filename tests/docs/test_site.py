"""The site that `make docs` has written: read as files, without a network, in a real browser."""

import re

import pytest
from helpers.browsers import AXE, launched
from helpers.package import ROOT

SITE = ROOT / "build" / "docs"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(not (SITE / "index.html").is_file(), reason="needs the site: make docs"),
]


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A window of a telephone's width. A request to anywhere but the site's files is a failure."""
    page, complaints = browser.new_page(viewport={"width": 400, "height": 800}), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: asked.url.startswith(("file:", "data:", "blob:")) or complaints.append(asked.url))
    yield page
    page.close()
    assert complaints == []


def test_no_page_loads_anything_from_elsewhere():
    loads = re.compile(r'<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)="(https?:[^"]+)"')
    found = {path.name: loads.findall(path.read_text()) for path in SITE.rglob("*.html")}
    assert {name: urls for name, urls in found.items() if urls} == {}


def test_the_gallery_slides(page):
    page.goto((SITE / "index.html").as_uri())
    slider = page.locator(".compare input").first
    slider.focus()
    slider.press("End")
    assert page.locator(".compare").first.evaluate("figure => figure.style.getPropertyValue('--at')") == "100%"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    broken = page.evaluate("[...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.src)")
    assert broken == []


def test_search_finds_a_concept_and_a_function(page):
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto((SITE / "index.html").as_uri())
    for words, expected in (("rebalancing", "Rebalancing"), ("soft_encode", "soft_encode")):
        page.locator("input.md-search__input").fill("")
        page.locator("input.md-search__input").click()
        page.keyboard.type(words)
        # As it is written: the concept and the function that is called like it are two results.
        found = page.locator(".md-search-result__item", has_text=re.compile(expected)).first
        found.wait_for(timeout=20_000)
        assert expected in found.inner_text()


@pytest.mark.skipif(AXE is None, reason="needs pip install '.[browser]'")
@pytest.mark.parametrize("name", ["index.html", "concepts.html", "reference/targets.html"])
def test_nothing_bars_people(page, name):
    page.goto((SITE / name).as_uri())
    page.add_script_tag(path=str(AXE))
    # Of the page's own text: the theme's frame is not ours.
    found = page.evaluate("() => axe.run('.md-content')")
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == []
