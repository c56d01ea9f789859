"""The study: which trials there are, who trains them, who takes over."""

import subprocess
import time

import pytest
from helpers.sweeps import TOY, command, toy

from kcolor.sweep import study as studies
from kcolor.sweep.dry_run import table
from kcolor.sweep.scheduler import default_storage


@pytest.fixture
def swept(tmp_path):
    return toy(tmp_path)


def opened(swept, folder):
    return studies.open_study(swept, default_storage(folder))


def test_the_whole_grid_is_in_the_study_once(tmp_path, swept):
    for _ in range(2):
        study = opened(swept, tmp_path)
        assert [trial.user_attrs["point"] for trial in study.trials] == swept.points()
    claimed = [studies.claim(study, swept, "me") for _ in range(5)]
    assert [trial and trial.number for trial in claimed] == [0, 1, 2, 3, None]
    assert [studies.point_of(swept, trial) for trial in claimed[:4]] == swept.points()


@pytest.mark.parametrize("storage", ["sqlite", "journal"])
def test_two_who_begin_at_once_share_the_trials(tmp_path, swept, storage):
    where = default_storage(tmp_path) if storage == "sqlite" else f"journal:{tmp_path / 'log'}"
    one, other = studies.open_study(swept, where), studies.open_study(swept, where)
    studies.requeue(one, one.trials[0])  # as if both had put it in
    claimed = [studies.claim(study, swept, name) for study, name in [(one, "a"), (other, "b")] * 3]
    points = [trial.user_attrs["point"] for trial in claimed if trial]
    assert sorted(map(str, points)) == sorted(map(str, swept.points()))
    assert len(studies.trials(one)) == 4


def test_another_sweep_is_refused(tmp_path, swept):
    opened(swept, tmp_path)
    with pytest.raises(ValueError, match="(?s)Expected a study of.*'toy'.*another sweep.*Choose another folder or storage"):
        opened(toy(tmp_path, TOY.replace("2e-3", "3e-3")), tmp_path)


def test_what_was_running_is_its_owner_s(tmp_path, swept):
    study = opened(swept, tmp_path)
    studies.claim(study, swept, "me")
    studies.claim(study, swept, "you")
    study.ask(studies.distributions(swept))  # killed before it could say whose it is
    assert [trial.number for trial in studies.interrupted(study, "me", alone=False)] == [0]
    found = studies.interrupted(study, "me", alone=True)
    assert [trial.number for trial in found] == [0, 1, 2]  # "you" was this machine under another name, or in another folder
    studies.set_owner(found[2], "me", studies.point_of(swept, found[2]))
    assert [trial.number for trial in studies.interrupted(study, "me", alone=False)] == [0, 2]


class Clock:
    """The two clocks of a machine: one that nobody sets, and one that shows what time it is."""

    def __init__(self, patch):
        self.steady, self.shown = time.monotonic(), time.time()
        patch.setattr(studies.time, "monotonic", lambda: self.steady)
        patch.setattr(studies.time, "time", lambda: self.shown)

    def pass_by(self, seconds):
        self.steady, self.shown = self.steady + seconds, self.shown + seconds


def test_a_clock_that_jumps_takes_no_trial_from_anybody(tmp_path, swept, monkeypatch):
    study = opened(swept, tmp_path)
    studies.claim(study, swept, "you")
    clock, watch = Clock(monkeypatch), studies.Watch(study, "me")
    studies.heartbeat(study, "you")
    clock.shown += 3 * studies.LOST_AFTER
    assert (watch.requeue_lost(), watch.suspects()) == ([], True)
    clock.pass_by(studies.LOST_AFTER / 10)
    studies.heartbeat(study, "you")
    clock.shown -= 9 * studies.LOST_AFTER
    for _ in range(30):
        clock.pass_by(studies.LOST_AFTER / 10)
        studies.heartbeat(study, "you")
        assert watch.requeue_lost() == []
    # And one that is gone is noticed, whatever the clock says.
    clock.shown -= 9 * studies.LOST_AFTER
    clock.pass_by(studies.LOST_AFTER)
    assert watch.requeue_lost() == [0]


