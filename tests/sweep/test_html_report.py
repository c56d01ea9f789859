"""The report: one file, with everything escaped."""

import numpy as np
import pytest
from helpers.sweeps import made_up
from PIL import Image

from kcolor.sweep import html_report, plots
from kcolor.sweep.trial_folder import trial_folder


@pytest.mark.slow
def test_a_page_escapes_what_it_shows(tmp_path):
    swept, rows = made_up()
    rows[1].update(state="fail", error="<script>", val_loss=None)
    text = html_report.document(rows, swept, tmp_path, plots.figures(rows, swept), "1 < 2")
    assert "1 &lt; 2" in text
    assert text.count("<script>") == 1


def test_failed_trials_are_marked_and_the_best_has_its_samples(tmp_path):
    swept, rows = made_up()
    for row in rows[:2]:
        row.update(state="fail", error="out of memory, say", val_loss=None)
    folder = trial_folder(tmp_path, 2)
    (folder / "samples").mkdir(parents=True)
    Image.fromarray(np.zeros((2, 2, 3), "uint8")).save(folder / "samples" / "epoch-01.png")
    text = html_report.document(rows, swept, tmp_path, {})
    assert text.count('class="failed"') == 2
    assert text.count('title="out of memory, say"') == 2
    assert 'href="trials/0002/"' in text
    assert 'alt="photo, grey, result of trial 2" src="data:image/png;base64,' in text
