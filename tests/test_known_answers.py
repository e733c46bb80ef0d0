"""Published answers, asked for as a planner would: one command, one JSON object."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

KNOWN = Path(__file__).parent / "known"


def optimize(name: str, folder: Path) -> tuple[dict[str, Any], Path]:
    """Return what ``sourcing optimize --json`` prints for a known case, and the folder of its plan."""
    out = folder / name
    words = [sys.executable, "-W", "error", "-c", "from sourcing.cli import main; main()", "optimize"]
    words += [str(KNOWN / name / "question.toml"), "--out", str(out), "--json"]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), out


@pytest.mark.parametrize(
    ("name", "cost"),
    [
        ("dantzig", 153_675),  # Dantzig 1963, as in the GAMS model trnsport, in USD; the optimum's cost is unique
        ("transp", 196_200),  # the AMPL book, transp.mod: see its README
    ],
)
def test_cost_when_published_then_is_found(tmp_path: Path, name: str, cost: float) -> None:
    said, out = optimize(name, tmp_path)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["status"] == "optimal"
    assert manifest["objective"]["cost"] == pytest.approx(cost, rel=1e-9)
    assert manifest["audit"]["clean"]
    assert f"{cost}" in json.dumps(said).replace(".0", "")


def test_hhi_when_four_countries_are_all_there_is_then_is_0_26(tmp_path: Path) -> None:
    _, out = optimize("hhi", tmp_path)
    hhi = pd.read_csv(out / "hhi.csv", keep_default_na=False)
    found = hhi[(hhi["lens"] == "country") & (hhi["counted"] == "material")]
    assert found["hhi"].tolist() == pytest.approx([0.26])
    assert found["groups"].tolist() == [4]
