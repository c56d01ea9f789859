"""What kcolor measures of itself; each module is a command, ``python -m benchmarks.NAME``, run from the repository's root."""
