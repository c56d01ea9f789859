"""Whether hints are kept in written files."""

import numpy as np
import pytest
from helpers.benchmarks import TENSORFLOW, run
from PIL import Image

from benchmarks.hint_exactness import enlarged, hints_for, line
from kcolor.hints.kept import Kept


def test_hints_are_seeded_and_apart(samples):
    photo = samples["hats"]
    hints = hints_for(photo, 6, seed=3)
    assert hints == hints_for(photo, 6, seed=3)
    assert len({(int(3 * hint.x), int(2 * hint.y)) for hint in hints}) == 6


def test_photos_are_enlarged(samples):
    assert np.prod(enlarged(samples["hats"], 0.5, 0).shape[:2]) == pytest.approx(0.5e6, rel=0.01)


def test_a_line_says_the_worst():
    found = [Kept(1, (0.0, 0.0), (0.0, 0.0), (float(off), 0.0)) for off in (0, 1, 3)]
    assert "worst  3.00" in line("png", found)
    assert "above 2: 33.3%" in line("png", found)


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="one backend is enough")
def test_it_runs(tmp_path, samples):
    Image.fromarray(samples["hats"][:90, :120]).save(tmp_path / "hats.png")
    printed = run("hint_exactness", "--data", tmp_path, "--model", "shapes", "--megapixels", 0.2, "--large", 1)
    assert "working size, .jpg" in printed
