"""The API, by real requests."""

import io
import json
import zipfile

import numpy as np
import pytest
from helpers.albums import photo
from PIL import Image

from kcolor.hints import PhotoHints
from kcolor.hints.files import photo_hints
from kcolor.page.routes import PICTURES, ROUTES, STATIC, look_of
from kcolor.saving.load import load


@pytest.fixture(scope="module")
def grey(tmp_path_factory):
    path = tmp_path_factory.mktemp("grey") / "Oma ä.png"
    photo().save(path, dpi=(300, 300))
    return path


@pytest.fixture
def sent(client, grey):
    found = client.send(grey, tab="test-routes")
    assert found["status"] == "done", found
    yield found
    client("DELETE", f"api/photos/{found['id']}")


def opened(content):
    return Image.open(io.BytesIO(content))


def test_every_file_of_the_page_is_there(client):
    for path, (_, type) in STATIC.items():
        status, headers, content = client("GET", path)
        assert (status, headers["Content-Type"]) == (200, type)
        assert content
    for name in STATIC:
        assert not any(pattern.fullmatch(name) for _, pattern, _ in ROUTES)


def test_the_state_says_what_there_is(client):
    _, _, state = client("GET", "api/state")
    assert state["state"] in ("loading", "ready")
    assert state["models"] == ["small", "other"]
    assert state["limits"]["file_bytes"] == 300_000


def test_a_photo_is_known(client, sent):
    assert (sent["name"], sent["width"], sent["height"], sent["kind"]) == ("Oma ä.png", 56, 40, "gray")
    assert sent["id"] in [one["id"] for one in client("GET", "api/photos", tab="test-routes")[2]]
    assert client("GET", "api/photos", tab="another")[2] == []
    for name in PICTURES:
        status, headers, content = client("GET", f"api/photos/{sent['id']}/{name}")
        assert (status, headers["Content-Type"]) == (200, "image/jpeg")
        assert opened(content).size == (56, 40)


def test_the_result_is_what_the_command_line_makes(client, sent, grey, model):
    status, headers, content = client("GET", f"api/photos/{sent['id']}/result")
    assert status == 200
    assert headers["Content-Disposition"].endswith("filename*=UTF-8''Oma%20%C3%A4-coloured.png")
    result = opened(content)
    assert round(result.info["dpi"][0]) == 300
    expected = load(model).colorize(np.asarray(Image.open(grey).convert("RGB")))
    np.testing.assert_array_equal(np.asarray(result), expected)
    assert list(client.app.entries.get(sent["id"]).folder.glob("result*")) == []


def test_hints_are_painted_kept_and_given_back(client, sent, grey, model):
    path = f"api/photos/{sent['id']}"
    before = client("GET", f"{path}/after")[2]
    hints = [{"x": 20, "y": 10, "color": "#aa3322", "radius": 4}, {"x": 0.9, "y": 0.9, "color": "keep", "relative": True}]
    status, _, painted = client("POST", f"{path}/hints", {"hints": hints, "saturation": 1.5})
    assert status == 200, painted
    assert painted["version"] == sent["version"] + 1
    assert (painted["hints"], painted["saturation"], painted["status"]) == (hints, 1.5, "done")
    assert client("GET", f"{path}/after")[2] != before
    _, headers, file = client("GET", f"{path}/hints")
    assert headers["Content-Disposition"].endswith("Oma%20%C3%A4.hints.json")
    assert file == {"size": [56, 40], "hints": hints}
    result = np.asarray(opened(client("GET", f"{path}/result")[2]))
    grey = np.asarray(Image.open(grey).convert("RGB"))
    given = photo_hints(file)
    assert isinstance(given, PhotoHints)
    np.testing.assert_array_equal(result, load(model).colorize(grey, hints=given, saturation=1.5))
    assert client("GET", "api/hints", tab="test-routes")[2]["photos"]["Oma ä.png"] == file
    assert client("POST", f"{path}/hints", {"hints": [], "saturation": 1.5})[2]["version"] == painted["version"] + 1
    assert client("POST", f"{path}/hints", {"hints": []})[2]["version"] == painted["version"] + 1  # nothing is new
    assert client("POST", f"{path}/hints", {"model": "other", "keep_tone": True})[2]["model"] == "other"


def colored(samples):
    content = io.BytesIO()
    Image.fromarray(samples["parrots"]).resize((80, 64)).save(content, "PNG")
    return content.getvalue()


