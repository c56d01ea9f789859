"""Hints: colours that a person gives. They are kept exactly, and spread to what lies near and looks alike.

>>> kcolor.hints.Hint(320, 200, "#7a5c3e", radius=6).color
'#7a5c3e'
"""

from kcolor.hints.files import PhotoHints, read
from kcolor.hints.hint import Everywhere, Hint, Stroke

__all__ = ["Everywhere", "Hint", "PhotoHints", "Stroke", "read"]
