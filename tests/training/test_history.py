"""Histories of runs, in every form that they come in."""

import numpy as np
import pytest

from kcolor.training import history as histories

HISTORY = {
    "epoch": [1, 2, 3, 4],
    "loss": [4.0, 3.0, 2.0, 1.0],
    "val_loss": [5.0, 3.5, 3.0, 3.2],
    "psnr": [20.0, 21.0, 22.0, 23.0],
    "val_psnr": [19.0, 20.0, 20.5, 20.4],
    "learning_rate": [1e-3, 1e-3, 1e-4, 1e-4],
    "seconds": [9.0, 8.0, 8.0, 8.0],
}


def as_rows(history):
    return [dict(zip(history, values, strict=True)) for values in zip(*history.values(), strict=True)]


def write_csv(path, history):
    lines = [",".join(history), *(",".join(map(str, row)) for row in zip(*history.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_every_form_of_a_history_reads_the_same(tmp_path):
    for form in (HISTORY, as_rows(HISTORY), write_csv(tmp_path / "a.csv", HISTORY), str(tmp_path / "a.csv")):
        run = histories.read(form)
        assert {column: values.tolist() for column, values in run.items()} == HISTORY
        ((name, same),) = histories.read_several(form).items()
        assert name == ""
        assert {column: values.tolist() for column, values in same.items()} == HISTORY


def test_several_histories_are_told_from_one(tmp_path):
    runs = histories.read_several({"dict": HISTORY, "rows": as_rows(HISTORY), "file": write_csv(tmp_path / "a.csv", HISTORY)})
    assert list(runs) == ["dict", "rows", "file"]
    assert runs["rows"]["val_loss"].tolist() == runs["file"]["val_loss"].tolist() == HISTORY["val_loss"]


def test_a_keras_history_has_no_epochs_and_a_file_may_have_gaps(tmp_path):
    run = histories.read({"loss": [3.0, 2.0]})
    assert run["epoch"].tolist() == [1, 2]
    path = write_csv(tmp_path / "a.csv", {"epoch": [1, 2], "loss": [3.0, 2.0], "val_loss": ["", 2.5]})
    run = histories.read(path)
    np.testing.assert_array_equal(run["val_loss"], [np.nan, 2.5])
    assert histories.best_epoch(run) == 1


def test_quantities_and_the_best_epoch():
    run = {name: np.array(values) for name, values in HISTORY.items()}
    assert histories.quantities([{"psnr": 0, "learning_rate": 0, "epoch": 0}, run]) == ["loss", "psnr", "learning_rate"]
    assert histories.best_epoch(run) == 2  # the validation's, not the training's
    assert histories.best_epoch({"loss": run["loss"]}) == 3
    assert histories.best_epoch({**run, "val_content": run["loss"]}) == 3  # beside a discriminator
    assert histories.best_epoch({"psnr": run["psnr"]}) is None


def test_moving_averages_follow_slowly():
    first = histories.moving_averages({"loss": 1.0, "accuracy": 0.5}, None)
    assert first == {"loss_average": 1.0, "accuracy_average": 0.5}
    assert histories.moving_averages({"loss": 0.0}, first) == {"loss_average": pytest.approx(0.8)}
    runs = [{"loss": [1.0], "loss_average": [1.0], "seconds": [3]}]
    assert histories.quantities(runs) == ["loss"]


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ({}, "at least one epoch"),
        ([], "at least one epoch"),
        ({"loss": [1.0, 2.0], "val_loss": [1.0]}, "one length"),
        ({"loss": ["low", "high"]}, "numbers"),
    ],
)
def test_what_is_no_history_is_refused(history, message):
    with pytest.raises(ValueError, match=message):
        histories.read(history)
    with pytest.raises(ValueError, match="quantity"):
        histories.quantities([{"epoch": [1], "seconds": [2]}])


def test_history_has_every_column():
    rows = [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "val_loss": 1.0}]
    assert histories.to_csv(rows) == "epoch,loss,val_loss\n1,0.5,\n2,0.25,1.0\n"


@pytest.mark.parametrize("content", [b"epoch,loss\n1,2,3\n", b"epoch,loss\n1,\xff\n", b"epoch,loss\n1," + b"9" * 200_000])
def test_a_file_that_is_none_is_named(content, tmp_path):
    (tmp_path / "history.csv").write_bytes(content)
    with pytest.raises(ValueError, match=r"Expected .*history.csv as a history.csv of a run"):
        histories.read(tmp_path / "history.csv")
