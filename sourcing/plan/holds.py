"""A folder held by one living process: what a killed one held is told from what is still being written."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FORGOTTEN = 86_400.0
"""Seconds after which a folder is nobody's where the file system cannot tell whether somebody holds it."""

_TRIES = 20


def make_held(folder: Path) -> int | None:
    """Make a folder and hold it until the handle is closed or the process ends; None where there are no locks.

    One that a killed process has left is cleared away first.

    Raises
    ------
    BlockingIOError : another process holds it.
    OSError : it cannot be made.
    """
    for _ in range(_TRIES):
        try:
            folder.mkdir()
        except FileExistsError:
            if not clear(folder):
                break
            continue
        try:
            handle = _hold(folder)
        except (BlockingIOError, FileNotFoundError):
            continue  # another run took the new folder for a left one
        except OSError:
            return None
        if handle is None or _is_same(handle, folder):
            return handle
        os.close(handle)
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(folder))


def clear(folder: Path) -> bool:
    """Remove a folder unless somebody holds it; return whether its name is free."""
    handle = None
    try:
        handle = _hold(folder)
    except BlockingIOError:
        return False
    except OSError:
        pass
    if handle is not None or _age(folder) > FORGOTTEN:
        shutil.rmtree(folder, ignore_errors=True)
    if handle is not None:
        os.close(handle)
    return not os.path.lexists(folder)


def _hold(folder: Path) -> int | None:
    """Return a handle that holds the folder; None where there are no locks.

    Raises
    ------
    BlockingIOError : another process holds it.
    OSError : it is not there, or cannot be held on this file system.
    """
    if sys.platform == "win32":
        return None
    import fcntl  # there is none on Windows

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _is_same(handle: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder))
    except FileNotFoundError:
        return False


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0
