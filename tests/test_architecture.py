"""The house rules: imports run one way (and the tool that says so bites), files and functions stay small."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import house

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "sourcing").rglob("*.py"))
LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts on the package in ``folder``."""
    words = ["--no-logo", "--no-cache", "--config", str(ROOT / ".importlinter")]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", LINT, *words], check=False, capture_output=True, text=True, cwd=folder, env=environment
    )


def test_imports_run_one_way() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("tables/dictionary.py", "import sourcing.cli", "Imports run one way"),
        ("report/lines.py", "import sourcing.cli", "Imports run one way"),
        ("engine/stray.py", "import sourcing.audit", "Imports run one way"),
        ("stray.py", "", "Imports run one way"),
        ("answer/optimize.py", "import sourcing.studies.target.call", "Imports run one way"),
        ("plan/store.py", "import sourcing.answer", "Imports run one way"),
        ("studies/target/curve.py", "import sourcing.cli", "Imports run one way"),
        ("studies/target/curve.py", "import sourcing.studies.frontier.best", "Studies do not know each other"),
        ("families/purchase/check.py", "import pyomo.environ", "A check knows nothing"),
        ("families/purchase/check.py", "import sourcing.network", "A check knows nothing"),
        ("families/purchase/check.py", "import sourcing.calendar", "A check knows nothing"),
        ("families/purchase/check.py", "import sourcing.families.purchase.algebra", "A check knows nothing"),
        ("families/purchase/algebra.py", "import sourcing.replay", "Algebra does not lean"),
        ("families/purchase/algebra.py", "import sourcing.families.stock", "Families do not know each other"),
        ("audit/stray.py", "import sourcing.families.purchase.algebra", "The audit shares no code"),
    ],
)
def test_forbidden_import_is_seen(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "sourcing", tmp_path / "sourcing", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "sourcing" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    broken = [text for text in done.stdout.splitlines() if " BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), done.stdout + done.stderr


AUDITORS = {
    "families.awards.check": (
        "network",
        "engine",
        *(f"families.tiers.{file}" for file in ("algebra", "arrays", "data")),
    ),
    "families.awards.records": ("network", "families.awards.arrays", "families.awards.algebra", "families.awards.data"),
    "families.tiers.check": ("families.tiers.algebra", "families.tiers.arrays", "families.tiers.data"),
    "replay.facts": ("network.demand", "families.awards.arrays", "families.contracts.screen"),
    "audit.run": ("engine.solve", "families.awards.algebra", "families.awards.arrays", "families.contracts.screen"),
}
"""Who checks, and what each of them must not know: the formulation, and what says something and checks nothing."""
BUILDERS = {
    "families.awards.algebra": ("replay", "audit.run", "families.awards.check", "families.awards.records"),
    "families.awards.arrays": ("replay.facts", "families.awards.records", "families.awards.check"),
}
"""Who builds, and what of the auditor's each of them must not know."""


def test_import_between_auditor_and_formulation_is_seen_by_the_names_of_the_files(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sourcing", tmp_path / "sourcing", ignore=shutil.ignore_patterns("__pycache__"))
    planted = [(one, other) for one, others in (AUDITORS | BUILDERS).items() for other in others]
    for one, other in planted:
        path = tmp_path / "sourcing" / Path(*one.split(".")).with_suffix(".py")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nimport sourcing.{other}\n")
    seen = lint_imports(tmp_path).stdout.replace("\n    ", " ")
    assert [pair for pair in planted if "sourcing.{} -> sourcing.{} ".format(*pair) not in seen] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_small_and_made_of_small_functions(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 350
    functions = (
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    sizes = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: size for name, size in sizes.items() if size > 40} == {}


def test_folders_of_files_are_no_packages() -> None:
    assert [str(path) for name in ("models", "data", "docs") for path in (ROOT / name).rglob("*.py")] == []


def test_measures_of_limits_are_named_in_the_folders_of_their_rules_alone() -> None:
    modules, names = house.modules_of(ROOT), house.measures(ROOT)
    assert {"spend", "suppliers"} < names
    naming = {each.name for each in modules if each.words & names}
    inside = {name for name in naming if name.startswith("sourcing.families.")}
    assert inside
    assert naming - inside == {"sourcing.network.counts"}  # two rules need what a number of suppliers may count
