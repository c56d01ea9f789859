"""What all commands share: an error is one line and an exit status, and a duration reads as people say it."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TextIO

_OUT_OF_MEMORY = ("ResourceExhaustedError", "OutOfMemoryError")  # TensorFlow's and PyTorch's, which may not be there


def status(name: str, command: Callable[[], int], stopped: str = "stopped", *, rephrase: Callable[[str], str] = str) -> int:
    """Runs a command and turns its errors into one line on standard error.

    >>> status("kcolor", lambda: 0)
    0

    Args:
        name: Name of the program, which begins each message.
        command: Function without arguments that returns the exit status.
        stopped: What to say after Ctrl-C.
        rephrase: Function from a message of the library to the command's own.

    Returns:
        The exit status: the command's own, 1 after an error that a user can do something about, or 130 after Ctrl-C.
    """
    print_anything()
    try:
        result = _with_ctrl_c(command)
        if sys.stdout is not None:
            sys.stdout.flush()
        return result
    except BrokenPipeError:  # who read the output has seen enough, as ``| head`` has
        _print_no_more()
        return 141
    except OSError as error:
        _print_no_more_if_full()
        message = in_words(error)
    except (ValueError, ArithmeticError, ImportError) as error:
        message = in_words(error)
    except KeyboardInterrupt:
        print(f"\n{name}: {stopped}", file=sys.stderr)
        return 130
    except Exception as error:
        if not isinstance(error, MemoryError) and type(error).__name__ not in _OUT_OF_MEMORY:
            raise
        message = "There is not enough memory for this. Smaller photos, a smaller working size or fewer at a time need less"
    print(f"{_fresh_line()}{name}: {rephrase(message)}", file=sys.stderr)
    return 1


def _with_ctrl_c(command):
    """What a command returns. A Ctrl-C stays one, even if TensorFlow, which Python ran inside, makes an error of it."""
    pressed = []

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) != signal.default_int_handler
    ):
        return command()  # somebody else deals with it
    signal.signal(signal.SIGINT, note)
    try:
        return command()
    except Exception:
        if pressed:
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def in_words(error: Exception) -> str:
    """Returns what a message says of an error: of one of the system its words and its file, and not its number.

    >>> in_words(FileNotFoundError(2, "No such file or directory", "beach.jpg"))
    'No such file or directory: beach.jpg'

    Args:
        error: Exception.
    """
    if not isinstance(error, OSError):
        return str(error)
    return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")


def print_anything() -> None:
    """Lets standard output take every name: it may have bytes that are no text, or letters that a terminal does not know."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")


def is_terminal(stream: TextIO | None) -> bool:
    """Returns whether a stream is a terminal. A program without a console has no streams at all.

    >>> is_terminal(None)
    False

    Args:
        stream: Text stream, or None.
    """
    return stream is not None and stream.isatty()


def _print_no_more():
    """Lets what is still to be printed go nowhere: it would fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_no_more_if_full():
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _print_no_more()


def _fresh_line():
    """What removes a line that is being written over, so that something else can be printed."""
    return "\r\x1b[2K" if is_terminal(sys.stderr) else ""


def duration(seconds: float) -> str:
    """Returns a duration as people say it.

    >>> duration(8.3), duration(247), duration(3729)
    ('8.3 s', '4:07', '1:02:09')

    Args:
        seconds: Number of seconds, at least 0.
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
