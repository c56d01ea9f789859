"""What a run writes down while it colours, so that one that was killed goes on: a folder beside the film that is made."""

import contextlib
import errno
import json
import pathlib
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from kcolor.utils.files import alone_in, make_folder, sweep_leftovers, write_text, write_whole
from kcolor.video.hint_tracks import Tracks
from kcolor.video.plan import Plan
from kcolor.video.steady import State

_FILE = "journal.json"
_OF_A_RUN = re.compile(r"\..*|journal\.json|(plan|tracks)\.npz|\d{6}\.(mkv|npz)")  # names; half-written files begin with a dot


class Journal:
    """The folder of a run.

    Args:
        folder: Path of it, which is there.
    """

    def __init__(self, folder: pathlib.Path):
        self.folder = folder

    def part(self, number: int) -> pathlib.Path:
        """Returns the path of a segment's file."""
        return self.folder / f"{number:06}.mkv"

    def finished(self) -> int:
        """Returns how many segments are complete, from the first on."""
        number = 0
        while self.part(number).exists():
            number += 1
        return number

    def plan(self) -> Plan | None:
        """Returns the plan, if there is one."""
        path = self.folder / "plan.npz"
        return Plan.load(path) if path.exists() else None

    def write_plan(self, plan: Plan) -> None:
        """Writes the plan."""
        write_whole(self.folder / "plan.npz", plan.save)

    def tracks(self) -> Tracks | None:
        """Returns the tracks of hints, if they are there."""
        path = self.folder / "tracks.npz"
        return Tracks.load(path) if path.exists() else None

    def write_tracks(self, tracks: Tracks) -> None:
        """Writes the tracks of hints."""
        write_whole(self.folder / "tracks.npz", tracks.save)

    def write_segment(self, number: int, write: Callable[[pathlib.Path], State | None]) -> None:
        """Writes a segment, and what it hands to the next one, which is there before the segment is.

        Args:
            number: Integer. Which segment.
            write: Function that writes it to a path, and returns its `State`.
        """

        def both(half):
            state = write(half)
            if state is not None:
                write_whole(self._state(number), state.save)

        write_whole(self.part(number), both)
        with contextlib.suppress(OSError):
            self._state(number - 1).unlink(missing_ok=True)

    def state_after(self, number: int) -> State | None:
        """Returns what a segment has handed to the next one, if it has."""
        if number < 0 or not self._state(number).exists():
            return None
        return State.load(self._state(number))

    def remove(self) -> None:
        """Removes the folder, with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _state(self, number):
        return self.folder / f"{number:06}.npz"


@contextlib.contextmanager
def opened(folder: pathlib.Path, about: dict[str, Any]) -> Iterator[Journal]:
    """Opens the folder of a run, for this process alone.

    What is in it is kept if it is of the same run, and removed if it is of another one.

    >>> from kcolor.video.journal import opened
    >>> with opened(tmp_path / "film.mp4.parts", {"crf": 18}) as journal:
    ...     journal.finished()
    0

    Args:
        folder: Path of the folder.
        about: What the run is made of, as JSON has it: film, options, colorizer, versions.

    Raises:
        OSError: If it cannot be written to, or holds files that no run has written.
        kcolor.utils.files.BusyError: If another process works there.
    """
    make_folder(folder)
    if strangers := sorted(file.name for file in folder.iterdir() if not _OF_A_RUN.fullmatch(file.name)):
        raise FileExistsError(
            errno.EEXIST,
            f"Expected {folder} as the folder of a run that was stopped. It holds {strangers[0]}: move that, or choose another "
            "name for the result",
        )
    with alone_in(folder):
        sweep_leftovers(folder)
        about = json.loads(json.dumps(about))
        if _read(folder / _FILE) != about:
            for file in folder.iterdir():
                if file.name != ".lock":
                    file.unlink()
            write_text(folder / _FILE, json.dumps(about, indent=1) + "\n")
        yield Journal(folder)


def _read(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def remove_if_finished(folder: pathlib.Path) -> None:
    """Removes the folder of a run that has coloured all of its film, unless another process works there.

    >>> from kcolor.video.journal import remove_if_finished
    >>> remove_if_finished(tmp_path / "film.mp4.parts")

    Args:
        folder: Path of the folder, which may be missing.
    """
    if not (folder / _FILE).is_file():
        return
    with contextlib.suppress(OSError), alone_in(folder):
        journal = Journal(folder)
        plan = journal.plan()
        if plan is not None and journal.finished() >= len(plan.segments):
            journal.remove()
