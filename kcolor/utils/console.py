"""What every command does alike: an error is one line and an exit status, a duration reads as people say it."""

import sys
from collections.abc import Callable


def status(name: str, command: Callable[[], int], stopped: str = "stopped") -> int:
    """Runs a command.

    Args:
        name: of the program, before each message.
        command: gives the exit status.
        stopped: what to say after Ctrl-C.

    Returns:
        The exit status: the command's own, 1 after an error that a user can do something about, 130 after Ctrl-C.
    """
    try:
        return command()
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        print(f"{name}: {error.strerror or error}{where}", file=sys.stderr)
    except (ValueError, ArithmeticError, ImportError) as error:
        print(f"{name}: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"\n{name}: {stopped}", file=sys.stderr)
        return 130
    return 1


def duration(seconds: float) -> str:
    """Seconds as people say them: ``8.3 s``, ``4:07``, ``1:02:09``."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