def test_colours_are_taken_from_another_photo(client, sent, grey, model, samples):
    path = f"api/photos/{sent['id']}"
    status, _, given = client("POST", f"{path}/reference", colored(samples), name="Strand.png")
    assert status == 201, given
    assert client("GET", path)[2] == sent  # nothing changes until it is asked for
    status, headers, small = client("GET", f"{path}/reference/{given['reference']}")
    assert (status, headers["Content-Type"], opened(small).size) == (200, "image/jpeg", (80, 64))
    _, _, painted = client("POST", f"{path}/hints", given)
    assert (painted["reference"], painted["version"]) == (given["reference"], sent["version"] + 1)
    entry = client.app.entries.get(sent["id"])
    reference = np.asarray(Image.open(entry.folder / f"reference-{given['reference']}.jpg"))
    expected = load(model).colorize(np.asarray(Image.open(grey).convert("RGB")), reference=reference)
    np.testing.assert_array_equal(np.asarray(opened(client("GET", f"{path}/result")[2])), expected)
    assert client("POST", f"{path}/hints", {"reference": ""})[2]["reference"] == ""
    assert list(entry.folder.glob("upload-*")) == []  # what was sent is not kept


def test_a_reference_that_is_none_is_said_and_changes_nothing(client, sent, grey, samples):
    path = f"api/photos/{sent['id']}"
    for body, words in ((grey.read_bytes(), "no colours to take"), (b"Dear Mother,", "Not a picture"), (b"", "")):
        status, _, answer = client("POST", f"{path}/reference", body, name="../Oma.png")
        assert status in (400, 411)
        assert words.lower() in answer["error"].lower()
    for key in ("0123456789abcdef", "../before", 3, None):
        if key:
            assert client("POST", f"{path}/hints", {"reference": key})[0] == 400
    assert client("GET", f"{path}/reference/0123456789abcdef")[0] == 404
    assert client("POST", "api/photos/0123456789abcdef/reference", colored(samples))[0] == 404
    assert client("GET", path)[2] == sent
    folder = client.app.entries.get(sent["id"]).folder
    assert list(folder.glob("*reference*")) == list(folder.glob("upload-*")) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "Expected JSON"),
        (b"[" * 100_000, "Expected at most"),
        (b"[" * 15_000, "Expected JSON"),
        (b'"red"', "Expected an object"),
        ({"colour": 1}, "Expected an object"),
        ({"hints": 3}, 'expected {"hints"'),
        ({"hints": [{"x": 900, "y": 2, "color": "red"}]}, "inside the photo of 56 × 40 pixels"),
        ({"hints": [{"x": 9, "y": 2, "color": "blurple"}]}, "Expected a colour"),
        (b'{"hints": [{"x": NaN, "y": 2, "color": "red"}]}', "Expected x and y"),
        (b'{"hints": [{"x": 1' + b"0" * 400 + b', "y": 2, "color": "red"}]}', ""),
        ({"size": [3, 4], "hints": []}, "are for a photo of 3 × 4"),
        ({"saturation": "1"}, "saturation as a number"),
        ({"saturation": 11}, "in [0, 10]"),
        ({"saturation": True}, "saturation as a number"),
        ({"keep_tone": 1}, "keep_tone as true or false"),
        ({"model": "../x"}, "one of small, other"),
    ],
)
def test_what_is_wrong_with_hints_is_said_and_changes_nothing(client, sent, body, words):
    path = f"api/photos/{sent['id']}"
    status, _, answer = client("POST", f"{path}/hints", body)
    assert status in (400, 413)
    assert words in answer["error"]
    assert client("GET", path)[2] == sent


def test_a_model_that_cannot_be_loaded_does_not_stay_chosen(client, sent, tmp_path, monkeypatch):
    monkeypatch.setitem(client.app._studio.models, "other", tmp_path / "none.keras")
    monkeypatch.delitem(client.app._studio._colorizers, "other", raising=False)
    path = f"api/photos/{sent['id']}"
    status, _, answer = client("POST", f"{path}/hints", {"model": "other"})
    assert status == 500
    assert "none.keras" in answer["error"]
    assert client("GET", path)[2] == sent
    assert client("GET", f"{path}/result")[0] == 200


def test_hints_of_photos_of_one_name_are_all_there(client, grey):
    sent = [client.send(grey, "1912/a.png", tab="hints") for _ in range(3)]
    hints = [[{"x": number, "y": 2, "color": "red"}] for number in range(3)]
    for one, some in zip(sent[1:], hints[1:], strict=True):
        assert client("POST", f"api/photos/{one['id']}/hints", {"hints": some})[0] == 200
    found = client("GET", "api/hints", tab="hints")[2]["photos"]
    assert {name: one["hints"] for name, one in found.items()} == {"1912/a (2).png": hints[1], "1912/a (3).png": hints[2]}
    client("DELETE", "api/photos", tab="hints")


