"""The page in a real browser: headless Chromium, driven by Playwright. All of it is slow."""

import io
import json
import pathlib
import re
import time
import zipfile

import numpy as np
import pytest
from helpers.albums import photo
from helpers.browsers import AXE, launched
from helpers.package import ROOT
from helpers.page import serving
from PIL import Image

pytestmark = [pytest.mark.slow, pytest.mark.graphs, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory, model):
    with serving(tmp_path_factory.mktemp("browser"), {"small": model, "other": model}, file_bytes=1_000_000) as client:
        yield client


@pytest.fixture
def page(browser, server):
    """The page in a new window. What the browser complains of is a failure, and so is every request to somewhere else."""
    context = browser.new_context(accept_downloads=True, viewport={"width": 1200, "height": 800})
    page, complaints = context.new_page(), []
    page.set_default_timeout(200_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: asked.url.startswith((server.server.address, "blob:")) or complaints.append(asked.url))
    page.goto(server.server.address)
    page.locator("#model-state.ready").wait_for(state="attached")
    page.complaints = complaints
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def album(tmp_path):
    for number in range(3):
        photo(number, (120, 160)).save(tmp_path / f"{number}.png")
    (tmp_path / "broken.jpg").write_text("no picture")
    (tmp_path / "huge.jpg").write_bytes(b"x" * 1_000_001)
    return tmp_path


def add(page, *files):
    page.set_input_files("#files", [str(file) for file in files])


def done(page, count):
    page.locator(".tile[data-status=done]").nth(count - 1).wait_for()


def opened(page, album):
    add(page, album / "0.png")
    done(page, 1)
    page.locator(".tile .open").click()
    page.locator("#after[data-version]").wait_for()


def painted(page, change):
    """Does something, and waits until another picture is there."""
    version = page.get_attribute("#after", "data-version")
    change()
    page.locator(f"#after:not([data-version='{version}'])").wait_for()


def clicked(page, x, y):
    box = page.locator("#canvas").bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def share(pixel, side):
    return (pixel + 0.5) / side


def hints(page, server):
    (entry,) = server.app.entries.of(page.evaluate_handle("sessionStorage").get_property("tab").json_value())
    return list(entry.look.hints)


def test_photos_are_coloured_and_others_are_said(page, album):
    add(page, *sorted(album.iterdir()))
    done(page, 3)
    failed = page.locator(".tile[data-status=failed] .status").all_inner_texts()
    assert sorted(failed) == [
        "This file cannot be read as a picture. It is damaged, or no picture at all; the others are not affected",
        "Too large: 1 MB. At most 1 MB are taken",
    ]
    assert page.inner_text("#count") == "5 photos: 3 coloured, 2 failed"
    assert page.inner_text("#zip") == "Download all 3"
    with page.expect_download() as download:
        page.click("#zip")
    assert len(zipfile.ZipFile(download.value.path()).namelist()) == 3
    page.reload()
    done(page, 3)
    assert page.locator(".tile").count() == 4  # what was never sent is gone
    page.click("#clear")
    page.locator("body.empty").wait_for()
    assert page.inner_text("#toast span") == "4 photos removed from this page. Your own files stay."
    page.click("#take-back")
    done(page, 3)
    page.click("#clear")
    page.reload()  # before the time to take it back is over
    page.locator("body.empty").wait_for()


def test_a_double_click_removes_one_photo(page, album, server):
    add(page, *sorted(album.glob("?.png")))
    done(page, 3)
    page.locator(".tile .remove").first.dblclick()
    assert page.inner_text("#count") == "2 photos: 2 coloured"
    page.locator("#toast").wait_for(state="hidden")
    page.reload()
    done(page, 2)
    assert page.locator(".tile").count() == 2


