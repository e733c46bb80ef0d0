"""What a row of conditions may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem, Suggestions, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

_OWNERS = {"offer": ("offers", "min_lot"), "process": ("processes", "min_run")}


def conditions(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a condition on what is not there, on itself, or that a gram would meet."""
    frame = tables["conditions"]
    problems = []
    for record in frame.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        if row["kind"] in _OWNERS:
            problems += [Problem("conditions", int(row["row"]), *said) for said in _said(tables, row)]
    return problems


def _said(tables: Mapping[str, pd.DataFrame], row: Mapping[str, object]) -> Iterator[tuple[str, str, str, str]]:
    kind = str(row["kind"])
    table, least = _OWNERS[kind]
    codes = tables[table][kind].tolist()
    known, near = set(codes), Suggestions(set(codes))
    for name in ("if", "then"):
        if row[name] and row[name] not in known:
            repair = near.repair(str(row[name]), f"write a {kind} of {table}.csv")
            yield name, f"{quoted(str(row[name]))} is no {kind}", repair, "DATA-138"
    if row["if"] and row["if"] == row["then"]:
        yield "then", f"{row['then']} asks for itself", f"name another {kind}, or remove the row", "DATA-138"
    lots = dict(zip(codes, tables[table][least], strict=True)) if least in tables[table] else {}
    has_lot = float(lots.get(row["then"], 0.0)) > 0
    at_least = row.get("at_least")
    if not has_lot and not (isinstance(at_least, float) and at_least > 0):
        repair = f"say from how many t it counts as used, or fill in its {least}"
        yield "at_least", f"a gram of {row['then']} would do", repair, "DATA-138"


CODES = {
    "DATA-138": "condition that names nothing, or asks for itself",
}
CHECKS = (DataCheck(("conditions", "offers", "processes"), conditions),)
