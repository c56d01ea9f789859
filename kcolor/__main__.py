"""``python -m kcolor`` is the command ``kcolor``."""

import sys

from kcolor.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
