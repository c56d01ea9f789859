"""Contact sheets of folders."""

import numpy as np
import pytest
from helpers.albums import fill, photo

from kcolor.photo_files import folder_sheet


def test_a_sheet_needs_a_picture(tmp_path):
    (tmp_path / "a.jpg").write_text("Dear Mother,")
    with pytest.raises(ValueError, match="Found none"):
        folder_sheet.folder_sheet([tmp_path])


def test_each_is_shown_beside_its_original(tmp_path):
    originals = fill(tmp_path / "album")
    (tmp_path / "out").mkdir()
    for name in ("a.png", "b-coloured.png"):
        photo().save(tmp_path / "out" / name)
    alone, both = (folder_sheet.folder_sheet([tmp_path / "out"], beside, height=64) for beside in (None, originals))
    assert both.width > 1.9 * alone.width
    assert both.height == alone.height
    (originals / "b.png").unlink()
    with pytest.raises(ValueError, match="There is no picture called b"):
        folder_sheet.folder_sheet([tmp_path / "out"], originals)


def test_columns_and_rows(tmp_path):
    fill(tmp_path / "album")
    sheets = [folder_sheet.folder_sheet([tmp_path / "album"], columns=n, recursive=True, height=32) for n in (1, 5)]
    assert np.asarray(sheets[0]).shape[0] > 4 * np.asarray(sheets[1]).shape[0]
    with pytest.raises(ValueError, match="Expected at least 1 column"):
        folder_sheet.folder_sheet([tmp_path / "album"], columns=0)
