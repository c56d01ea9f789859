"""The line that is written over."""

import sys

from kcolor.cli.status_line import StatusLine


def test_a_terminal_has_one_line_that_is_written_over(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    line = StatusLine()
    line.show("1 of 2")
    line.show("2 of 2")
    line.wipe()
    assert capsys.readouterr().err == "\r\x1b[2K1 of 2\r\x1b[2K2 of 2\r\x1b[2K"


def test_elsewhere_and_if_it_is_to_be_quiet_there_is_none(capsys, monkeypatch):
    StatusLine().show("1 of 2")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    StatusLine(quiet=True).show("1 of 2")
    assert capsys.readouterr().err == ""
