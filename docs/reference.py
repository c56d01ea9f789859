"""Writes the API reference, made of the docstrings: ``python docs/reference.py FOLDER``."""

import pathlib
import sys

import pdoc

import kcolor
from kcolor import recipes

# pdoc reads a module's dict, where lazy names are only once they have been used.
for module in (kcolor, recipes):
    for name in module.__all__:
        getattr(module, name)

pdoc.render.configure(docformat="google", show_source=False)
pdoc.pdoc(
    "kcolor",
    "kcolor.images.arrays",
    "kcolor.losses.perceptual",
    "kcolor.models.head",
    "kcolor.colorizer.inference",
    "kcolor.exporting.signatures",
    output_directory=pathlib.Path(sys.argv[1]),
)
