"""One line and an exit status for each error; durations as people say them."""

import errno
import os
import signal
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


def test_a_program_without_a_console_has_no_streams(monkeypatch, capsys):
    assert not console.is_terminal(None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", None)
    console.print_anything()
    assert console.status("kcolor", lambda: 0) == 0
    assert console.status("kcolor", raising(ValueError("wrong"))) == 1


@pytest.mark.parametrize(("where", "status"), [("| head -c 1 > /dev/null", 141), ("> /dev/full", 1)])
def test_output_that_stays_in_the_buffer_counts(where, status):
    """Python writes short outputs only when it ends, after the command has returned."""
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    code = "import sys; from kcolor.utils.console import status; sys.exit(status('kcolor', lambda: print('x' * 100) or 0))"
    wait = "import time; time.sleep(1); " if "|" in where else ""
    line = f'"{sys.executable}" -c "{wait}{code}"' + (" | true" if "|" in where else f" {where}") + "; echo ${PIPESTATUS[0]}"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == str(status)
    assert "Exception ignored" not in done.stderr


def test_an_error_of_the_system_is_said_in_its_words():
    assert console.in_words(PermissionError(13, "Permission denied", "film.mp4")) == "Permission denied: film.mp4"
    assert console.in_words(OSError("the disk is full")) == "the disk is full"
    assert console.in_words(ValueError("Expected a film")) == "Expected a film"


@pytest.fixture
def ctrl_c():
    """Ctrl-C as a terminal has it. A shell starts what runs in the background with that signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("kind", [RuntimeError, ValueError, OSError])
def test_ctrl_c_of_which_a_library_made_an_error_is_ctrl_c(ctrl_c, capsys, kind):
    def command():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise kind("UnknownError: KeyboardInterrupt") from None

    assert console.status("kcolor", command, "stopped. The same command continues") == 130
    assert capsys.readouterr().err == "\nkcolor: stopped. The same command continues\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_without_ctrl_c_stays_an_error():
    with pytest.raises(RuntimeError, match="mine"):
        console.status("kcolor", raising(RuntimeError("mine")))


def test_a_handler_of_somebody_else_stays(monkeypatch):
    heard = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        assert console.status("kcolor", lambda: signal.raise_signal(signal.SIGINT) or 0) == 0
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]
