"""Export: what another program makes of it, in a process that has TensorFlow alone."""

import keras
import numpy as np
import pytest
from conftest import run_python
from test_colorizer import painter, small

from kcolor import exporting

TENSORFLOW = keras.backend.backend() == "tensorflow"


@pytest.mark.skipif(not TENSORFLOW, reason="what TensorFlow writes")
@pytest.mark.parametrize("made", [lambda: small("bins"), lambda: small("ycbcr"), lambda: painter(answer_stride=2)])
def test_a_saved_model_colours_as_the_colorizer_does(made, tmp_path, rng):
    colorizer, photos = made(), rng.integers(0, 256, (2, 21, 30, 3), dtype="uint8")
    (tmp_path / "saved").mkdir()  # of an earlier export
    folder = exporting.saved_model(colorizer, tmp_path / "saved")
    np.save(tmp_path / "photos.npy", photos)
    run_python(
        "import sys\n"
        "sys.modules['kcolor'] = sys.modules['keras'] = None\n"  # every import of them fails from here on
        "import numpy as np, tensorflow as tf\n"
        f"model = tf.saved_model.load({str(folder)!r})\n"
        f"photos = np.load({str(tmp_path / 'photos.npy')!r})\n"
        f"np.save({str(tmp_path / 'colored.npy')!r}, model.serve(photos).numpy())\n"
    )
    colored = np.load(tmp_path / "colored.npy")
    assert colored.dtype == np.uint8
    assert np.abs(colored.astype(int) - colorizer.colorize(photos)).max() <= 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["colored.npy", "photos.npy", "saved"]


@pytest.mark.skipif(keras.backend.backend() != "torch", reason="PyTorch is refused")
def test_a_backend_that_cannot_says_which_can(tmp_path):
    with pytest.raises(ValueError, match="KERAS_BACKEND=tensorflow"):
        exporting.saved_model(small(), tmp_path / "saved")
