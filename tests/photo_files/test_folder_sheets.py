"""Contact sheets of folders."""

import numpy as np
import pytest
from helpers.albums import fill, photo

from kcolor.photo_files import folder_sheets
from kcolor.photo_files.folder_sheets import folder_sheets as drawn


def test_a_sheet_needs_a_picture(tmp_path):
    (tmp_path / "a.jpg").write_text("Dear Mother,")
    with pytest.raises(ValueError, match="Found none"):
        list(drawn([tmp_path]))


def test_each_is_shown_beside_its_original(tmp_path):
    originals = fill(tmp_path / "album")
    (tmp_path / "out").mkdir()
    for name in ("a.png", "b-coloured.png"):
        photo().save(tmp_path / "out" / name)
    alone, both = (next(drawn([tmp_path / "out"], beside, height=64)) for beside in (None, originals))
    assert both.width > 1.9 * alone.width
    assert both.height == alone.height
    (originals / "b.png").unlink()
    with pytest.raises(ValueError, match="There is no picture called b"):
        list(drawn([tmp_path / "out"], originals))


def test_columns_and_rows(tmp_path):
    fill(tmp_path / "album")
    sheets = [next(drawn([tmp_path / "album"], columns=n, recursive=True, height=32)) for n in (1, 5)]
    assert np.asarray(sheets[0]).shape[0] > 4 * np.asarray(sheets[1]).shape[0]
    with pytest.raises(ValueError, match="Expected at least 1 column"):
        list(drawn([tmp_path / "album"], columns=0))


def test_a_large_album_has_several_sheets(tmp_path, monkeypatch):
    fill(tmp_path / "album")
    monkeypatch.setattr(folder_sheets, "_MAX_SHEET_HEIGHT", 120)
    sheets = list(drawn([tmp_path / "album"], columns=1, recursive=True, height=32))
    assert len(sheets) == 3  # five pictures, two on each
    assert max(sheet.height for sheet in sheets) <= 120
