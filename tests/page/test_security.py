"""Nobody else gets in: by real requests."""

import re

import pytest

from kcolor.page import security


def test_tokens_are_long_and_new():
    assert len({security.new_token() for _ in range(3)}) == 3
    assert len(security.new_token()) >= 22


@pytest.mark.parametrize("token", ["", "x", "%C3%A9", "api"])
def test_without_the_token_there_is_nothing(client, token):
    for path in ("", "api/state", "page.css"):
        status, _, answer = client("GET", path, token=token)
        assert status == 403
        assert "Copy the whole address" in answer["error"]
    assert security.same_token("a", "a")
    assert not security.same_token("a", "b")


def test_a_person_without_the_token_reads_a_line(client):
    status, headers, answer = client("GET", "", headers={"Accept": "text/html"}, token="old")
    assert (status, headers["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert answer.startswith(b"Copy the whole address")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[", "192.168.0.7", "a@localhost.x"]
)
def test_other_names_of_this_computer_are_refused(client, host):
    assert client("GET", "api/state", headers={"Host": host})[0] == 403


@pytest.mark.parametrize("host", ["localhost:1234", "127.0.0.1", "[::1]:99"])
def test_its_own_names_are_known_at_any_port(client, host):
    assert client("GET", "api/state", headers={"Host": host})[0] == 200


def test_other_pages_are_refused(client):
    host = f"127.0.0.1:{client.server.server_port}"
    for origin in ("https://evil.example", "null", f"https://{host}", "http://127.0.0.1:1", "http://localhost"):
        assert client("POST", "api/photos", b"x", {"Host": host, "Origin": origin})[0] == 403
        assert client("GET", "api/state", headers={"Host": host, "Origin": origin})[0] == 403
    assert client("GET", "api/state", headers={"Host": host, "Origin": f"http://{host}"})[0] == 200
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        assert client("GET", "api/state", headers={"Sec-Fetch-Site": site})[0] == status
    assert client("GET", "", headers={"Sec-Fetch-Site": "cross-site"})[0] == 200  # a link that somebody clicks
    assert not security.is_foreign({})


def test_a_server_for_others_is_asked_by_number():
    assert security.refusal({"Host": "192.168.0.7:80"}, "0.0.0.0") is None
    assert security.refusal({"Host": "evil.example"}, "0.0.0.0")
    assert security.refusal({"Host": "attic:80"}, "attic") is None
    assert security.refusal({"Host": "MyPC:80"}, "MyPC") is security.refusal({"Host": "mypc:80"}, "MyPC") is None
    assert [security.is_loopback(host) for host in ("127.0.0.5", "::1", "0.0.0.0", "attic")] == [True, True, False, False]


def test_every_answer_has_the_headers(client):
    for path, token in (("", None), ("api/state", None), ("nothing", None), ("", "wrong")):
        _, headers, _ = client("GET", path, token=token)
        for name, value in security.HEADERS.items():
            assert headers[name] == value
        assert "Access-Control-Allow-Origin" not in headers
    assert "'unsafe" not in security.HEADERS["Content-Security-Policy"]


def test_no_path_leads_to_a_file(client):
    for path in ("../page.py", "..%2f..%2fetc/passwd", "page.css/..", "/etc/passwd", "api/photos/../..", "static/page.css"):
        assert client("GET", path)[0] == 404


def test_the_page_asks_nobody_else(client):
    files = ("", "page.css", "page.js", "server.js", "reference.js", "stage.js", "view.js", "icon.svg")
    found = [client("GET", name)[2].decode() for name in files]
    assert [re.findall(r"(?:https?:)?//[\w.]+\.\w+", text.replace("http://www.w3.org", "")) for text in found] == [[]] * len(
        found
    )
    assert sum(len(text.encode()) for text in found) < 150_000
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", found[0])  # the policy would stop them