def test_an_owner_that_was_gone_before_is_noticed_soon(tmp_path, swept, monkeypatch):
    study = opened(swept, tmp_path)
    studies.claim(study, swept, "you")
    studies.heartbeat(study, "you")
    clock = Clock(monkeypatch)
    clock.pass_by(24 * 3600)
    watch = studies.Watch(study, "me")
    assert (watch.requeue_lost(), watch.suspects()) == ([], True)
    clock.pass_by(studies.LOST_AFTER / 5)
    assert watch.requeue_lost() == [0]
    assert not watch.suspects()


def test_trials_of_those_who_are_not_seen_any_more_go_to_others(tmp_path, swept, monkeypatch):
    study = opened(swept, tmp_path)
    studies.claim(study, swept, "you")
    studies.heartbeat(study, "you")
    mine, yours = studies.Watch(study, "me"), studies.Watch(study, "you")
    clock = Clock(monkeypatch)
    assert (mine.requeue_lost(), mine.suspects()) == ([], False)
    clock.pass_by(studies.LOST_AFTER)
    assert yours.requeue_lost() == []
    assert mine.requeue_lost() == [0]
    claimed = [studies.claim(study, swept, "me") for _ in range(4)]
    assert sorted(str(trial.user_attrs["point"]) for trial in claimed) == sorted(map(str, swept.points()))
    assert studies.claim(study, swept, "me") is None


def test_a_search_draws_what_it_may(tmp_path):
    text = 'recipe = "bins-shapes"\ntrials = 5\n[search]\n"optimizer.learning_rate" = {low = 1e-4, high = 1e-1, log = true}\n'
    text += '"model.filters" = [[4, 8], [8, 16]]\n"train.batch_size" = {low = 8, high = 32, step = 8}\n'
    swept = toy(tmp_path, text)
    study = opened(swept, tmp_path)
    trials = [studies.claim(study, swept, "me") for _ in range(6)]
    assert trials[5] is None
    for trial in trials[:5]:
        point = studies.point_of(swept, trial)
        made = swept.trial_recipe(point)
        assert 1e-4 <= made.optimizer.options["learning_rate"] <= 1e-1
        assert made.model.options["filters"] in ([4, 8], [8, 16])
        assert made.train.batch_size in (8, 16, 24, 32)
    assert table(swept).startswith("toy: a search of 5 trials, minimize val_loss")


def test_a_search_of_which_all_trials_fail_ends(tmp_path):
    swept = toy(tmp_path, 'recipe = "bins-shapes"\ntrials = 3\n[search]\n"train.batch_size" = {low = 8, high = 32}\n')
    study = opened(swept, tmp_path)
    for _ in range(3):
        study.tell(studies.claim(study, swept, "me").number, state=studies.States.FAIL)
    assert studies.claim(study, swept, "me") is None


def test_what_takes_the_place_of_a_lost_trial_is_counted_once_in_a_search(tmp_path, monkeypatch):
    swept = toy(tmp_path, 'recipe = "bins-shapes"\ntrials = 2\n[search]\n"train.batch_size" = {low = 8, high = 32}\n')
    study = opened(swept, tmp_path)
    lost = studies.claim(study, swept, "you")
    studies.heartbeat(study, "you")
    clock, watch = Clock(monkeypatch), studies.Watch(study, "me")
    watch.requeue_lost()
    clock.pass_by(studies.LOST_AFTER)
    assert watch.requeue_lost() == [lost.number]
    claimed = [studies.claim(study, swept, "me") for _ in range(3)]
    assert [trial and trial.number for trial in claimed] == [1, 2, None]


@pytest.mark.slow
@pytest.mark.parametrize("storage", ["sqlite:////no/such/folder/study.db", "a file", "journal:/no/such/folder/study.log"])
def test_a_storage_that_cannot_be_opened(swept, storage):
    with pytest.raises((ValueError, OSError), match="Expected a storage|No such file"):
        studies.open_study(swept, storage)


