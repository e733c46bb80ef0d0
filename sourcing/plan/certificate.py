"""The certificate of a plan in its folder: plain where people can read it, packed where it is large."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any

from sourcing.errors import QuestionError
from sourcing.plan.folder import Kept, Misread, plain_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME, PACKED = "certificate.json", "certificate.json.gz"
PLAIN = 20_000_000
"""Bytes up to which it is not packed: some 80,000 columns."""
LARGEST, FOLDED = 1_000_000_000, 20
"""Bytes that one may have unpacked, and how many times as many as packed: numbers do not fold into less."""
_LEVEL = 1


def write_certificate(certificate: Mapping[str, Any], folder: Path) -> None:
    """Write a certificate; the same one gives the same bytes."""
    text = json.dumps(certificate, allow_nan=False, separators=(",", ":"), ensure_ascii=False).encode()
    if len(text) <= PLAIN:
        (folder / NAME).write_bytes(text)
    else:
        (folder / PACKED).write_bytes(gzip.compress(text, _LEVEL, mtime=0))


def read_certificate(folder: Path) -> Any:
    """Return the plain values of a stored certificate, of whatever shape; None if there is none that can be read."""
    kept = Kept(folder)
    for name in (NAME, PACKED):
        try:
            content = kept.content(name)
            return plain_json(content if name == NAME else _unpacked(content))
        except (QuestionError, Misread, OSError, EOFError):
            continue
    return None


def _unpacked(content: bytes) -> bytes:
    """Return what is packed, read no further than a certificate may go.

    Raises
    ------
    Misread : it goes further.
    """
    with gzip.open(io.BytesIO(content)) as packed:
        most = min(LARGEST, FOLDED * len(content))
        text = packed.read(most + 1)
    if len(text) > most:
        raise Misread("it is too large")
    return text
