"""Evaluation: how near a colorizer comes to the truth, beside the grey picture and the best possible."""
