"""Launch the command line from a checkout: ``python cli.py optimize`` is ``sourcing optimize``."""

from __future__ import annotations

import sys

from sourcing.cli import main

if __name__ == "__main__":
    sys.exit(main())