def test_a_colour_is_chosen_moved_undone_and_saved(page, album, server):
    opened(page, album)
    clicked(page, 0.75, 0.5)
    assert page.locator(".point.draft").count() == 1
    painted(page, lambda: page.locator(".swatch").nth(1).click())
    (first,) = hints(page, server)
    assert abs(first["x"] - 120) <= 1
    assert abs(first["y"] - 60) <= 1
    page.fill("#hex", "")
    page.locator("#hex").press_sequentially("abc")  # key by key, as a person does it
    painted(page, lambda: page.locator("#hex").press("Enter"))
    assert hints(page, server)[0]["color"] == "#aabbcc"
    painted(page, lambda: page.fill("#hex", "#aabbcd"))  # a complete code needs no further click
    painted(page, lambda: page.keyboard.press("Tab") or page.click("#undo"))
    clicked(page, *[share(first[way], side) for way, side in (("x", 160), ("y", 120))])
    page.fill("#hex", "#12")
    page.click("#apply")
    assert page.inner_text("#hex-error").startswith("Write a colour as #")
    painted(page, lambda: page.locator(".point").press("ArrowLeft"))
    assert hints(page, server)[0]["x"] == first["x"] - 1
    box = page.locator(".point").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] - 60, steps=4)
    painted(page, page.mouse.up)
    page.wait_for_timeout(1000)
    assert hints(page, server)[0]["y"] < first["y"] - 5
    with page.expect_download() as download:
        page.click("#hints")
    assert download.value.suggested_filename == "0.hints.json"
    assert json.loads(pathlib.Path(download.value.path()).read_text())["hints"] == hints(page, server)
    for _ in range(3):
        painted(page, lambda: page.keyboard.press("Control+z"))
    assert hints(page, server) == []
    assert page.is_disabled("#undo")
    painted(page, lambda: page.click("#redo"))
    assert len(hints(page, server)) == 1
    page.locator(".point").press("Delete")
    page.locator("#points:empty").wait_for(state="attached")


def test_colours_of_another_photo(page, album, samples, tmp_path):
    Image.fromarray(samples["parrots"]).resize((160, 128)).save(tmp_path / "parrots.jpg")
    opened(page, album)
    painted(page, lambda: page.set_input_files("#reference-file", str(tmp_path / "parrots.jpg")))
    page.locator("#reference").wait_for()
    page.locator("#matches").wait_for()
    assert "from it" in page.inner_text("#matches") or "no colours are taken" in page.inner_text("#matches")
    painted(page, lambda: page.click("#undo"))
    page.locator("#reference").wait_for(state="hidden")
    painted(page, lambda: page.click("#redo"))
    painted(page, lambda: page.click("#remove-reference"))
    page.locator("#reference").wait_for(state="hidden")
    page.set_input_files("#reference-file", str(album / "0.png"))
    page.get_by_text("it has no colours to take").wait_for()
    assert page.is_hidden("#reference")


def test_a_photo_dropped_on_the_large_view_is_a_reference(page, album, samples):
    content = io.BytesIO()
    Image.fromarray(samples["parrots"]).resize((160, 128)).save(content, "PNG")
    opened(page, album)
    painted(page, lambda: drop(page, "parrots.png", content.getvalue()))
    page.locator("#reference").wait_for()
    assert page.locator(".tile").count() == 1


def test_changes_of_a_photo_that_is_left_while_another_is_painted_are_kept(page, album, server):
    add(page, album / "0.png", album / "1.png")
    done(page, 2)
    held = []
    page.route("**/hints?*", lambda route: route.continue_() if held else held.append(route))
    page.locator(".tile .open").first.click()
    page.locator("#strength").press("ArrowLeft")
    page.locator("#strength").press("ArrowLeft")  # waits for the answer to the first
    page.click("#next")
    assert page.inner_text("#strength-value") == "100 %"
    page.locator("#strength").press("ArrowRight")
    page.click("#previous")
    assert page.inner_text("#strength-value") == "90 %"  # as it was left
    page.locator("#strength").press("ArrowLeft")
    page.locator("#strength").press("Escape")
    page.locator("#view").wait_for(state="hidden")
    held[0].continue_()
    tab = page.evaluate_handle("sessionStorage").get_property("tab").json_value()
    deadline, found = time.monotonic() + 60, {}
    while (wanted := {"0.png": 0.85, "1.png": 1.05}) != found and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        found = {entry.name: entry.painted.saturation for entry in server.app.entries.of(tab)}
    assert found == wanted


def test_what_is_downloaded_has_the_last_change(page, album):
    opened(page, album)
    held = []
    page.route("**/hints?*", lambda route: route.continue_() if held else held.append(route))
    page.locator("#strength").press("End")
    page.locator("#strength").press("Home")  # waits for the answer to the first
    with page.expect_download() as download:
        page.click("#download")
        page.wait_for_timeout(300)
        held[0].continue_()
    with Image.open(download.value.path()) as image:
        rgb = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(rgb.max(axis=-1) - rgb.min(axis=-1)).max() <= 2  # strength 0: grey


