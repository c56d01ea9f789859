"""What is known of photos, and who hears of it."""

import threading
import time

import pytest

from kcolor.page.entries import Entries, Entry, Look, new_id
from kcolor.page.limits import Limits
from kcolor.page.messages import Refused


def entry(tmp_path, tab="", size=10):
    id = new_id()
    (tmp_path / id).mkdir()
    return Entry(id, "a.jpg", tab, tmp_path / id, tmp_path / id / "upload.jpg", size, look=Look(model="m"))


def test_an_entry_tells_no_path(tmp_path):
    told = entry(tmp_path).as_json()
    assert str(tmp_path) not in str(told)
    assert (told["model"], told["saturation"], told["notes"]) == ("m", 1.0, [])


def test_photos_have_room_for_so_many(tmp_path):
    entries = Entries(Limits(photos=2, total_bytes=100))
    entries.add(entry(tmp_path, size=60))
    with pytest.raises(Refused, match="at most 0 GB at a time"):
        entries.add(entry(tmp_path, size=60))
    entries.add(entry(tmp_path))
    with pytest.raises(Refused, match="at most 2 photos"):
        entries.check_room(0)


def test_who_listens_hears_of_changes(tmp_path):
    entries = Entries(Limits())
    heard, other = entries.listen("tab"), entries.listen("other")
    entries.add(one := entry(tmp_path, "tab"))
    entries.change(one.id, status="done")
    entries.remove(one.id)
    entries.tell_all("state", 1)
    told = [heard.get(timeout=1) for _ in range(4)]
    assert [event for event, _ in told] == ["photo", "photo", "removed", "state"]
    assert told[1][1]["status"] == "done"
    assert other.get(timeout=1) == ("state", 1)
    assert not one.folder.exists()
    assert entries.change(one.id, status="failed") is None


def test_a_look_is_taken_back_unless_another_one_is_wanted_meanwhile(tmp_path):
    entries = Entries(Limits())
    entries.add(one := entry(tmp_path))
    painted, wrong, newer = Look(model="m"), Look(model="wrong"), Look(model="newer")
    entries.change(one.id, look=wrong)
    entries.take_back(one.id, wrong)
    assert entries.get(one.id).look == wrong  # nothing is painted yet
    entries.change(one.id, painted=painted)
    entries.take_back(one.id, newer)
    assert entries.get(one.id).look == wrong
    entries.take_back(one.id, wrong)
    assert entries.get(one.id).look == painted
    entries.remove(one.id)
    entries.take_back(one.id, painted)


def test_photos_of_a_closed_page_go_unless_it_comes_back(tmp_path):
    entries = Entries(Limits(tab_seconds=0.2))
    for tab in ("closed", "reloaded", ""):
        entries.add(entry(tmp_path, tab))
        entries.hang_up(tab, entries.listen(tab))
    assert [entries.is_away(tab) for tab in ("closed", "reloaded", "")] == [True, True, False]
    entries.listen("reloaded")
    time.sleep(0.5)
    assert [len(entries.of(tab)) for tab in ("closed", "reloaded", "")] == [0, 1, 1]
    assert not entries.is_away("reloaded")


def test_photos_stay_while_they_are_sent_although_the_page_is_closed(tmp_path):
    entries = Entries(Limits(tab_seconds=0.2))
    entries.add(one := entry(tmp_path, "tab"))
    heard = entries.listen("tab")
    pieces = entries.kept("tab", iter([b"a", b"b"]))
    assert next(pieces) == b"a"
    entries.hang_up("tab", heard)
    entries.change(one.id, status="done")
    time.sleep(0.5)
    assert entries.of("tab") != []
    assert list(pieces) == [b"b"]
    time.sleep(0.5)
    assert entries.of("tab") == []


def test_an_album_of_a_script_is_no_page_that_is_closed(tmp_path):
    entries = Entries(Limits(tab_seconds=0.1))
    entries.add(entry(tmp_path, "album"))
    assert list(entries.kept("album", iter([b"a"]))) == [b"a"]
    assert not entries.is_away("album")
    time.sleep(0.4)
    assert len(entries.of("album")) == 1


def test_a_photo_is_waited_for(tmp_path):
    entries = Entries(Limits())
    entries.add(one := entry(tmp_path))
    assert entries.settled(one.id, 0.01).status == "waiting"
    threading.Timer(0.05, entries.change, [one.id], {"status": "done"}).start()
    assert entries.settled(one.id, 10).status == "done"
    threading.Timer(0.05, entries.remove, [one.id]).start()
    entries.change(one.id, status="working")
    with pytest.raises(Refused, match="There is no photo"):
        entries.settled(one.id, 10)
