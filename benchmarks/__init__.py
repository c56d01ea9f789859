"""Measurements of kcolor. Each module is a command, ``python -m benchmarks.NAME``, run from the repository's root."""