def test_a_place_keeps_the_keyboard_and_gets_its_own_suggestions(page, album, server):
    add(page, album / "0.png", album / "1.png")
    done(page, 2)
    page.locator(".tile .open").first.click()
    page.locator("#after[data-version]").wait_for()
    clicked(page, 0.75, 0.5)
    page.locator(".swatch").first.wait_for()
    with page.expect_request("**/suggestions?*") as asked:
        page.keyboard.press("Shift+ArrowLeft")
    x = int(re.search(r"x=(\d+)", asked.value.url)[1])
    assert x in (113, 114)  # six to the left
    page.locator("#suggestions:not([aria-busy])").wait_for()
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#view-name") == "0.png"  # the place has moved, and no other photo come
    painted(page, lambda: page.locator(".swatch").first.click())
    page.locator(".point").focus()
    painted(page, lambda: page.keyboard.press("ArrowLeft"))
    painted(page, lambda: page.keyboard.press("ArrowLeft"))
    assert hints_of(page, server, "0.png")[0]["x"] == x - 3
    painted(page, lambda: page.keyboard.press("Delete"))
    assert hints_of(page, server, "0.png") == []
    assert page.locator("#add-point").evaluate_handle("one => one === document.activeElement").json_value()


def hints_of(page, server, name):
    tab = page.evaluate_handle("sessionStorage").get_property("tab").json_value()
    (entry,) = [entry for entry in server.app.entries.of(tab) if entry.name == name]
    return list(entry.look.hints)


def test_undo_works_whatever_has_the_focus(page, album, server):
    opened(page, album)
    clicked(page, 0.75, 0.5)
    painted(page, lambda: page.fill("#picker", "#aa5500"))
    page.locator("#picker").focus()
    painted(page, lambda: page.keyboard.press("Control+z"))
    assert hints(page, server) == []
    painted(page, lambda: page.click("#redo"))
    cyrillic = "{key: 'я', code: 'KeyZ', ctrlKey: true, bubbles: true}"
    painted(page, lambda: page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {cyrillic}))"))
    assert hints(page, server) == []


def test_a_reference_counts_for_its_photo_although_another_is_shown(page, album, samples, server, tmp_path):
    Image.fromarray(samples["parrots"]).resize((160, 128)).save(tmp_path / "parrots.jpg")
    add(page, album / "0.png", album / "1.png")
    done(page, 2)
    held = []
    page.route("**/reference?*", lambda route: held.append(route))
    page.locator(".tile .open").first.click()
    page.set_input_files("#reference-file", str(tmp_path / "parrots.jpg"))
    page.get_by_text("The other photo is being sent").wait_for()
    page.click("#next")
    assert page.inner_text("#busy") == ""
    held[0].continue_()
    page.wait_for_timeout(1500)
    assert page.is_hidden("#reference")
    page.click("#previous")
    page.locator("#reference").wait_for()


def test_the_right_button_moves_nothing(page, album, server):
    opened(page, album)
    box = page.locator("#divider span").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down(button="right")
    page.mouse.move(box["x"] + 80, box["y"] + 5, steps=3)
    page.mouse.up(button="right")
    assert page.input_value("#slider") == "50"


def test_the_model_that_is_shown_is_the_photos_after_another_connection(page, album):
    opened(page, album)
    painted(page, lambda: page.select_option("#model", "other"))
    page.evaluate("import('./view.js').then((view) => view.setModels(['small', 'other']))")
    assert page.input_value("#model") == "other"


def test_everything_is_reached_by_keyboard(page, album, server):
    opened(page, album)
    page.locator("#slider").press("End")
    assert page.get_attribute("#slider", "aria-valuetext") == "100 % before, 0 % after"
    assert page.locator("#before").evaluate_handle("image => image.style.clipPath").json_value() == "inset(0px 0% 0px 0px)"
    page.locator("#add-point").press("Enter")
    painted(page, lambda: page.locator(".swatch").first.press("Enter"))
    painted(page, lambda: page.locator("#strength").press("ArrowLeft"))
    assert page.inner_text("#strength-value") == "95 %"
    assert server.app.entries.of("") == []
    page.keyboard.press("Escape")
    page.locator("#chooser").wait_for(state="hidden")
    page.locator("#strength").press("Escape")
    page.locator("#view").wait_for(state="hidden")
    assert page.locator(".tile .open").evaluate_handle("tile => tile === document.activeElement").json_value()


def test_a_colour_left_of_the_divider_is_seen(page, album):
    opened(page, album)
    clicked(page, 0.8, 0.5)
    assert page.input_value("#slider") == "50"
    clicked(page, 0.2, 0.5)
    assert page.input_value("#slider") == "0"
    painted(page, lambda: page.locator(".swatch").first.click())
    page.click("#done")
    assert page.is_hidden("#chooser")
    page.locator(".tile .after").evaluate("image => image.dataset.old = image.src")
    painted(page, lambda: page.click("#undo"))
    page.wait_for_function("() => { const i = document.querySelector('.tile .after'); return i.src !== i.dataset.old; }")


