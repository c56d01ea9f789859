"""What a run says, and what it takes for better."""

import io

import keras
import pytest
from PIL import Image

from kcolor import models, targets
from kcolor.colorizer import colorizer
from kcolor.training import callbacks
from kcolor.utils import console


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Keeper:
    progress = {"best_epoch": 2}  # noqa: RUF012


@pytest.mark.parametrize(
    ("seconds", "words"), [(8.34, "8.3 s"), (59.94, "59.9 s"), (59.97, "1:00"), (247.4, "4:07"), (3729, "1:02:09")]
)
def test_duration(seconds, words):
    assert console.duration(seconds) == words


def run(stream):
    line = callbacks.ProgressLine(epochs=2, batch_size=10, keeper=Keeper(), stream=stream)
    for epoch in range(2):
        line.on_epoch_begin(epoch)
        for batch in range(4):
            line._shown = 0.0
            line.on_train_batch_end(batch, {"loss": 0.25})
        line.on_epoch_end(epoch, {"loss": 0.25, "val_loss": 0.123456})
    return stream.getvalue()


def test_a_terminal_sees_a_line_that_moves():
    text = run(Terminal())
    assert "step 3  loss 0.25" in text  # how many there are is not known in the first epoch
    assert " 50 %  loss 0.25" in text
    assert "pictures/s" in text
    assert "left in epoch" in text
    assert text.count("\n") == 2


def test_a_file_gets_a_line_an_epoch():
    first, second = run(io.StringIO()).splitlines()
    assert first.startswith("epoch 1/2  loss 0.25  val_loss 0.1235  (")
    assert "left)" in first
    assert not first.endswith("best")
    assert second.endswith("best")
    assert "\r" not in first


def test_direction():
    target = targets.get("lab")
    made = colorizer.Colorizer(models.build("unet", target, filters=(2, 2)), target)
    made.compile(keras.optimizers.Adam(), metrics=["psnr", "ab_distance", "colorfulness"])
    assert callbacks.direction(made, "val_loss") == callbacks.direction(made, "val_ab_distance") == "min"
    assert callbacks.direction(made, "val_psnr") == "max"
    for monitor in ("val_colorfulness", "val_nonsense"):
        with pytest.raises(ValueError, match=f"{monitor}.*no better and no worse"):
            callbacks.direction(made, monitor)


def test_history_has_every_column():
    rows = [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "val_loss": 1.0}]
    assert callbacks.history_csv(rows) == "epoch,loss,val_loss\n1,0.5,\n2,0.25,1.0\n"


def test_samples_come_every_so_often(tmp_path, blobs):
    target = targets.get("ycbcr")
    made = colorizer.Colorizer(models.build("unet", target, filters=(2, 2)), target)
    samples = callbacks.Samples(tmp_path / "samples", blobs[:3], every=3)
    samples.set_model(made)
    samples.set_params({"epochs": 8})
    made.stop_training = False
    for epoch in range(8):
        samples.on_epoch_end(epoch)
    assert [path.stem for path in sorted((tmp_path / "samples").iterdir())] == [f"epoch-00{n}" for n in (1, 3, 6, 8)]
    with Image.open(tmp_path / "samples" / "epoch-001.png") as sheet:
        assert sheet.width > 6 * 128  # two columns of photo, grey and result


def test_a_loss_that_is_not_finite_is_named():
    stop = callbacks.StopIfNotFinite()
    stop.on_epoch_begin(4)
    stop.on_train_batch_end(0, {"loss": 3.0})
    with pytest.raises(callbacks.DivergedError, match="inf at step 8 of epoch 5"):
        stop.on_train_batch_end(7, {"loss": float("inf")})
    with pytest.raises(callbacks.DivergedError, match="nan on the validation pictures after epoch 5"):
        stop.on_epoch_end(4, {"loss": 1.0, "val_loss": float("nan")})
