"""The command line: ``sourcing optimize``, ``check``, ``audit``, ``explain``, ``init``, ``docs``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130
"""What Typer returns when Ctrl-C ends a command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure ends in a message, never in a traceback.

    ``--json`` and ``--debug`` count wherever they stand, since both must hold for a line that cannot be parsed.
    """
    from sourcing.cli.app import app_command
    from sourcing.cli.failures import tell_failure, tell_interrupt

    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words or os.environ.get("SOURCING_DEBUG", "") not in {"", "0"}
    as_json = "--json" in words
    words = [word for word in words if word != "--debug"]
    _print_what_the_terminal_can()
    try:
        code = app_command().main(args=words, prog_name="sourcing", standalone_mode=False)
    except Exception as failure:  # the one place where any failure becomes an exit code
        return tell_failure(failure, as_json=as_json, debug=debug)
    if code == _INTERRUPTED:
        return tell_interrupt(as_json=as_json)
    return int(code or 0)


def _print_what_the_terminal_can() -> None:
    """Show "?" for a character the terminal lacks, where Python would end with an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
