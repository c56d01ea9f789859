"""What all commands share: an error is one line and an exit status, and durations read as people say them."""

import sys
from collections.abc import Callable

from kcolor.utils.quiet_start import silence_keras_import


def status(
    name: str, command: Callable[[], int], stopped: str = "stopped", rephrase: Callable[[str], str] = str
) -> int:
    """Runs a command and turns its errors into one line on standard error.

    Keras is imported without a word, if the command imports it at all.

    Args:
        name: String. Name of the program, printed before each message.
        command: Function that runs the command and returns its exit status.
        stopped: String. What to print after Ctrl-C.
        rephrase: Function from the library's message to the command's own.

    Returns:
        Integer. The command's own exit status, 1 after an error that a user can do something about, 130 after Ctrl-C.
    """
    silence_keras_import()
    try:
        return command()
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        message = f"{error.strerror or error}{where}"
    except (ValueError, ArithmeticError, ImportError) as error:
        message = str(error)
    except KeyboardInterrupt:
        print(f"\n{name}: {stopped}", file=sys.stderr)
        return 130
    print(f"{name}: {rephrase(message)}", file=sys.stderr)
    return 1


def duration(seconds: float) -> str:
    """Returns seconds as people say them.

    >>> duration(8.3), duration(247), duration(3729)
    ('8.3 s', '4:07', '1:02:09')

    Args:
        seconds: Float.
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
