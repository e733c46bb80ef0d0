"""mutmut: which mutants of the families and the audit there are, trying some, and what became of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import get_mutant_name

from spoiling.sample import Mutant

FOLDERS = (Path("sourcing/families"), Path("sourcing/audit"))


def mutants() -> dict[str, list[str]]:
    """Return the names of all mutants by module; a module without functions has none."""
    files = sorted(path for folder in FOLDERS for path in folder.rglob("*.py"))
    found = {str(path): mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names for path in files}
    return {path: [get_mutant_name(Path(path), name) for name in names] for path, names in found.items() if names}


def run(chosen: dict[str, list[str]]) -> None:
    """Have mutmut test the chosen mutants, one after the other."""
    names = [name for of_module in chosen.values() for name in of_module]
    subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names], check=True)


def outcomes(chosen: dict[str, list[str]]) -> list[Mutant]:
    """Return what became of the chosen mutants, with the diff of those that no test killed."""
    found = []
    for module, names in chosen.items():
        codes = json.loads(Path("mutants", f"{module}.meta").read_text("utf-8"))["exit_code_by_key"]
        for name in names:
            outcome = status_by_exit_code[codes[name]]
            found.append(Mutant(module, name, outcome, _diff(name) if outcome in ("survived", "no tests") else ()))
    return found


def _diff(name: str) -> tuple[str, ...]:
    """Return the lines that a mutant takes out and puts in."""
    words = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    return tuple(line for line in shown if line[:1] in "+-" and line[:3] not in ("+++", "---"))