def test_a_drag_moves_the_divider_and_sets_no_place(page, album):
    opened(page, album)
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.2 * box["height"], steps=4)
    page.mouse.up()
    assert abs(float(page.input_value("#slider")) - 90) <= 1
    assert page.locator(".point").count() == 0


def test_a_place_of_the_magnified_picture_is_what_it_shows(page, album, server):
    """The wheel magnifies around the pointer; what is clicked after that is the pixel that lies there."""
    opened(page, album)
    whole = page.locator("#canvas").bounding_box()
    x, y = whole["x"] + 0.7 * whole["width"], whole["y"] + 0.6 * whole["height"]
    page.mouse.move(x, y)
    for _ in range(4):
        page.mouse.wheel(0, -100)
    page.locator("#stage.magnified").wait_for()
    large = page.locator("#canvas").bounding_box()
    assert large["width"] > 3 * whole["width"]
    page.mouse.click(x, y)
    painted(page, lambda: page.locator(".swatch").first.click())
    (hint,) = hints(page, server)
    assert abs(hint["x"] - 0.7 * 160) <= 1
    assert abs(hint["y"] - 0.6 * 120) <= 1
    page.click("#done")
    page.mouse.move(x, y - 60)
    page.mouse.down()
    page.mouse.move(x + 50, y - 20, steps=4)
    page.mouse.up()
    moved = page.locator("#canvas").bounding_box()
    assert [round(moved[way] - large[way]) for way in ("x", "y", "width")] == [50, 40, 0]
    assert len(hints(page, server)) == 1  # a drag sets no place
    for _ in range(6):
        page.mouse.wheel(0, 100)
    assert page.locator("#canvas").bounding_box() == whole
    assert page.is_disabled("#smaller")


def test_before_and_after_are_parted_within_what_is_seen(page, album):
    opened(page, album)
    for _ in range(3):
        page.click("#larger")
    stage, handle = (page.locator(name).bounding_box() for name in ("#stage", "#divider span"))
    assert abs(handle["x"] + handle["width"] / 2 - stage["x"] - stage["width"] / 2) < 2
    assert abs(handle["y"] + handle["height"] / 2 - stage["y"] - stage["height"] / 2) < 2
    for name in (".tag.before", ".tag.after"):
        tag = page.locator(f"#canvas {name}").bounding_box()
        assert stage["x"] < tag["x"] < stage["x"] + stage["width"]
    page.locator("#slider").press("Home")
    line = page.locator("#divider").bounding_box()
    assert abs(line["x"] - stage["x"]) < 2


def test_the_keyboard_magnifies_and_moves_the_picture(page, album):
    add(page, album / "0.png", album / "1.png")
    done(page, 2)
    page.locator(".tile .open").first.click()
    page.locator("#after[data-version]").wait_for()
    whole = page.locator("#canvas").bounding_box()
    page.keyboard.press("+")
    page.keyboard.press("+")
    large = page.locator("#canvas").bounding_box()
    assert large["width"] == pytest.approx(1.5**2 * whole["width"], rel=0.01)
    page.keyboard.press("ArrowRight")  # to the right of the same photo
    assert page.inner_text("#view-name") == "0.png"
    assert page.locator("#canvas").bounding_box()["x"] < large["x"]
    page.locator("#add-point").press("Enter")
    stage, point = (page.locator(name).bounding_box() for name in ("#stage", ".point"))
    assert stage["x"] < point["x"] < stage["x"] + stage["width"]
    for _ in range(20):
        page.keyboard.press("Shift+ArrowLeft")  # the picture follows the place
    point = page.locator(".point").bounding_box()
    assert stage["x"] - point["width"] < point["x"] < stage["x"] + stage["width"]
    page.keyboard.press("Escape")
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert page.locator("#canvas").bounding_box() == whole
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#view-name") == "1.png"


@pytest.fixture
def phone(browser, server, album):
    """A phone on which a photo is opened, and a function that sends what its fingers do."""
    context = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_default_timeout(200_000)
    page.goto(server.server.address)
    page.locator("#model-state.ready").wait_for(state="attached")
    assert page.inner_text("#how-to-add").startswith("Tap")
    opened(page, album)
    session = context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    yield page, touch
    context.close()


def test_a_finger_that_scrolls_over_the_strength_leaves_it(phone):
    page, touch = phone
    page.locator("#strength").scroll_into_view_if_needed()
    box = page.locator("#strength").bounding_box()
    x, y = box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2
    touch("touchStart", (x, y))
    for step in range(1, 12):
        touch("touchMove", (x, y - 20 * step))
    touch("touchEnd")
    page.wait_for_timeout(500)
    assert page.inner_text("#strength-value") == "100 %"


