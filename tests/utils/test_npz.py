"""Files of arrays from elsewhere."""

import numpy as np
import pytest

from kcolor.utils.npz import opened_npz


def test_what_is_no_file_of_arrays_is_said(tmp_path):
    whole = tmp_path / "whole.npz"
    np.savez(whole, a=np.arange(100))
    for name, content in {"empty": b"", "text": b"Dear Mother", "cut": whole.read_bytes()[:-40]}.items():
        path = tmp_path / f"{name}.npz"
        path.write_bytes(content)
        expected = rf"Expected .*{name}.npz as a whole .npz file of weights"
        with pytest.raises(ValueError, match=expected) as error, opened_npz(path, "weights"):
            pass
        assert "pickle" not in str(error.value)
    np.save(tmp_path / "one.npy", np.arange(3))
    with pytest.raises(ValueError, match="Received a single array"), opened_npz(tmp_path / "one.npy", "weights"):
        pass
