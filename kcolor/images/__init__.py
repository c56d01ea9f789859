"""Pixels, whatever their colours mean: arrays of photos, decoding, resizing, the guided filter, contact sheets."""
