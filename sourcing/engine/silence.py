"""Standard output of compiled code, kept quiet."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def silent() -> Iterator[None]:
    """Keep what compiled code prints off stdout: HiGHS greets when an instance is made, before any option is heard."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
            ctypes.CDLL(None if os.name == "posix" else "msvcrt").fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
