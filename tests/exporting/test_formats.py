"""The formats of exports: their names, and files of every one that load forever."""

import pathlib

import numpy as np
import pytest
from helpers.exports import RUN, needs_tensorflow, run_several_alone
from PIL import Image

from kcolor.exporting import formats

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"


@pytest.mark.slow
@needs_tensorflow
@pytest.mark.parametrize("kind", RUN)
def test_exports_of_every_format_run_forever(kind, tmp_path):
    photo = np.asarray(Image.open(GOLDEN / "photo.png"))
    suffix = formats.SUFFIXES[kind]
    found = [path for path in GOLDEN.glob(f"format-*{suffix}") if not path.stem.endswith("-network")]
    assert found
    results = run_several_alone(kind, found, [photo[None]], np.zeros((1, 32, 32, 1), "float32"), tmp_path)
    for path, (pictures, _) in zip(found, results, strict=True):
        own = GOLDEN / f"{path.stem.removesuffix('-savedmodel').removesuffix('-colorize')}.png"
        colored = np.asarray(Image.open(own if own.exists() else GOLDEN / "colored.png"))
        assert np.abs(pictures[0][0].astype(int) - colored).max() <= 2


def test_an_export_is_named_after_the_model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    names = {
        ("photo", "savedmodel"): "photo-savedmodel",
        ("some/where/model.keras", "litert"): "model.tflite",
        (tmp_path / "run", "onnx"): "run.onnx",
    }
    for (model, format), name in names.items():
        assert formats.destination(model, format) == pathlib.Path(name)
    assert formats.destination("photo", "onnx", "out/x.onnx") == pathlib.Path("out/x.onnx")


def test_what_is_there_is_not_replaced_unasked(tmp_path):
    (tmp_path / "x-network.onnx").write_text("there")
    with pytest.raises(FileExistsError, match=r"x-network.onnx is there already. .*`overwrite=True`"):
        formats.destination("photo", "onnx", tmp_path / "x.onnx")
    assert formats.destination("photo", "onnx", tmp_path / "x.onnx", overwrite=True) == tmp_path / "x.onnx"
    assert formats.written(tmp_path / "x.onnx", "onnx") == [tmp_path / "x.onnx", tmp_path / "x-network.onnx"]
    assert formats.written(tmp_path / "x", "savedmodel") == [tmp_path / "x"]


def test_the_size_of_a_file_and_of_a_folder(tmp_path):
    (tmp_path / "below").mkdir()
    for path, count in ((tmp_path / "a", 3), (tmp_path / "below" / "b", 5)):
        path.write_bytes(bytes(count))
    assert formats.size_on_disk(tmp_path / "a") == 3
    assert formats.size_on_disk(tmp_path) == 8


def test_a_folder_of_other_things_is_never_replaced(tmp_path):
    (tmp_path / "models").mkdir()
    assert formats.destination("photo", "savedmodel", tmp_path / "models", overwrite=True) == tmp_path / "models"  # it is empty
    (tmp_path / "models" / "thesis.txt").write_text("all of it")
    for overwrite in (False, True):
        with pytest.raises(ValueError, match="Expected `out` as a new folder, .* which holds other things"):
            formats.destination("photo", "savedmodel", tmp_path / "models", overwrite)
        for format in ("onnx", "litert", "keras"):
            with pytest.raises(ValueError, match="Expected `out` as a file. Received a folder"):
                formats.destination("photo", format, tmp_path / "models", overwrite)
    (tmp_path / "models" / "saved_model.pb").touch()
    with pytest.raises(FileExistsError, match="is there already"):
        formats.destination("photo", "savedmodel", tmp_path / "models")


def test_a_keras_file_has_the_ending_by_which_it_is_known(tmp_path):
    with pytest.raises(ValueError, match="Expected `out` with the ending .keras"):
        formats.destination("photo", "keras", tmp_path / "photo.h5")
