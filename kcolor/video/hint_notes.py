"""What is said of a film's hints that were not used, or not all the way."""

from collections.abc import Iterable, Mapping, Sequence

from kcolor.video.film_hints import FilmHint
from kcolor.video.hint_tracks import Tracks
from kcolor.video.plan import Scene


def notes_of(hints: Mapping[int, Sequence[FilmHint]], scenes: Iterable[Scene], tracks: Tracks) -> list[str]:
    """Returns a line for each hint that was not followed through its whole scene.

    Args:
        hints: Mapping from numbers of frames to the `FilmHint`s there.
        scenes: The `Scene`s of the film.
        tracks: `Tracks` of the hints.
    """
    left = [scene for scene in scenes if scene.color]
    notes = [
        f"hint {one.number} is not used: its scene is in colour already. To colour it anyway: `recolor=True`"
        for frame, those in hints.items()
        for one in those
        if any(scene.first <= frame < scene.last for scene in left)
    ]
    for track in tracks.tracks:
        frames = f"{track.first} to {track.first + len(track.shifts) - 1}"
        notes += [
            f"hint {hint} could be followed from frame {first} to {last} only; its scene has frames {frames}"
            for hint, first, last in track.lost()
        ]
    return notes
