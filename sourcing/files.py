"""A file from a stranger: ordinary, of bounded size and inside its folder, or refused before a byte of it is used."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_MEGA = 1_000_000
_CHUNK = 1 << 20
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"))
"""A pipe that nobody writes to is opened at once, and then refused."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Unread(Exception):
    """A file that is not read: ``fact`` says why; ``kind`` is "folder", "large", "denied", or "absent" for the rest."""

    def __init__(self, fact: str, kind: str = "absent") -> None:
        self.fact, self.kind = fact, kind
        super().__init__(fact)


def content_of(path: Path, most: int, within: Path | None = None) -> bytes:
    """Return the bytes of an ordinary file that has at most so many.

    ``within`` is the folder in which the file has to lie, links followed; without it a link is followed anywhere.

    Raises
    ------
    Unread : it is no such file: not there, a folder, a pipe, a device, too large, elsewhere, or it may not be read.
    """
    try:
        found = path if within is None else inside(path, within)
        _refuse(os.stat(found), most)
        handle = opened(found, _FLAGS if within is None else _FLAGS | _NO_LINK)
        with os.fdopen(handle, "rb") as file:
            _refuse(os.fstat(handle), most)  # it may have been put there meanwhile
            return _read(file, most)
    except FileNotFoundError:
        raise Unread(_gone(path)) from None
    except (OSError, ValueError) as error:
        raise Unread(f"it cannot be read ({_said(error)})", "denied") from error


def inside(path: Path, folder: Path) -> Path:
    """Return where a path leads, if that is in the folder.

    Raises
    ------
    Unread : it leads out of the folder.
    OSError : it leads nowhere, or round in a circle.
    """
    try:
        found = path.resolve(strict=True)
    except RuntimeError as error:  # how Python before 3.13 says that links lead round in a circle
        raise OSError(0, "Too many levels of symbolic links") from error
    if not found.is_relative_to(folder.resolve()):
        raise Unread("it leads out of the folder")
    return found


def opened(path: Path, flags: int) -> int:
    """Return the handle of a file, not yet read."""
    return os.open(path, flags)


def _read(file: BinaryIO, most: int) -> bytes:
    """Return all of a file, whatever size the system says that it has."""
    parts, size = [], 0
    while part := file.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > most:
            raise Unread(f"it has more than {most / _MEGA:,.0f} MB", "large")
    return b"".join(parts)


def _refuse(found: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise Unread("it is a folder", "folder")
    if not stat.S_ISREG(found.st_mode):
        raise Unread("it is no file that can be read")
    if found.st_size > most:
        raise Unread(f"it has {found.st_size / _MEGA:,.0f} MB, and at most {most / _MEGA:,.0f} MB can be read", "large")


def _gone(path: Path) -> str:
    return "it is a link to a file that is not there" if os.path.islink(path) else "it is not there"


def _said(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else "") or "no such name"
