"""Figures and pictures in files: whole or not there."""

import importlib.util

import pytest
from PIL import Image

from kcolor.utils import figures, marks

needs_plots = pytest.mark.skipif(
    importlib.util.find_spec("seaborn") is None, reason="matplotlib and seaborn are not installed in this environment"
)


@needs_plots
@pytest.mark.parametrize(("suffix", "start"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")])
def test_save_writes_what_the_suffix_says(suffix, start, tmp_path):
    import matplotlib.figure

    figure = matplotlib.figure.Figure()
    figure.subplots().plot([1, 2])
    figures.save(figure, tmp_path / f"curves{suffix}")
    assert (tmp_path / f"curves{suffix}").read_bytes().startswith(start)
    assert len(list(tmp_path.iterdir())) == 1


def test_save_writes_a_picture(tmp_path):
    figures.save(Image.new("RGB", (400, 20)), tmp_path / "rows.png")
    with Image.open(tmp_path / "rows.png") as sheet:
        assert sheet.size[0] > 3 * 128


@pytest.mark.parametrize("name", ["curves.jpeg", "curves", "rows.svg"])
def test_save_refuses_an_unknown_suffix_by_name(name, tmp_path):
    with pytest.raises(ValueError, match=f"(?s)\\.png.*{name}"):
        figures.save(Image.new("RGB", (2, 2)), tmp_path / name)


def test_save_leaves_nothing_half_written(tmp_path):
    class Broken:
        def savefig(self, path, dpi, pil_kwargs):
            path.write_bytes(b"half")
            raise RuntimeError("no more")

    (tmp_path / "curves.png").write_bytes(b"before")
    with pytest.raises(RuntimeError):
        figures.save(Broken(), tmp_path / "curves.png")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("curves.png", b"before")]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".JPEG", ".webp", ".tif"])
def test_what_was_made_here_is_known(suffix, tmp_path):
    path, photo = tmp_path / f"sheet{suffix}", tmp_path / f"photo{suffix}"
    figures.save_picture(Image.new("RGB", (8, 8)), path)
    Image.new("RGB", (8, 8)).save(photo)
    assert (marks.is_ours(path), marks.is_ours(photo)) == (True, False)
    photo.write_text("Dear Mother")
    assert not marks.is_ours(photo)
    assert not marks.is_ours(tmp_path / "none.png")


@needs_plots
def test_a_figure_made_here_is_known(tmp_path):
    import matplotlib.figure

    for name in ("curves.png", "curves.jpg", "curves.webp"):
        figures.save(matplotlib.figure.Figure(), tmp_path / name)
        assert marks.is_ours(tmp_path / name)
