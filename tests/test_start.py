"""What a command loads before it answers: packages that it does not use take longer to import than a plan to solve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

DRAWING = ["altair", "vl_convert", "matplotlib", "plotly"]
PYOMO = ["pyomo", "scipy.stats", "scipy.optimize", "scipy.spatial", "scipy.interpolate", "scipy.ndimage"]
SOLVING = ["highspy", "sourcing.engine.highs", "sourcing.engine.formulation"]
ARRAYS = ["numpy", "pandas", "scipy"]


def loaded(folder: Path, *words: str) -> set[str]:
    """Run a command in an interpreter of its own; return the modules that it has loaded by its end."""
    code = (
        "import json, sys; from sourcing.cli import main; code = main(sys.argv[1:]);"
        "json.dump(sorted(sys.modules), open('loaded.json', 'w')); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, env={**os.environ})
    assert done.returncode == 0, done.stdout + done.stderr
    return set(json.loads((folder / "loaded.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Return a folder with the tiny case, a question and its plan, and what planning it loaded."""
    folder = tmp_path_factory.mktemp("start")
    tiny_case(folder)
    write_question(folder)
    return folder, loaded(folder, "optimize", "ask.toml", "--out", "plan")


def test_optimize_when_nobody_adds_rules_then_loads_no_pyomo(planned: tuple[Path, set[str]]) -> None:
    found = planned[1]
    assert {"highspy", "pandas", "scipy.sparse"} <= found
    assert sorted(found & {*PYOMO, *DRAWING}) == []


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        (["--help"], [*ARRAYS, *PYOMO, *SOLVING, *DRAWING]),
        (["optimize", "--help"], [*ARRAYS, *PYOMO, *SOLVING, *DRAWING]),
        (["check", "ask.toml"], ["scipy.linalg", *PYOMO, *SOLVING, *DRAWING]),
        (["audit", "plan"], ["scipy", "sourcing.network", *PYOMO, *SOLVING, *DRAWING]),
        (["comply", "plan"], ["scipy", "sourcing.network", *PYOMO, *SOLVING, *DRAWING]),
        (["compare", "plan", "plan"], ["scipy.linalg", "highspy", *PYOMO, *DRAWING]),
        (["explain", "plan"], [*PYOMO, *DRAWING]),
        (["chart", "plan", "mix", "--out", "mix.svg"], ["matplotlib", "plotly", "highspy", *PYOMO]),
    ],
    ids=lambda part: " ".join(part[:2]),
)
def test_command_when_it_has_ended_then_has_loaded_only_what_it_uses(
    planned: tuple[Path, set[str]], words: list[str], absent: list[str]
) -> None:
    assert sorted(loaded(planned[0], *words) & set(absent)) == []
