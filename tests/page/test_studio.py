"""Predicted once, painted often."""

import pytest
from helpers.albums import photo

from kcolor.page import reading
from kcolor.page.entries import Entries, Entry, Look, new_id
from kcolor.page.limits import Limits
from kcolor.page.messages import Refused
from kcolor.page.studio import Studio, hints_of


@pytest.fixture
def studio(model, tmp_path):
    entries = Entries(Limits())
    studio = Studio(entries, {"small": model}, Limits())

    def add():
        id = new_id()
        (tmp_path / id).mkdir()
        photo().save(tmp_path / id / "upload.png")
        entries.add(Entry(id, "a", "", tmp_path / id, tmp_path / id / "upload.png", 1, look=Look(model="small")))
        reading.look_at(entries, id, Limits())
        studio.color(id)
        return entries.get(id)

    studio.add, studio.entries = add, entries
    return studio


def test_a_photo_is_predicted_once(studio, monkeypatch):
    inference = type(studio.colorizer("small").inference())
    runs, predict = [], inference.predict
    monkeypatch.setattr(inference, "predict", lambda *given, **options: runs.append(1) or predict(*given, **options))
    one = studio.add()
    assert (one.status, one.version, runs) == ("done", 1, [1])
    hint = {"x": 3, "y": 4, "color": "red"}
    studio.entries.change(one.id, look=Look((hint,), 0.5, True, "small"))
    painted = studio.repaint(one.id)
    assert (painted.version, painted.painted, runs) == (2, painted.look, [1])
    assert [number for number, _ in painted.notes] in ([], [1])
    assert studio.repaint(one.id).version == 2  # it is there
    assert 1 <= len(studio.suggest(one.id, 3, 4, None)) <= 9
    assert runs == [1]


@pytest.mark.slow
def test_few_predictions_are_kept(studio):
    found = [studio.add() for _ in range(6)]
    assert len(studio._predictions) == 4
    studio.suggest(found[0].id, 3, 4, None)  # made anew
    assert len(studio._predictions) == 4


def test_what_goes_wrong_is_said_in_the_entry(studio, caplog):
    one = studio.add()
    (one.folder / "before.jpg").write_text("damaged")
    studio._predictions.clear()
    studio.color(one.id)
    assert studio.entries.get(one.id).status == "failed"
    assert "could not be coloured" in caplog.text
    studio.entries.remove(one.id)
    studio.color(one.id)  # nothing happens
    with pytest.raises(Refused, match="no photo"):
        studio.repaint(one.id)


def test_hints_are_those_of_the_look():
    assert len(list(hints_of(Look(({"x": 1, "y": 2, "color": "red"},))))) == 1
