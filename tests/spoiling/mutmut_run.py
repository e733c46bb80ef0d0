"""mutmut: which mutants of the families and the audit there are, trying some, and what became of them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from mutmut.__main__ import create_mutants
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import copy_src_dir, walk_mutatable_files

from spoiling.sample import Mutant


def mutants() -> dict[str, list[str]]:
    """Have mutmut write its mutants and return their names by module; a module without functions has none."""
    with redirect_stdout(io.StringIO()):
        copy_src_dir()
        create_mutants(1)
    found = {str(path): list(_codes(str(path))) for path in sorted(walk_mutatable_files())}
    return {path: names for path, names in found.items() if names}


def untold(chosen: dict[str, list[str]], told: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the chosen mutants without those that came to one of the ends ``told`` when they were last tried."""
    ends = {module: {name: status_by_exit_code[code] for name, code in _codes(module).items()} for module in chosen}
    return {module: [name for name in names if ends[module][name] not in told] for module, names in chosen.items()}


def run(chosen: dict[str, list[str]]) -> None:
    """Have mutmut test the chosen mutants, one after the other."""
    names = [name for of_module in chosen.values() for name in of_module]
    subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names], check=True)


def outcomes(chosen: dict[str, list[str]]) -> list[Mutant]:
    """Return what became of the chosen mutants, with the diff of those that no test killed."""
    found = []
    for module, names in chosen.items():
        codes = _codes(module)
        for name in names:
            outcome = status_by_exit_code[codes[name]]
            found.append(Mutant(module, name, outcome, _diff(name) if outcome in ("survived", "no tests") else ()))
    return found


def _codes(module: str) -> dict[str, int | None]:
    """Return the exit code of the tests by mutant, None of those that were not tried."""
    content = json.loads(Path("mutants", f"{module}.meta").read_text("utf-8"))
    codes: dict[str, int | None] = content["exit_code_by_key"]
    return codes


def _diff(name: str) -> tuple[str, ...]:
    """Return the lines that a mutant takes out and puts in."""
    words = [sys.executable, "-m", "mutmut", "show", name]
    shown = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    return tuple(line for line in shown if line[:1] in "+-" and line[:3] not in ("+++", "---"))
