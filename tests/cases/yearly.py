"""A case of 100 t a year from one plant's own yard, for terms and limits that count the days of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builders import write_question, write_tables
from cases.chain import answer

from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from pathlib import Path

    from cases.chain import Answer

JULY = 'horizon = { start = "2027-07", periods = 2, length = "year" }\n# [horizon]\n'
SALE = {"offer": "A", "supplier": "S", "site": "P", "material": "ox"}


def yearly(folder: Path, horizon: str, **tables: list[dict[str, Any]]) -> Answer:
    """Plan 100 t of each year from 2027 to 2029 with the given offers and other tables; checkers and audit agree."""
    years = range(2027, 2030)
    own: dict[str, list[dict[str, Any]]] = {
        "materials": [{"material": "ox", "stage": "oxide"}],
        "sites": [{"site": "P", "kind": "plant", "country": "DEU"}],
        "demand": [{"site": "P", "material": "ox", "period": str(year), "quantity": 100} for year in years],
    }
    write_tables(folder / "tiny", own | tables)
    found = answer(write_question(folder, horizon))
    assert found.solution.status == "optimal"
    assert disagreements(found.facts, found.formulation, 1) == []
    assert found.verdict.findings == []
    return found
