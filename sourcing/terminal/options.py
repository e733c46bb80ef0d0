"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sourcing.errors import SolverError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.")]
QuestionName = Annotated[
    str, typer.Argument(metavar="QUESTION", help="A ready question by name, or the path of a TOML file.")
]
CaseName = Annotated[
    str | None, typer.Option(metavar="CASE", help="Use these tables: a ready case by name, or a folder.")
]
Gap = Annotated[
    float | None,
    typer.Option(
        min=0.0, max=1.0, metavar="SHARE", help="Stop when this close to the best; 0.01 is 1 %, 0 to the end."
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        min=0.001, metavar="SECONDS", help="Stop solving so many seconds after reading began; the audit comes after."
    ),
]
Threads = Annotated[int | None, typer.Option(min=1, metavar="N", help="Processor threads for the solver.")]


def place_for(what: str, named: str) -> Any:
    """Return the option ``--out`` of a command that writes a folder: what it is for, and how it is named without."""
    words = f"Folder for {what} (default: runs/<date>-{named})."
    return typer.Option("--out", metavar="FOLDER", callback=new_place, help=words)


def new_place(folder: Path | None) -> Path | None:
    """Return a folder that can be made; what cannot is a fault of usage."""
    return _free(folder, "folder")


def new_file(file: Path | None) -> Path | None:
    """Return a file that can be made; what cannot is a fault of usage."""
    return _free(file, "file")


def value_of(text: str) -> float:
    """Return the value that somebody typed: 35%, 35 %, 0.35 or 1,200."""
    plain = text.strip().replace(",", "")
    try:
        return float(plain[:-1].strip()) / 100 if plain.endswith("%") else float(plain)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number; write it as 35%, 0.35 or 1200") from None


def _free(place: Path | None, what: str) -> Path | None:
    if place is not None:
        from sourcing.plan.drafts import refuse_place

        try:
            refuse_place(place, what)
        except SolverError as refusal:
            raise typer.BadParameter(str(refusal)) from refusal
    return place
