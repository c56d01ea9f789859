"""Colours films: steady colours, the film's own light, sound and time. Needs ``pip install av opencv-python-headless``."""
