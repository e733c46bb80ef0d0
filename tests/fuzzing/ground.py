"""Sound ground for fuzzing: a folder with cases, questions, a preset, plans and a curve, made once by the commands."""

from __future__ import annotations

import os
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from builders import tiny_tables, write_question, write_tables

from sourcing.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence

SECRET = "the-margin-of-our-largest-customer-is-41-percent"
"""Text of files outside the folder, that no input may bring to a screen."""
ASKED = """horizon = { start = "2027-01", periods = 2, length = "year" }
[objective]
shortage = "priced"
[solver]
gap = 0.0
[[limits]]
limit = "one-country"
measure = "share"
by = "country"
element = "Dy"
value = 0.75
note = "ours"
[[limits]]
limit = "some"
measure = "tonnes"
by = "supplier"
value = 900
[[edits]]
table = "offers"
where = { offer = "A" }
set = { price = "x1.1" }
"""
CHILD = 'extends = "ask.toml"\npresets = ["own.toml"]\nquestion = "What if Near sells more?"\n'
PRESET = """schema = 1
title = "Our rule"
source = "our own"
as_of = "2026-11-24"
confidence = "cited"
covers = ["Dy"]
[[requirements]]
name = "own-rule"
says = "at most 90 % from any one country"
stages = ["oxide"]
by = "country"
member = "CHN"
sense = "max"
value = 0.9
from = "2027-01-01"
limits = true
source = "our own"
"""


@dataclass(frozen=True)
class Ground:
    """Where inputs are damaged: ``folder`` is what a stranger sends, ``outside`` is none of their business."""

    folder: Path
    outside: Path

    def copied(self, to: Path, *parts: str) -> Ground:
        """Return a copy in another place, of some files and folders only, if any are named."""
        own = Ground(to / "sent", to / "outside")
        for part in parts or os.listdir(self.folder):
            source = self.folder / part
            own.folder.joinpath(part).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, own.folder / part)
        shutil.copytree(self.outside, own.outside)
        return own


def sound(place: Path) -> Ground:
    """Make the ground: everything in it is read without a word."""
    folder, outside = place / "sent", place / "outside"
    (outside / "other").mkdir(parents=True)
    for name in ("offers.csv", "secret.csv", "secret.toml", "secret.json"):
        (outside / name).write_text(f"{SECRET}\n{SECRET},1\n", "utf-8")
    shutil.copytree(outside, outside / "other", dirs_exist_ok=True)
    tables = tiny_tables(
        contents=[{"material": "oxide", "element": "Dy", "share": 0.87}],
        groups=[{"group": "allied", "member": "AUS"}],
        processes=[{"process": "M", "site": "PLANT", "capacity": 50, "cost": 12.5, "days": 14}],
        recipes=[{"process": "M", "material": name, "quantity": by} for name, by in (("oxide", -1.25), ("metal", 1))],
        open_orders=[{"order": "7", "site": "PLANT", "material": "oxide", "arrives": "2027-02-15", "quantity": 5}],
        materials={"oxide": {"shortage_cost": 1e6}},
    )
    write_tables(folder / "tiny", tables)
    write_question(folder, ASKED)
    (folder / "child.toml").write_text(CHILD, "utf-8")
    (folder / "own.toml").write_text(PRESET, "utf-8")
    for words in (
        ("init", "ready"),
        ("optimize", "ask.toml", "--out", "runs/plan"),
        ("optimize", "child.toml", "--out", "runs/other"),
        ("target", "ask.toml", "--limit", "one-country", "--from", "75%", "--to", "60%", "--out", "runs/curve"),
    ):
        code, said = told(words, folder)
        assert code == 0, said
    return Ground(folder, outside)


def told(words: Sequence[str], folder: Path) -> tuple[int, str]:
    """Return the exit code of a command and what it prints, in this process."""
    log = folder.parent / "said.txt"
    with log.open("w", encoding="utf-8") as file, chdir(folder), redirect_stdout(file), redirect_stderr(file):
        code = main(list(words))
    return code, log.read_text("utf-8")


def files_of(folder: Path, *under: str) -> list[Path]:
    """Return the ordinary files under some parts of a folder, sorted."""
    found = [Path(root) / name for part in under for root, _, names in os.walk(folder / part) for name in names]
    return sorted(path for path in found if path.is_file())
