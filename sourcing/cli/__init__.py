"""The command line: ``sourcing optimize``, ``check``, ``audit``, ``explain``, ``target`` …."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sourcing.interrupts import all_like_ctrl_c, ignore_all, interrupts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INTERRUPTED = 130
"""What Typer returns when Ctrl-C ends a command."""
_COLLECTED = (100_000, 50, 50)
"""How seldom Python looks for objects that only hold each other (see ``gc.set_threshold``)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every failure ends in a message, never in a traceback.

    ``--json`` and ``--debug`` count wherever they stand, since both must hold for a line that cannot be parsed.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words or os.environ.get("SOURCING_DEBUG", "") not in {"", "0"}
    as_json = "--json" in words
    words = [word for word in words if word != "--debug"]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # what takes long is the solver, which has threads of its own
    with few_collections(), all_like_ctrl_c(), interrupts() as heard:
        try:
            code = _run(words, as_json=as_json, debug=debug)
        except KeyboardInterrupt:
            code = _INTERRUPTED
        heard.finish()  # what is left to do is to leave
        if code == _INTERRUPTED:
            code = _tell_interrupt(as_json=as_json)
        if arguments is None:
            ignore_all()
    return code


@contextmanager
def few_collections() -> Iterator[None]:
    """Collect garbage seldom: what a command makes lasts or goes at once, and looking takes a tenth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTED)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _run(words: list[str], *, as_json: bool, debug: bool) -> int:
    from sourcing.cli.app import app_command
    from sourcing.cli.failures import tell_failure

    _print_what_the_terminal_can()
    with warnings.catch_warnings():
        warnings.showwarning = _tell_warning
        try:
            code = app_command().main(args=words, prog_name="sourcing", standalone_mode=False)
        except Exception as failure:  # the one place where any failure becomes an exit code
            return tell_failure(failure, as_json=as_json, debug=debug)
    return int(code or 0)


def _tell_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    """Say what a library warns of where everything is said: it may quote a name."""
    from sourcing.terminal.output import tell

    tell(f"{category.__name__}: {message}")


def _tell_interrupt(*, as_json: bool) -> int:
    from sourcing.cli.failures import tell_interrupt

    return tell_interrupt(as_json=as_json)


def _print_what_the_terminal_can() -> None:
    """Show "?" for a character the terminal lacks, where Python would end with an error."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:  # closed by the caller (>&-): the first file opened would take its place
            setattr(sys, name, os.fdopen(_nowhere(number), "w"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _nowhere(number: int) -> int:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere == number:
        return number
    os.dup2(nowhere, number)
    os.close(nowhere)
    return number
