"""Pixels: arrays of photos and their checks, decoding, resizing, filters, contact sheets. Nothing in here is about colour.

>>> from kcolor.images import resizing
>>> resizing.resize(np.ones((1, 4, 6, 3), "float32"), (2, 3)).shape[1:3] == (2, 3)
True
"""
