"""What a running sweep shows."""

import io

from helpers.sweeps import toy

from kcolor.sweep import progress, study
from kcolor.sweep.scheduler import Running, default_storage


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_a_table_that_moves_on_a_terminal(tmp_path):
    swept, terminal, lines = toy(tmp_path), Terminal(), []
    opened = study.open_study(swept, default_storage(tmp_path))
    trial = study.claim(opened, swept, "me")
    shown = progress.Progress(swept, 1, lines.append, terminal)
    one = Running(trial, tmp_path, None, epochs=3, values=[2.0, 1.0, 1.5])
    shown.show(opened, [one], pause=0)
    assert terminal.getvalue().startswith("0 of 4 done, 1 running, 0 failed\n  trial    epoch     last       best")
    (row,) = progress.rows([one], swept)[1:]
    assert row.split()[:6] == ["0000", "3", "of", "3", "1.5", "1"]
    assert row.endswith("learning_rate 0.001, filters [4, 8]")
    assert "starting" in progress.rows([Running(trial, tmp_path, None, epochs=3)], swept)[1]
    shown.finished(3, "FAIL", None, tmp_path)
    assert lines == [f"trial 0003 failed  {tmp_path}  see {tmp_path / 'log.txt'}"]
    assert terminal.getvalue().endswith("\x1b[3A\x1b[J")  # the table is gone before a line appears
    shown.line("x")
    shown.close()


def test_no_table_where_there_is_no_terminal(tmp_path):
    swept, stream = toy(tmp_path), io.StringIO()
    shown = progress.Progress(swept, 1, None, stream)
    shown.show(None, [], pause=0)
    shown.line("nobody reads this")
    assert stream.getvalue() == ""
