"""One line and an exit status for each error; durations as people say them."""

import errno
import subprocess
import sys

import pytest

from kcolor.utils import console


def raising(error):
    def command():
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (ValueError("Expected a number"), 1, "kcolor: Expected a number\n"),
        (ImportError("needs ray"), 1, "kcolor: needs ray\n"),
        (FloatingPointError("not finite"), 1, "kcolor: not finite\n"),
        (OSError(errno.ENOENT, "No such file", "a.jpg"), 1, "kcolor: No such file: a.jpg\n"),
        (OSError("in one word"), 1, "kcolor: in one word\n"),
        (KeyboardInterrupt(), 130, "\nkcolor: stopped; call it again\n"),
    ],
)
def test_an_error_is_one_line_and_an_exit_status(error, status, line, capsys):
    assert console.status("kcolor", raising(error), "stopped; call it again") == status
    assert capsys.readouterr().err == line


def test_a_commands_own_status_is_passed_on_and_faults_are_not_hidden():
    assert console.status("kcolor", lambda: 3) == 3
    with pytest.raises(KeyError):
        console.status("kcolor", raising(KeyError("a fault in the program")))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0.0 s"), (8.34, "8.3 s"), (59.94, "59.9 s"), (59.96, "1:00"), (247, "4:07"), (3599.6, "1:00:00"), (3729, "1:02:09")],
)
def test_durations_read_as_people_say_them(seconds, said):
    assert console.duration(seconds) == said


def test_a_command_may_say_it_in_its_own_words(capsys):
    assert console.status("kcolor", raising(ValueError("choose `out`")), rephrase=lambda m: m.replace("`out`", "--out")) == 1
    assert capsys.readouterr().err == "kcolor: choose --out\n"


def test_too_little_memory_is_a_line_whoever_says_it(capsys):
    for error in (MemoryError(), type("ResourceExhaustedError", (Exception,), {})("OOM when allocating")):
        assert console.status("kcolor", raising(error)) == 1
        assert capsys.readouterr().err.startswith("kcolor: There is not enough memory for this. ")


def test_output_that_nobody_reads_any_more_is_no_error():
    code = (
        "import sys; from kcolor.utils import console; sys.exit(console.status('kcolor', lambda: print('line\\n' * 100_000)))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == (b"", 141)
    process.stderr.close()