def test_what_is_left_out_of_a_look_stays(client, sent):
    entry = client.app.entries.get(sent["id"])
    assert look_of({}, entry, ["small"]) == entry.look
    assert look_of([{"x": 1, "y": 2, "color": "red"}], entry, ["small"]).saturation == 1.0


def test_colours_are_suggested(client, sent):
    path = f"api/photos/{sent['id']}/suggestions"
    status, _, found = client("GET", path, x=3, y=4, radius=2)
    assert status == 200
    assert 1 <= len(found) <= 9
    assert found[0]["color"].startswith("#")
    for query in (
        {"x": 3},
        {"x": 3, "y": "b"},
        {"x": 300, "y": 4},
        {"x": "nan", "y": 4},
        {"x": 3, "y": 4, "radius": -2},
        {"x": 3, "y": 4, "radius": -1},
    ):
        status, _, answer = client("GET", path, **query)
        assert status == 400
        assert answer["error"].startswith("Expected")


@pytest.mark.slow
def test_an_album_comes_as_a_zip(client, grey):
    names = ["1912/a.png", "1912/a.png", "b.jpg"]
    for name in names:
        client.send(grey, name, tab="zip")
    status, headers, content = client("GET", "api/zip", tab="zip")
    assert (status, headers["Content-Type"]) == (200, "application/zip")
    found = zipfile.ZipFile(io.BytesIO(content))
    assert found.testzip() is None
    assert found.namelist() == ["1912/a-coloured.png", "1912/a-coloured (2).png", "b-coloured.jpg"]
    assert opened(found.read("b-coloured.jpg")).format == "JPEG"
    assert client("DELETE", "api/photos", tab="zip")[0] == 200
    assert client("GET", "api/zip", tab="zip")[0] == 404


def test_photos_in_colour_are_left_alone_unless_asked(client, samples):
    buffer = io.BytesIO()
    Image.fromarray(samples["parrots"]).resize((60, 40)).save(buffer, "PNG")
    found = client.send(buffer.getvalue(), "parrots.png")
    assert found["status"] == "in color"
    path = f"api/photos/{found['id']}"
    status, _, answer = client("GET", f"{path}/result")
    assert status == 409
    assert "in colour already" in answer["error"]
    assert client("GET", f"{path}/after")[0] == 404
    client("POST", f"{path}/recolor")
    assert client("GET", f"{path}/result")[0] == 200
    assert client.send(buffer.getvalue(), "parrots.png", recolor=1)["status"] == "done"


def test_what_is_no_photo_is_said(client):
    found = client.send(b"no picture", "../a.jpg")
    assert (found["status"], found["name"]) == ("failed", "a.jpg")
    assert found["reason"] == "not a picture that can be read (JPEG, PNG, TIFF, WebP, …), or damaged"
    assert client.send(b"", "empty.jpg")["reason"] == "the file is empty"
    status, _, answer = client("GET", f"api/photos/{found['id']}/result")
    assert (status, answer["error"]) == (409, f"a.jpg: {found['reason']}")


def test_a_removed_photo_is_gone(client, grey):
    found = client.send(grey)
    folder = client.app.entries.get(found["id"]).folder
    assert client("DELETE", f"api/photos/{found['id']}")[0] == 200
    assert not folder.exists()
    for method, end in (("GET", ""), ("DELETE", ""), ("GET", "/result"), ("GET", "/after"), ("POST", "/recolor")):
        assert client(method, f"api/photos/{found['id']}{end}")[0] == 404
    assert client("GET", "api/photos", tab="a/b")[0] == 400
    assert json.dumps(client("GET", "api/nothing")[2]) == '{"error": "There is nothing at this address"}'
    assert client("GET", "api/photos/0123/result")[0] == 404


def test_several_photos_are_removed_by_one_request(client, grey):
    ids = [client.send(grey, tab="several")["id"] for _ in range(3)]
    assert client("DELETE", "api/photos", {"a": 1}, tab="several")[0] == 400
    assert client("DELETE", "api/photos", [*ids[:2], "of-another-page"], tab="several")[0] == 200
    assert [one["id"] for one in client("GET", "api/photos", tab="several")[2]] == ids[2:]
    assert client("DELETE", "api/photos", tab="several")[0] == 200
    assert client("GET", "api/photos", tab="several")[2] == []


def test_a_full_disk_is_said_by_name(client, monkeypatch):
    def full(request, file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(client.app, "_take", full)
    status, _, answer = client("POST", "api/photos", b"x", name="Oma.jpg")
    assert (status, answer["error"]) == (507, "Oma.jpg: No space left on device")


def test_numbers_of_quality_are_checked(client, sent):
    assert client("GET", f"api/photos/{sent['id']}/result", quality=0)[0] == 400
    assert client("GET", f"api/photos/{sent['id']}/result", quality="nan")[0] == 400
