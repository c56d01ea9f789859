"""What the network does for the page: photos are predicted once, and painted as often as somebody changes something."""

import collections
import dataclasses
import logging
import pathlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kcolor.hints.files import PhotoHints, photo_hints
from kcolor.hints.hint import Hint, place_one
from kcolor.page.entries import Entries, Entry, Look
from kcolor.page.limits import Limits
from kcolor.page.messages import Refused
from kcolor.page.names import reference_name
from kcolor.page.reading import AFTER, BEFORE, write_pictures
from kcolor.utils.kept import keep

if TYPE_CHECKING:
    import numpy as np

    from kcolor.colorizer.colorizer import Colorizer
    from kcolor.colorizer.inference import Prediction

_KEPT = 4  # predictions: those of the photos that somebody is likely to be at
_SUGGESTIONS = 9
_WARM = (640, 512)  # pixels: a photo that is painted in pieces, as previews are


class Studio:
    """Colours the photos of the page. All of it but `models` is called on one thread: the worker's.

    Args:
        entries: `Entries`.
        models: Mapping from names of colorizers to their files. The first is what photos are coloured with at first.
        limits: `Limits`.
        folder: Path of a folder for temporary files. By default the system's.
    """

    def __init__(
        self, entries: Entries, models: Mapping[str, pathlib.Path], limits: Limits, folder: pathlib.Path | None = None
    ):
        self.models, self._folder = dict(models), folder
        self._entries, self._limits = entries, limits
        self._colorizers: dict[str, Colorizer] = {}
        self._matched: collections.OrderedDict[tuple[str, str, str], list[Hint]] = collections.OrderedDict()
        self._predictions: collections.OrderedDict[tuple[str, str], tuple[np.ndarray, Prediction]] = collections.OrderedDict()

    @property
    def first_model(self) -> str:
        """Name of the colorizer that photos are coloured with at first."""
        return next(iter(self.models))

    def colorizer(self, name: str) -> "Colorizer":
        """Returns a colorizer, loaded when it is first asked for."""
        if name not in self._colorizers:
            from kcolor.saving.load import load

            self._colorizers[name] = load(self.models[name], folder=self._folder)
        return self._colorizers[name]

    def warm_up(self) -> None:
        """Colours a grey picture, so that the first photo need not wait for what is compiled once."""
        import numpy as np

        inference = self.colorizer(self.first_model).inference()
        grey = np.full((1, *_WARM, 3), 128, "uint8")
        inference.paint(inference.predict(grey, features=inference.forward.has_features), grey)

    def warm_up_hints(self) -> None:
        """The same for hints and suggestions, which come later."""
        import numpy as np

        colorizer = self.colorizer(self.first_model)
        inference, grey = colorizer.inference(), np.full((1, *_WARM, 3), 128, "uint8")
        prediction = _slim(inference.predict(grey, features=inference.forward.has_features))
        inference.paint(prediction.with_hints([Hint(9, 9, "red")], _WARM), grey)
        _suggested(colorizer, prediction, place_one(9, 9, *_WARM))

    def color(self, id: str) -> None:
        """Colours a photo for the first time. What goes wrong is said in its entry."""
        entry = self._entries.change(id, status="working")
        if entry is None:
            return
        try:
            self._paint(entry)
        except MemoryError:
            self._entries.change(id, status="failed", reason="too large for this machine's memory")
        except Exception as error:
            if self._entries.change(id, status="failed", reason=f"{type(error).__name__}: {error}") is not None:
                logging.getLogger("kcolor").exception("%s could not be coloured", entry.name)

    def repaint(self, id: str) -> Entry:
        """Paints a photo as it is wanted now. If that is what is there, nothing is done.

        Returns:
            The changed `Entry`.

        Raises:
            Refused: If the photo was removed.
        """
        entry = self._entries.get(id)
        if entry.look != entry.painted:
            self._paint(entry)
        return self._entries.get(id)

    def suggest(self, id: str, x: float, y: float, radius: float | None) -> list[dict[str, Any]]:
        """Returns colours that a place may have.

        Args:
            id: String. The photo's id.
            x: Float. Column of the upright photo.
            y: Float. Row.
            radius: Float or None. As of `kcolor.hints.Hint`.
        """
        entry = self._entries.get(id)
        _, prediction = self._predicted(entry)
        patch = place_one(x, y, entry.height, entry.width, radius)
        return [dataclasses.asdict(one) for one in _suggested(self.colorizer(entry.look.model), prediction, patch)]

    def in_full(self, rgb: "np.ndarray", entry: Entry) -> "np.ndarray":
        """Returns a whole photo in colour, the same as `kcolor colorize` makes.

        Args:
            rgb: Array ``(height, width, 3)`` of uint8.
            entry: `Entry` of the photo.
        """
        look = entry.look
        hints = hints_of(look) if look.hints else None
        options: dict[str, Any] = {"saturation": look.saturation, "keep_tone": look.keep_tone}
        if look.reference:
            options["reference"] = _reference(entry)
        colored = self.colorizer(look.model).colorize([rgb], hints=[hints], **options)
        return colored[0]

    def _paint(self, entry):
        look, size = entry.look, (entry.height, entry.width)
        rgb, prediction = self._predicted(entry)
        inference = self.colorizer(look.model).inference(saturation=look.saturation, keep_tone=look.keep_tone)
        hints = hints_of(look)
        prediction = prediction.with_hints(hints, size)
        guesses = self._guesses(entry) if look.reference else []
        prediction = prediction.with_guesses(guesses, size) if guesses else prediction
        picture = inference.paint(prediction, rgb[None])[0]
        notes = self._notes(picture, hints, size, look.model)
        write_pictures(entry.folder, AFTER, picture, None, self._limits)
        matches = len(guesses) if look.reference else None
        self._entries.change(
            entry.id, status="done", painted=look, version=entry.version + 1, notes=notes, matches=matches, reason=None
        )

    def _notes(self, picture, hints, size, model):
        from kcolor.hints.kept import kept

        found = kept(picture, hints.placed(*size), self.colorizer(model).target)
        return tuple((one.number, str(one)) for one in found if str(one))

    def _guesses(self, entry):
        """Colours of the reference for places that look like places of it: kept, or found anew."""
        from kcolor.hints.matching import guesses

        key = (entry.id, entry.look.model, entry.look.reference)
        if key not in self._matched:
            inference = self.colorizer(entry.look.model).inference()
            if not inference.forward.has_features:
                raise Refused(400, f"The model {entry.look.model} cannot take colours from another photo")
            rgb, _ = self._predicted(entry)
            found = inference.referring(_reference(entry)).matches(inference.predict(rgb[None], features=True))
            keep(self._matched, key, guesses(found), _KEPT)
        return self._matched[key]

    def _predicted(self, entry):
        """The small photo and its prediction: kept, or made anew."""
        key = (entry.id, entry.look.model)
        if key not in self._predictions:
            import numpy as np

            from kcolor.images.decoding import decode

            rgb = np.asarray(decode(entry.folder / BEFORE, entry.name))
            inference = self.colorizer(entry.look.model).inference()
            features = inference.forward.has_features
            keep(self._predictions, key, (rgb, _slim(inference.predict(rgb[None], features=features))), _KEPT)
        self._predictions.move_to_end(key)
        return self._predictions[key]


def hints_of(look: Look) -> PhotoHints:
    """Returns the hints of a look.

    >>> hints_of(Look(({"x": 3, "y": 2, "color": "red"},))).hints
    (Hint(x=3, y=2, color='red', radius=None, relative=False, exact=True),)

    Args:
        look: `Look`.
    """
    return photo_hints(list(look.hints))


def _reference(entry):
    import numpy as np

    from kcolor.images.decoding import decode

    return np.asarray(decode(entry.folder / reference_name(entry.look.reference), entry.name))


def _suggested(colorizer, prediction, patch):
    from kcolor.colorizer.suggesting import suggestions_of

    forward = colorizer.forward_pass
    raw = forward.raw(prediction.seen) if prediction.raw is None else prediction.raw
    return suggestions_of(forward, prediction.seen, raw, patch, _SUGGESTIONS)


def _slim(prediction):
    """A prediction without its largest part, which is not needed any more."""
    return dataclasses.replace(prediction, features=None)
