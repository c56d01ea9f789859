"""Export: a colorizer as a SavedModel, for programs that have TensorFlow and neither kcolor nor Keras."""

import pathlib
import shutil

import keras

from kcolor import photos
from kcolor.files import make_folder

_PHOTOS = keras.InputSpec(shape=(None, None, None, 3), dtype="uint8")


def saved_model(colorizer, folder) -> pathlib.Path:
    """Writes a SavedModel whose ``serve`` takes photos ``(batch, height, width, 3)`` in uint8 and gives coloured ones.

    The network sees the photos at their own size, as a call of the colorizer does.

    Args:
        colorizer: a `kcolor.Colorizer`.
        folder: where; what is there is replaced.

    Returns:
        The folder's path.
    """
    if keras.backend.backend() == "torch":
        raise ValueError("A SavedModel is written by Keras on TensorFlow or JAX. This is PyTorch: KERAS_BACKEND=tensorflow")
    folder = pathlib.Path(folder)
    half = make_folder(folder.parent) / f".{folder.name}.half"
    shutil.rmtree(half, ignore_errors=True)
    archive = keras.export.ExportArchive()
    archive.track(colorizer)
    archive.add_endpoint("serve", lambda batch: photos.rounded(colorizer(batch)), input_signature=[_PHOTOS])
    archive.write_out(str(half), verbose=False)
    shutil.rmtree(folder, ignore_errors=True)
    return half.rename(folder)
