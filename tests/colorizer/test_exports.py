"""Exports under Keras's names; tests/exporting has the files."""

import pytest
from helpers.colorizers import small

from kcolor.colorizer.exports import export_as_keras_does


def test_unknown_formats_and_signatures_are_refused(tmp_path):
    with pytest.raises(ValueError, match="Unknown `format`"):
        export_as_keras_does(small(), tmp_path / "x", "openvino", None, {})
    with pytest.raises(ValueError, match="Leave `input_signature` out"):
        export_as_keras_does(small(), tmp_path / "x", "onnx", None, {"input_signature": []})
