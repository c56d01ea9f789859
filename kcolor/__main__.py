"""``python -m kcolor`` is the command ``kcolor``."""

import sys

from kcolor.cli import main

if __name__ == "__main__":
    sys.exit(main())
