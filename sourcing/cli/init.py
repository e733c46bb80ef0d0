"""``sourcing init``: copy a question and its case to start from."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from contextlib import ExitStack
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sourcing import resources
from sourcing.characters import one_line
from sourcing.interrupts import interrupts
from sourcing.plan.drafts import claim, writing
from sourcing.terminal.options import AsJson
from sourcing.terminal.output import print_json, print_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.interrupts import Interrupts

EXAMPLE = "sourcing init my-plan --question diversified"
PLACE = 120

_CASE = re.compile(r"^(\s*case\s*=\s*)(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to put the copies; made if it is not there.")],
    case: Annotated[
        str | None, typer.Option(metavar="CASE", help="A ready case (default: the one the question is asked of).")
    ] = None,
    question: Annotated[str, typer.Option(metavar="QUESTION", help="A ready question.")] = "diversified",
    as_json: AsJson = False,
) -> None:
    """Copy a ready question and its tables into a folder, for you to change. Nothing is overwritten."""
    questions = _with_parents(_found(resources.find_model, resources.model_names, question, "question"))
    case = case or next(filter(None, (_named(file, "case") for file in questions)), "")
    tables = _found(resources.find_case, resources.case_names, case, "case")
    copies = {file: folder / file.name for file in questions} | {tables: folder / tables.name}
    taken = [str(target) for target in copies.values() if target.exists()]
    if taken:
        raise typer.BadParameter(f"{', '.join(taken)}: there already, and nothing is overwritten")
    with interrupts() as heard:
        _copy(questions, tables, folder, heard)
        first = copies[questions[0]]
        if as_json:
            print_json({"question": str(first), "case": str(copies[tables])})
        else:
            lines = (f"Question  {first}", f"Tables    {copies[tables]}", f"Next: sourcing optimize {first}")
            print_result("\n".join(map(one_line, lines)))


def _copy(questions: list[Path], tables: Path, folder: Path, heard: Interrupts) -> None:
    """Put the copies into the folder, all of them or none."""
    instead = "choose another folder"
    is_new = not os.path.lexists(folder)
    draft = claim(folder if is_new else folder / "copies", instead)
    try:
        with writing(folder, instead):
            for file in questions:
                text = _asked_of(file.read_text("utf-8"), f"./{tables.name}")
                (draft.path / file.name).write_text(text, "utf-8")
            shutil.copytree(tables, draft.path / tables.name)
            heard.finish()
            if is_new:
                draft.path.rename(folder)
                draft.kept = True
            else:
                _move([tables.name, *(file.name for file in reversed(questions))], draft.path, folder)
    finally:
        draft.drop()


def _move(names: list[str], source: Path, folder: Path) -> None:
    """Move what lies in one folder into another, all of it or nothing."""
    with ExitStack() as undo:
        for name in names:
            (source / name).rename(folder / name)
            undo.callback((folder / name).rename, source / name)
        undo.pop_all()


def _found(find: Callable[[str], Path | None], names: Callable[[], list[str]], name: str, noun: str) -> Path:
    path = find(name)
    if path is None:
        near = get_close_matches(name, names(), 1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names()) or 'none'}"
        raise typer.BadParameter(f"no ready {noun} {name!r}; {hint}")
    return path


def _with_parents(file: Path) -> list[Path]:
    """Return a question's file and those it extends, itself first."""
    files = [file]
    while parent := _named(files[-1], "extends"):
        named = files[-1].parent / parent
        following = named if named.suffix == ".toml" else named.with_name(f"{named.name}.toml")
        if following in files:
            break
        files.append(following)
    return files


def _named(file: Path, key: str) -> str:
    return str(tomllib.loads(file.read_text("utf-8")).get(key, ""))


def _asked_of(text: str, case: str) -> str:
    """Return a question's text with its ``case`` replaced; its comments stay.

    >>> _asked_of("case   = 'a' # ours", "./b")
    'case   = "./b" # ours'
    """
    return _CASE.sub(lambda match: match[1] + json.dumps(case), text, count=1)