@pytest.mark.slow
def test_many_who_make_the_same_database_at_once(tmp_path, swept):
    code = f"import time\nfrom kcolor.sweep import study, sweep_file\nswept = sweep_file.load({str(tmp_path / 'toy.toml')!r})\n"
    code += "print(flush=True)\ntime.sleep(max(0, float(input()) - time.time()))\n"
    code += f"study.open_study(swept, 'sqlite:///{tmp_path}/study.db')\n"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    parents = [subprocess.Popen(command(code), **pipes) for _ in range(3)]
    for parent in parents:
        parent.stdout.readline()  # all have imported what they need
    together = time.time() + 0.5
    for parent in parents:
        print(together, file=parent.stdin, flush=True)
    errors = [parent.communicate(timeout=120)[1] for parent in parents]
    assert [parent.returncode for parent in parents] == [0] * 3, errors


def test_a_point_whose_trial_was_withdrawn_and_not_queued_again_is_queued(tmp_path, swept):
    """A kill between the two."""
    study = opened(swept, tmp_path)
    trial = studies.claim(study, swept, "me")
    studies._withdraw(study, trial)
    again = opened(swept, tmp_path)
    points = [trial.user_attrs["point"] for trial in studies.trials(again)]
    assert len(points) == len(swept.points())
    assert all(point in points for point in swept.points())


def test_a_trial_that_was_killed_while_it_was_drawn_gets_the_rest(tmp_path):
    axes = '"optimizer.learning_rate" = { low = 1e-4, high = 1e-1, log = true }\n"model.filters" = [[2, 4], [4, 8]]\n'
    swept = toy(tmp_path, f'recipe = "bins-shapes"\ntrials = 3\n[search]\n{axes}')
    study = opened(swept, tmp_path)
    trial = study.ask()
    first = next(iter(studies.distributions(swept)))
    trial._suggest(first, studies.distributions(swept)[first])
    (found,) = studies.interrupted(study, "me", alone=True)
    studies.complete(study, swept, found)
    assert set(studies.point_of(swept, found)) == set(swept.axes)


def test_two_who_notice_the_same_lost_owner_both_go_on(tmp_path, swept, monkeypatch):
    study = opened(swept, tmp_path)
    trial = studies.claim(study, swept, "lost")
    watch = studies.Watch(study, "me", lost_after=0.0)
    frozen = watch._others()
    studies._withdraw(study, trial)  # another watcher was faster
    monkeypatch.setattr(watch, "_others", lambda: frozen)
    assert watch.requeue_lost() == []


SEARCH = 'recipe = "bins-shapes"\ntrials = 6\n[search]\n"optimizer.learning_rate" = {low = 1e-4, high = 1e-1, log = true}\n'


def drawn(study, swept, count, owner="me"):
    claimed = [studies.claim(study, swept, owner) for _ in range(count)]
    return [studies.point_of(swept, trial)["optimizer.learning_rate"] for trial in claimed]


def test_a_search_that_goes_on_draws_new_points(tmp_path):
    swept = toy(tmp_path, SEARCH)
    points = [*drawn(opened(swept, tmp_path), swept, 3), *drawn(opened(swept, tmp_path), swept, 3)]
    assert len(set(points)) == 6
    (tmp_path / "again").mkdir()
    assert drawn(opened(swept, tmp_path / "again"), swept, 3) == points[:3]  # a new one begins as the first did


def test_machines_that_share_a_search_draw_other_points(tmp_path):
    swept, where = toy(tmp_path, SEARCH), default_storage(tmp_path)
    one, other = (studies.open_study(swept, where, owner) for owner in ("one:/a", "other:/b"))
    points = [*drawn(one, swept, 3, "one:/a"), *drawn(other, swept, 3, "other:/b")]
    assert len(set(points)) == 6


def test_a_point_that_was_made_up_is_withdrawn(tmp_path, monkeypatch):
    """Two machines see one waiting trial; the slower one is given a point that no grid has asked for."""
    swept = toy(tmp_path)
    study = opened(swept, tmp_path)
    for _ in range(4):
        studies.claim(study, swept, "you")
    answers = iter([True, False])
    monkeypatch.setattr(studies, "_is_any_left", lambda study, sweep: next(answers))
    assert studies.claim(study, swept, "me") is None
    assert len(studies.trials(study)) == 4