def test_two_fingers_magnify(phone):
    page, touch = phone
    whole = page.locator("#canvas").bounding_box()
    x, y = whole["x"] + whole["width"] / 2, whole["y"] + whole["height"] / 4
    touch("touchStart", (x - 40, y))
    touch("touchStart", (x - 40, y), (x + 40, y))
    for step in range(1, 7):
        touch("touchMove", (x - 40 - 20 * step, y), (x + 40 + 20 * step, y))
    touch("touchEnd")
    large = page.locator("#canvas").bounding_box()
    assert large["width"] == pytest.approx(4 * whole["width"], rel=0.05)
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x + 10 * step, y))
    touch("touchEnd")
    assert page.locator("#canvas").bounding_box()["x"] > large["x"] + 20
    assert page.locator(".point").count() == 0


def test_the_result_is_downloaded(page, album):
    opened(page, album)
    page.select_option("#model", "other")
    with page.expect_download() as download:
        page.click("#download")
    assert download.value.suggested_filename == "0-coloured.png"
    assert Image.open(io.BytesIO(pathlib.Path(download.value.path()).read_bytes())).size == (160, 120)


def test_a_hundred_files_at_once(page, album):
    for number in range(100):
        photo(number).save(album / f"many{number}.png")
    add(page, *album.glob("many*.png"))
    page.set_default_timeout(300_000)
    done(page, 100)
    assert page.inner_text("#count") == "100 photos: 100 coloured"


def test_the_sample_needs_one_click_and_no_network(page):
    page.click("#sample")
    done(page, 1)
    assert page.inner_text(".tile .name") == "Deadwood.jpg"


def test_a_server_that_is_gone_is_said(page):
    page.context.set_offline(True)
    page.click("#sample")
    page.locator("#trouble:visible").wait_for()
    assert "kcolor does not answer" in page.inner_text("#trouble")
    page.context.set_offline(False)


def drop(page, name, content):
    """A drop as the browser makes it of a file that a person drags."""
    data = page.evaluate_handle(
        """([name, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], name));
            return data;
        }""",
        [name, list(content)],
    )
    page.dispatch_event("body", "drop", {"dataTransfer": data})


def test_a_dropped_file_is_sent(page):
    drop(page, "dropped.jpg", b"no picture")
    page.locator(".tile[data-status=failed]").wait_for()
    assert page.inner_text(".tile .name") == "dropped.jpg"


def test_one_unreadable_entry_of_a_dropped_folder_leaves_the_others(page, album):
    page.evaluate(
        """(bytes) => {
            const fails = (found, failed) => failed(new DOMException("not readable"));
            const entry = (name, more) => ({ name, fullPath: `/album/${name}`, ...more });
            const file = (name, read) => entry(name, { isFile: true, file: read });
            const folder = (name, readEntries) => entry(name, { isDirectory: true, createReader: () => ({ readEntries }) });
            const inside = [
                file("locked.jpg", fails),
                file("Thumbs.db", fails),
                folder("below", fails),
                file("0.png", (found) => found(new File([new Uint8Array(bytes)], "0.png"))),
            ];
            const album = folder("", (given) => given(inside.splice(0)));
            const event = new Event("drop", { bubbles: true, cancelable: true });
            event.dataTransfer = { items: [{ webkitGetAsEntry: () => album }], types: ["Files"] };
            document.body.dispatchEvent(event);
        }""",
        list((album / "0.png").read_bytes()),
    )
    done(page, 1)
    assert page.locator(".tile").count() == 3
    assert page.locator(".tile[data-status=failed] .name").all_inner_texts() == ["locked.jpg", "below"]
    assert page.locator(".tile[data-status=failed] .status").all_inner_texts() == ["It cannot be read"] * 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_is_accessible(page, album, scheme, width):
    """axe-core finds nothing serious: on the empty page, with photos, and in the large view."""
    if not AXE:
        pytest.skip("needs pip install '.[browser]'")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    found = [problems(page)]
    add(page, album / "0.png", album / "broken.jpg")
    done(page, 1)
    found.append(problems(page))
    page.locator(".tile[data-status=done] .open").click()
    page.locator("#after[data-version]").wait_for()
    clicked(page, 0.7, 0.5)
    page.locator(".swatch").first.wait_for()
    found.append(problems(page))
    assert found == [[], [], []]


def problems(page):
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("() => axe.run()")
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["html"][:100] for node in one["nodes"]]) for one in serious]


def test_the_page_is_small():
    files = (ROOT / "kcolor" / "page" / "static").iterdir()
    assert sum(file.stat().st_size for file in files) < 150_000
