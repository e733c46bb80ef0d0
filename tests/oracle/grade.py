"""Limits on the grade of a blend: the average of what processes take in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.network import recipe
from oracle.program import add
from oracle.tables import Row, filled, number

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.program import Terms


def grade(model: Model, row: Row, nodes: dict[int, float]) -> None:
    """Hold the average of what the processes of a site that make a material take in, tonne by tonne of what has it."""
    table, kind, value = (
        ("properties", "property", "value") if filled(row, "property") else ("contents", "element", "share")
    )
    has = {line["material"]: number(line, value) for line in model.case.rows(table) if line[kind] == row[kind]}
    blends: dict[str, Terms] = {}
    for process in model.case.rows("processes"):
        lines = recipe(model.case, process["process"])
        made = [line["material"] for line in lines if number(line, "quantity") > 0]
        if row.get("site", "") not in ("", process["site"]) or row.get("material", "") not in ("", *made):
            continue
        over = sum(
            (has[line["material"]] / number(row, "value") - 1) * -number(line, "quantity")
            for line in lines
            if number(line, "quantity") < 0 and line["material"] in has
        )
        mine = [(key, model.make[key]) for key in model.make if key[0] == process["process"]]
        terms = {column: over * nodes[n] for (_, n), column in mine if n in nodes}
        blends[process["site"]] = add(blends.get(process["site"], {}), terms)
    for terms in blends.values():
        if row.get("sense") == "min":
            model.program.row(f"limit {row['limit']}", terms, least=0.0)
        else:
            model.program.row(f"limit {row['limit']}", terms, most=0.0)
