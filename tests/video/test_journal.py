"""The folder of a run: what is kept, what is not, and that one process at a time has it."""

import numpy as np
import pytest
from helpers.films import SIZE

from kcolor.utils.files import BusyError
from kcolor.video.carrying import new_key
from kcolor.video.journal import Journal, opened, remove_if_finished
from kcolor.video.plan import Plan, Scene, Segment
from kcolor.video.steady import State

PLAN = Plan(np.arange(9), 1, True, (Scene(0, 9, False, 0.0, 1.0),), (Segment(0, 9, 5),))


def state():
    rng = np.random.default_rng(0)
    key = new_key(rng.normal(size=(*SIZE, 2)).astype("float32"), rng.integers(0, 255, SIZE, dtype="uint8"), 0.7)
    return State(key, rng.normal(size=(*SIZE, 4)).astype("float32"), key.compared, 41)


def test_what_was_written_is_there_in_the_next_run(tmp_path):
    with opened(tmp_path / "parts", {"crf": 18}) as journal:
        assert (journal.finished(), journal.plan(), journal.state_after(-1)) == (0, None, None)
        journal.write_plan(PLAN)
        journal.write_segment(0, lambda half: half.write_text("one") and None)
        kept = state()
        journal.write_segment(1, lambda half: half.write_text("two") and kept)
    with opened(tmp_path / "parts", {"crf": 18}) as journal:
        assert journal.finished() == 2
        assert journal.plan().scenes == PLAN.scenes
        again = journal.state_after(1)
        np.testing.assert_array_equal(again.key.chroma, kept.key.chroma)
        np.testing.assert_array_equal(again.smoothed, kept.smoothed)
        assert (again.number, again.compared.dtype) == (41, np.uint8)
        assert journal.state_after(0) is None
        assert journal.part(1).read_text() == "two"


def test_a_segment_that_fails_leaves_nothing(tmp_path):
    def fail(half):
        half.write_text("half")
        raise OSError("the disk is full")

    with opened(tmp_path / "parts", {}) as journal:
        with pytest.raises(OSError, match="full"):
            journal.write_segment(0, fail)
        assert journal.finished() == 0
        assert [path.name for path in journal.folder.iterdir() if "half" in path.name] == []


def test_another_run_begins_anew(tmp_path):
    with opened(tmp_path / "parts", {"crf": 18}) as journal:
        journal.write_segment(0, lambda half: half.write_text("one") and None)
    with opened(tmp_path / "parts", {"crf": 20}) as journal:
        assert journal.finished() == 0


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path):
    """``scans.parts`` may be a folder of photos."""
    folder = tmp_path / "scans.parts"
    folder.mkdir()
    (folder / "beach.jpg").write_bytes(b"a photo")
    with pytest.raises(FileExistsError, match="It holds beach.jpg: move that"), opened(folder, {"crf": 18}):
        pass
    assert [(file.name, file.read_bytes()) for file in folder.iterdir()] == [("beach.jpg", b"a photo")]


def test_two_processes_do_not_colour_the_same_film(tmp_path):
    with opened(tmp_path / "parts", {}) as journal, pytest.raises(BusyError), opened(tmp_path / "parts", {}):
        pass
    assert isinstance(journal, Journal)
    journal.remove()
    assert not (tmp_path / "parts").exists()


def test_what_a_finished_run_has_left_is_removed(tmp_path):
    plan = Plan(np.arange(4), 1, True, (Scene(0, 4, False, 0.0, 1.0),), (Segment(0, 2, 0), Segment(2, 4, 0)))
    for finished in (1, 2):
        folder = tmp_path / f"{finished}.parts"
        with opened(folder, {}) as journal:
            journal.write_plan(plan)
            for number in range(finished):
                journal.part(number).touch()
        remove_if_finished(folder)
        assert folder.exists() == (finished == 1)
    remove_if_finished(tmp_path / "none.parts")
