"""Hints in an exported graph do what `Colorizer.colorize` does with them."""

import numpy as np
import pytest
from helpers.colorizers import numpy, painter, small
from helpers.exports import needs_tensorflow

import kcolor
from kcolor import color
from kcolor.exporting.hinted import as_rows, check_hints, hinted_in_graph
from kcolor.hints import Everywhere, Hint
from kcolor.hints.hint import place

HINTS = [Hint(40, 30, "#7a5c3e", radius=4), Hint(90, 60, (20, -20), radius=4)]


def ab(picture):
    return numpy(color.rgb_to_lab(picture / np.float32(255)))[..., 1:]


def patches(picture, placed):
    return np.array([ab(picture)[patch.pixels(*picture.shape[:2])].mean(axis=(0, 1)) for patch in placed.patches])


@pytest.mark.parametrize("target", ["bins", *(pytest.param(name, marks=pytest.mark.slow) for name in ("lab", "ycbcr"))])
def test_it_is_about_what_a_colorizer_does(target, samples):
    colorizer, photo = small(target, size=48), samples["hats"][:96, :128]
    placed = place(HINTS, 96, 128)
    expected = colorizer.colorize(photo, hints=HINTS)
    found = numpy(hinted_in_graph(colorizer.inference(), photo[None], as_rows(placed, 4, (96, 128))))[0]
    assert found.shape == photo.shape
    assert np.linalg.norm(ab(found) - ab(expected), axis=-1).mean() < 2.0
    assert np.linalg.norm(patches(found, placed) - patches(expected, placed), axis=-1).max() < 4.0


@pytest.mark.slow
@pytest.mark.parametrize("output_stride", [1, 2])
@pytest.mark.parametrize("shape", [(96, 128), (40, 30), (48, 48)], ids=str)
def test_without_hints_it_is_the_plain_picture(samples, output_stride, shape):
    colorizer, photo = painter(output_stride=output_stride, size=48), samples["hats"][: shape[0], : shape[1]]
    found = numpy(hinted_in_graph(colorizer.inference(), photo[None], np.zeros((3, 6), "float32")))[0]
    assert np.abs(found.astype(int) - colorizer.colorize(photo)).max() <= 1


def test_what_an_export_has_no_rows_for_is_said():
    with pytest.raises(ValueError, match="Expected at most 1 hints, as many as the export takes. Received: 2"):
        as_rows(place(HINTS, 96, 128), 1, (96, 128))
    for hint in (Hint(40, 30, "keep"), Everywhere("red")):
        with pytest.raises(ValueError, match='one for everywhere, or "keep"'):
            as_rows(place([hint], 96, 128), 4, (96, 128))


@pytest.mark.parametrize(
    ("hints", "format", "message"),
    [(3, "litert", "for the formats savedmodel and onnx"), (0, "onnx", "from 1 to 64"), (65, "onnx", "from 1 to 64")],
)
def test_what_cannot_be_exported_is_said(hints, format, message):
    with pytest.raises(ValueError, match=message):
        check_hints(hints, format, small())


@pytest.mark.slow
@needs_tensorflow
def test_both_formats_take_hints(tmp_path, samples):
    import tensorflow as tf

    runtime = pytest.importorskip("onnxruntime")
    colorizer, photo = painter(output_stride=2, size=48), samples["hats"][None, :96, :128]
    rows = as_rows(place(HINTS, 96, 128), 4, (96, 128))
    expected = numpy(hinted_in_graph(colorizer.inference(), photo, rows))
    saved = tf.saved_model.load(str(kcolor.export(colorizer, "savedmodel", tmp_path / "saved", hints=4)))
    found = saved.signatures["hinted"](photos=tf.constant(photo), hints=tf.constant(rows))["colored"].numpy()
    assert np.abs(found.astype(int) - expected).max() <= 1
    kcolor.export(colorizer, "onnx", tmp_path / "it.onnx", hints=4)
    session = runtime.InferenceSession(tmp_path / "it-hinted.onnx")
    (found,) = session.run(["colored"], {"photos": photo, "hints": rows})
    assert np.abs(found.astype(int) - expected).max() <= 2


def test_a_hint_at_an_edge_reaches_as_far_as_it_was_meant():
    """The edge cuts its box; the rows have the whole of it."""
    placed = place([Hint(64, 0, "red", radius=8), Hint(127, 95, "red", radius=8), Hint(64, 48, "red", radius=8)], 96, 128)
    rows = as_rows(placed, 3, (96, 128))
    assert rows[:, 2] == pytest.approx([8 / 96, 8 / 96, 8.5 / 96], abs=0.01)
    assert rows[0, :2] == pytest.approx([0.5, 0.0], abs=0.02)
    assert rows[1, :2] == pytest.approx([1.0, 1.0], abs=0.02)
