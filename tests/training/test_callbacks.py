"""What stops a run, its pictures, and what it takes for better."""

import keras
import pytest
from PIL import Image

from kcolor import models, targets
from kcolor.colorizer import colorizer
from kcolor.training import callbacks


def test_direction():
    target = targets.get("lab")
    made = colorizer.Colorizer(models.build("unet", target, filters=(2, 2)), target)
    made.compile(keras.optimizers.Adam(), metrics=["psnr", "ab_distance", "colorfulness"])
    assert callbacks.direction(made, "val_loss") == callbacks.direction(made, "val_ab_distance") == "min"
    assert callbacks.direction(made, "val_psnr") == "max"
    for monitor in ("val_colorfulness", "val_nonsense"):
        with pytest.raises(ValueError, match=f"{monitor}.*no better and no worse"):
            callbacks.direction(made, monitor)


@pytest.mark.slow
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
